// SPDX-License-Identifier: ISC
/* relocations.h - the places in an image that hold addresses of its own, from the relocations that ld --emit-relocs left in
 * what it linked (ELF-64, section 5.5; psABI of x86-64, table 4.9; ELF for the Arm 64-bit architecture, section 5.7). */
#ifndef CLI_RELOCATIONS_H
#define CLI_RELOCATIONS_H
#include "base/err.h"
#include "base/writer.h"
#include "cli/elf.h"

/* Writes the note of abi/relocation.h. E_UNSUPPORTED: there are none, or some of a kind that does not let the image move, or more than
 * the note may have; nothing of use is written then. E_INVALID: the file contradicts itself. */
MUST_CHECK err relocations_write(const struct elf *e, struct wr *w);

#endif
