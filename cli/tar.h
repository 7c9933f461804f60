// SPDX-License-Identifier: ISC
/* tar.h - writes POSIX archives (ustar, POSIX.1-1988). Owner, time and order are fixed, so that equal files give equal
 * archives. Names are up to 99 bytes. */
#ifndef CLI_TAR_H
#define CLI_TAR_H
#include "cli/say.h"
#include <stdio.h>

void tar_folder(FILE *to, const char *name);
void tar_file(FILE *to, const char *name, unsigned mode, struct span bytes);
void tar_end(FILE *to);

#endif
