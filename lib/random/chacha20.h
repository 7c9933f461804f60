// SPDX-License-Identifier: ISC
/* chacha20.h - the ChaCha20 block function (RFC 8439 section 2.3), which is all that a random generator needs. Nettle has
 * it too, but comes with the choice of CPU paths for AES and SHA: 30 KB in every image that has a network. */
#ifndef LIB_RANDOM_CHACHA20_H
#define LIB_RANDOM_CHACHA20_H
#include "base/span.h"

#define CHACHA20_KEY_BYTES 32
#define CHACHA20_NONCE_BYTES 12
#define CHACHA20_BLOCK_BYTES 64

/* The key stream's 64 bytes at `counter`. key and nonce have exactly their sizes; out may overlap neither. */
void chacha20_block(struct span key, uint32_t counter, struct span nonce, struct mspan out);

#endif
