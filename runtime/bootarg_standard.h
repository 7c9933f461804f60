// SPDX-License-Identifier: ISC
/* bootarg_standard.h - the boot arguments that every unikernel has, as entries for the table in main.c:
 *
 *     static struct bootarg args[] = { { .name = "port", ... }, BOOTARG_STANDARD };
 *
 * --logs is applied by the parse, --delay before the start; --name is what unikernel_name() (runtime/main.h) returns. */
#ifndef RUNTIME_BOOTARG_STANDARD_H
#define RUNTIME_BOOTARG_STANDARD_H
#include "runtime/bootarg.h"

#define BOOTARG_STANDARD_SECTION "Arguments of every unikernel"

#define BOOTARG_STANDARD_LOGS                                                                       \
    { .name = "logs", .letter = 'l', .kind = BOOTARG_LEVELS, .section = BOOTARG_STANDARD_SECTION,   \
      .value_name = "[SOURCE:]LEVEL,...", .fallback = "*:info",                                     \
      .doc = "what is logged: quiet, app, error, warning, info or debug, for a source or for all" }
#define BOOTARG_STANDARD_DELAY                                                                      \
    { .name = "delay", .kind = BOOTARG_DURATION, .section = BOOTARG_STANDARD_SECTION,               \
      .fallback = "0s", .doc = "wait this long before the start" }
#define BOOTARG_STANDARD_NAME                                                                       \
    { .name = "name", .kind = BOOTARG_STRING, .section = BOOTARG_STANDARD_SECTION,                  \
      .value_name = "NAME", .fallback = "", .doc = "name of this instance; empty is the program's" }

#define BOOTARG_STANDARD BOOTARG_STANDARD_LOGS, BOOTARG_STANDARD_DELAY, BOOTARG_STANDARD_NAME
#define BOOTARG_STANDARD_NUM 3

#endif
