// SPDX-License-Identifier: ISC
/* host.h - what differs from one host system to the next: kept by one file for each, host_SYSTEM.c. */
#ifndef CLI_HOST_H
#define CLI_HOST_H
#include "cli/say.h"
#include <sys/stat.h>

/* The path of this program. NULL: not known. */
const char *own_program(void);
/* false: the system gives no random numbers; errno says why. */
MUST_CHECK bool host_random(struct mspan out);
/* When the file was changed last. */
uint64_t host_modified_ns(const struct stat *s);

#endif
