// SPDX-License-Identifier: ISC
/* main.h - what the generated main.c and the runtime owe each other. */
#ifndef RUNTIME_MAIN_H
#define RUNTIME_MAIN_H
#include "base/err.h"
#include "runtime/bootarg.h"

struct unikernel {
    const char *name;
    struct bootarg_table *args;
    err (*start)(void);     /* connects the devices in order and runs the job, on the first fiber */
};
/* Defined by main.c. The runtime parses the arguments and runs start, which seeds the random generator first
 * where the image has it (lib/random); its return ends the unikernel: OK is status 0; an error is logged and
 * gives status 1. E_CANCELED after the operator asked for the end is status 0. */
extern const struct unikernel unikernel;
/* What this instance is called: --name where it was given, else the program's name. */
struct span unikernel_name(void);

#endif
