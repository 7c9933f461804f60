// SPDX-License-Identifier: ISC
/* bootarg.h - typed boot arguments, parsed once before the application starts. The generated main.c holds
 * the table. --help prints it and ends with status 63; a bad argument gets one line and status 64.
 *
 * Syntax: --name=VALUE, --name VALUE, -l=VALUE, -l VALUE, --flag; words are split at blanks. "..." and '...'
 * around a whole word, or a whole value behind '=', keep blanks together; there is no other escape. A value
 * that is a word of its own and begins with a dash needs the '='. "--" ends options; operands, and an
 * argument given twice, are errors. */
#ifndef RUNTIME_BOOTARG_H
#define RUNTIME_BOOTARG_H
#include "base/nanos.h"
#include "base/span.h"
#include "interface/address.h"

#define BOOTARG_STATUS_HELP 63
#define BOOTARG_STATUS_BAD 64

enum bootarg_kind {
    BOOTARG_FLAG,           /* bool, false by default */
    BOOTARG_STRING,         /* struct span */
    BOOTARG_UINT,           /* uint64_t in min..max, decimal */
    BOOTARG_IP,             /* struct ip */
    BOOTARG_PREFIX,         /* struct ip_prefix, A.B.C.D/N */
    BOOTARG_DURATION,       /* nanos; "250ms", "10s", "5m", "1h", "2d", a bare number is seconds */
    BOOTARG_LEVELS,         /* -l, --logs: applied to the log */
};
union bootarg_value {
    bool flag;
    struct span string;     /* borrowed from the command line, for good */
    uint64_t uint;
    struct ip ip;
    struct ip_prefix prefix;
    nanos duration;
};
struct bootarg {
    const char *name;       /* without dashes; "ipv4" */
    const char *section;    /* heading in --help, over this and the next arguments; NULL: "Arguments" */
    const char *value_name; /* "PORT"; NULL: the kind's own, like "ADDRESS/LENGTH" */
    const char *doc;        /* one sentence */
    const char *fallback;   /* text form of the default, parsed like a given value; NULL: required, unless a flag */
    enum bootarg_kind kind;
    uint64_t min, max;      /* BOOTARG_UINT */
    char letter;            /* 'l' for -l, or 0 */
    bool is_given;          /* filled in by the parse */
    union bootarg_value value;
};

struct bootarg_table {
    const char *program, *about;
    SLICE(struct bootarg) args;
};
/* Parses or ends the unikernel. The table and the command line are kept. */
void bootargs_parse(struct bootarg_table *table, struct span command_line);
/* The argument of this name; NULL: none. */
const struct bootarg *bootarg_find(const struct bootarg_table *table, struct span name);
/* What --help writes. */
void bootargs_help(const struct bootarg_table *table);

#endif
