// SPDX-License-Identifier: ISC
/* target.h - what the command must know of a target beyond its archive, its linker script and mk/target-NAME.mk: one row
 * for each. A target of the SDK that has no row is like spt. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H
#include "cli/say.h"

struct target {
    const char *name;
    const char *suffix;         /* of the image */
    const char *tender;         /* program of the SDK that runs the image; NULL: the image is a program itself */
    bool has_solo5_manifest;    /* else platform.h's */
    bool is_hosted;             /* above the host's C library, with stacks that nobody can compute */
    const char *sandbox;        /* "hypervisor" in urunc's words; NULL: urunc cannot run it */
};
/* Of a target that the SDK has (sdk_targets). */
struct target target_of(const char *name);
/* A wrong one ends the command. */
void target_check(const char *name);

#endif
