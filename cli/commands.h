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
    void (*more_help)(void);            /* what the project at hand adds to the help; NULL: nothing */
    const char *values;                 /* of the operand, for completion, as words; NULL: none */
};
struct commands {
    const struct command *const *p;
    size_t n;
};
extern const struct commands commands;  /* all of them, in the order of the help */

extern const struct command command_build, command_clean, command_configure, command_depend, command_describe, command_files,
    command_finish, command_lock, command_package, command_query, command_run, command_size, command_stacks, command_test;

const char *morgana_version(void);
/* Runs make for the goal; its status. */
int make_goal(const char *goal);
/* Ends the command where there are operands. */
void no_operands(const char *command, const struct words *operands);

#endif
