// SPDX-License-Identifier: ISC
/* image.h - the finisher: turns ld's output into the image that tenders load. It makes every guard page of the fiber
 * stacks (the pool that symbol `platform_stack_pool` describes) a segment without any right (but for hvt, whose
 * images have page tables of their own and say where they hold addresses instead, so that they can be loaded anywhere), packs the
 * segments without page padding, drops what no tender reads, and checks on the way that the image keeps Solo5's loading rules.
 *
 * Input is an ELF64 executable of Morgana's linker scripts; anything else is refused with a line that says why. */
#ifndef CLI_IMAGE_H
#define CLI_IMAGE_H
#include "base/err.h"
#include "base/span.h"

struct image_message {
    char text[200];             /* one line, without a newline; empty on success */
};

/* An image is never longer than what was linked and this. */
#define IMAGE_HEADERS_MAX (64u + 65535u * 56u + 65536u + 65600u)

/* Writes the image to out. E_INVALID: `linked` breaks a rule; E_RANGE: the image does not fit out. */
MUST_CHECK err image_layout(struct span linked, struct mspan out, size_t *num_bytes, struct image_message *why);
/* The same with files: reads linked_path, writes image_path (stripped) and debug_path, the linked
 * file with its symbols. Nothing is left at image_path on failure. E_IO: a file cannot be read or written. */
MUST_CHECK err image_finish(const char *linked_path, const char *image_path, const char *debug_path,
                            struct image_message *why);

#endif
