// SPDX-License-Identifier: ISC
/* panic.c - our own bugs, in programs of the host. */
#include "base/panic.h"
#include <stdio.h>
#include <stdlib.h>

void panic(const char *file, int line, const char *what)
{
    fprintf(stderr, "morgana: this is a mistake of morgana itself: %s:%d: %s\n", file, line, what);
    abort();
}
