// SPDX-License-Identifier: ISC
/* options.h - the options of a subcommand: a table that is parsed and printed. Forms: -t VALUE, --target VALUE,
 * --target=VALUE; names may be shortened while they are unambiguous. "--" ends the options. Every subcommand knows
 * --dry-run, -v, -q and --color besides its own. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H
#include "cli/say.h"

struct option {
    char letter;                /* 0: none */
    const char *name;
    const char *value_name;     /* NULL: a flag */
    const char *doc;
    bool *flag;                 /* where it goes: one of these three */
    const char **value;
    struct words *values;       /* may be given more than once */
    const char *variable;       /* of the environment: the default of a value; NULL: none */
};
struct options {
    const struct option *p;
    size_t n;
};
/* Those of every subcommand: they set `manner`. */
extern const struct options options_common;
/* What is no option goes to operands, what follows "--" to rest. others: where not NULL, unknown "--X" and "--X=Y" are
 * collected there instead of being refused. */
void options_parse(const struct options *options, struct words args, struct words *operands, struct words *rest,
                   struct words *others);
void options_print(const struct options *options);

#endif
