// SPDX-License-Identifier: ISC
/* core.h - a guest's memory and registers as an ELF core file, for gdb beside the image's symbols. */
#ifndef TENDER_CORE_H
#define TENDER_CORE_H
#include "tender/hvt_registers.h"
#include "tender/message.h"

#define CORE_NAME_BYTES 64u
struct core {
    int folder, fd;             /* -1: no dumps */
    char name[CORE_NAME_BYTES]; /* in the folder */
};
/* Makes the file now, while files can be made. */
MUST_CHECK err core_open(struct core *c, const char *folder, struct message *why);
/* signal: why it ended, as the kernel numbers it. */
MUST_CHECK err core_write(const struct core *c, struct span memory, const struct vm_registers *registers, int signal);
/* The file goes: there was nothing to dump. */
void core_discard(const struct core *c);

#endif
