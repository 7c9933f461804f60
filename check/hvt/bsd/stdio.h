// SPDX-License-Identifier: ISC
/* stdio.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_STDIO_H
#define BSD_STDIO_H
#include <stdarg.h>
#include <stddef.h>
int vsnprintf(char *, size_t, const char *, va_list);
#endif
