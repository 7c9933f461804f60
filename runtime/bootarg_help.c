// SPDX-License-Identifier: ISC
/* bootarg_help.c - what --help writes: the arguments under their headings, each with its kind of value, its
 * default and its sentence, in two columns. */
#include "base/checked.h"
#include "platform/platform.h"
#include "runtime/bootarg.h"
#include "runtime/log.h"

enum { COLUMN_MAX = 38 };           /* a wider left side has a line of its own */

static const char *value_name(const struct bootarg *a)
{
    static const char *const names[] = {
        [BOOTARG_STRING] = "TEXT", [BOOTARG_UINT] = "NUMBER", [BOOTARG_IP] = "ADDRESS", [BOOTARG_PREFIX] = "ADDRESS/LENGTH",
        [BOOTARG_DURATION] = "DURATION", [BOOTARG_LEVELS] = "LEVELS",
    };
    return a->value_name ? a->value_name : names[a->kind];
}
/* "  -l, --logs=LEVELS" */
static void left_column(struct wr *w, const struct bootarg *a)
{
    if (a->letter != 0)
        format(w, "  -%c, --%s", a->letter, a->name);
    else
        format(w, "      --%s", a->name);
    if (a->kind != BOOTARG_FLAG)
        format(w, "=%s", value_name(a));
}
static size_t written(const struct wr *w)
{
    return w->all.n - w->room.n;
}
static size_t column_of(const struct bootarg_table *table)
{
    size_t column = sizeof "  -h, --help" + 1;
    for (size_t i = 0; i < table->args.n; i++) {
        uint8_t left[COLUMN_MAX];
        struct wr w = wr_of(MSPAN(left));
        left_column(&w, &AT(table->args, i));
        if (written(&w) + 2 <= COLUMN_MAX)
            column = size_max(column, written(&w) + 2);
    }
    return column;
}
/* " (1 to 65535, default 443)" */
static void remark(struct wr *w, const struct bootarg *a)
{
    format(w, " (");
    if (a->kind == BOOTARG_UINT && a->max < UINT64_MAX)
        format(w, "%llu to %llu, ", (unsigned long long)a->min, (unsigned long long)a->max);
    if (!a->fallback)
        format(w, "required)");
    else if (span_of_str(a->fallback).n == 0)
        format(w, "default empty)");
    else
        format(w, "default %s)", a->fallback);
}
static void help_line(const struct bootarg *a, size_t column)
{
    uint8_t line[PRINT_BYTES];
    struct wr w = wr_of(mspan_first(MSPAN(line), sizeof line - 1));
    left_column(&w, a);
    size_t have = written(&w);
    if (have + 2 > column) {
        format(&w, "\n");
        have = 0;
    }
    for (; have < column; have++)
        format(&w, " ");
    format(&w, "%s", a->doc);
    if (a->kind != BOOTARG_FLAG)
        remark(&w, a);
    mspan_put(MSPAN(line), written(&w), '\n');
    platform_console_write(span_first(SPAN(line), written(&w) + 1));
}
static const char *section_of(const struct bootarg *a)
{
    return a->section ? a->section : "Arguments";
}
void bootargs_help(const struct bootarg_table *table)
{
    size_t column = column_of(table);
    const char *section = "";
    print("%s - %s\n\nUsage: %s [--ARGUMENT=VALUE | --FLAG]...\n", table->program, table->about, table->program);
    for (size_t i = 0; i < table->args.n; i++) {
        const struct bootarg *a = &AT(table->args, i);
        if (!span_eq(span_of_str(section), span_of_str(section_of(a)))) {
            section = section_of(a);
            print("\n%s:\n", section);
        }
        help_line(a, column);
    }
    help_line(&(struct bootarg){ .name = "help", .letter = 'h', .kind = BOOTARG_FLAG, .doc = "show this and end" }, column);
}
