// SPDX-License-Identifier: ISC
/* morgana.c - the command: finds the subcommand, by its name or an unambiguous beginning, and runs it. */
#include "cli/commands.h"
#include <stdio.h>

static int help(struct words args);
static const struct command command_help = {
    .name = "help", .synopsis = "help [SUBCOMMAND]",
    .about = "shows this, or the options of a subcommand", .run = help,
};

static const struct command *const table[] = {
    &command_configure, &command_describe, &command_query, &command_depend, &command_build, &command_run, &command_test,
    &command_size, &command_package, &command_lock, &command_clean, &command_help, &command_files, &command_finish, &command_stacks,
};
const struct commands commands = { table, NUM_OF(table) };

void no_operands(const char *command, const struct words *operands)
{
    if (operands->n > 0)
        fail_usage("%s: what is \"%s\"? %s takes options only", command, AT(*operands, 0), command);
}

const char *morgana_version(void)
{
    return MORGANA_VERSION;
}

static const struct command *find(const char *name)
{
    const struct command *found = NULL;
    struct words names = { 0 };
    for (size_t i = 0; i < commands.n; i++) {
        if (same(AT(commands, i)->name, name))
            return AT(commands, i);
        if (AT(commands, i)->is_internal)
            continue;
        ADD(&names, AT(commands, i)->name);
        if (begins(AT(commands, i)->name, name)) {
            if (found)
                fail_usage("%s can be %s or %s: write more of it", name, found->name, AT(commands, i)->name);
            found = AT(commands, i);
        }
    }
    if (!found)
        fail_usage("there is no subcommand %s: %s", name, words_hint(&names, name));
    return found;
}

static int help_all(void)
{
    puts("morgana - builds unikernels in C\n");
    for (size_t i = 0; i < commands.n; i++)
        if (!AT(commands, i)->is_internal)
            printf("  morgana %-58s %s\n", AT(commands, i)->synopsis, AT(commands, i)->about);
    puts("\nA project is a folder with a config.c, which says what the unikernel is made of, and its sources.\n"
         "`morgana help SUBCOMMAND` shows the options; names may be shortened while they are unambiguous.");
    return 0;
}

static int help(struct words args)
{
    if (args.n == 0)
        return help_all();
    const struct command *c = find(AT(args, 0));
    printf("morgana %s\n  %s\n", c->synopsis, c->about);
    if (c->options) {
        putchar('\n');
        options_print(c->options);
        puts("\nEvery subcommand has:");
        options_print(&options_common);
    }
    if (c->more_help)
        c->more_help();
    return 0;
}

int main(int argc, char **argv)
{
    struct words all = { (const char **)(uintptr_t)argv, (size_t)argc };
    struct words args = { 0 };
    for (size_t i = 2; i < all.n; i++)
        ADD(&args, AT(all, i));
    if (all.n < 2 || same(AT(all, 1), "--help") || same(AT(all, 1), "-h"))
        return help_all();
    if (same(AT(all, 1), "--version"))
        return printf("morgana %s\n", MORGANA_VERSION) < 0;
    const struct command *c = find(AT(all, 1));
    if (args.n == 1 && same(AT(args, 0), "--help")) {
        struct words name = { 0 };
        ADD(&name, c->name);
        return help(name);
    }
    return c->run(args);
}
