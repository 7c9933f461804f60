// SPDX-License-Identifier: ISC
/* commands.h - the subcommands, each with its own options. The return is the status of the command. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H
#include "cli/options.h"

struct command {
    const char *name, *synopsis, *about;
    int (*run)(struct words args);
    const struct options *options;      /* NULL: none */
    bool is_internal;                   /* for generated Makefiles: not in the help */
};
extern const struct command command_configure, command_describe, command_build, command_run, command_clean, command_files, command_finish;

const char *morgana_version(void);

#endif
