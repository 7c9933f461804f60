// SPDX-License-Identifier: ISC
/* inside.h - what the files of lib/capture share. */
#ifndef LIB_CAPTURE_INSIDE_H
#define LIB_CAPTURE_INSIDE_H
#include "lib/capture/capture.h"
#include "lib/capture/pcapng.h"

/* Capture while it is read. E_IN_USE. */
MUST_CHECK err capture_begin(struct capture *c);
void capture_end(struct capture *c);
/* The start of the file; borrowed until the next call. */
struct span capture_head(struct capture *c);
/* The next packet as a block, borrowed until the next call; false: none waits. */
MUST_CHECK bool capture_next(struct capture *c, struct span *out);

#endif
