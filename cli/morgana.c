// SPDX-License-Identifier: ISC
/* morgana.c - the command: finds the subcommand, by its name or an unambiguous beginning, and runs it. */
#include "cli/commands.h"
#include <stdio.h>

static int help(struct words args);
static const struct command command_help = {
    "help", "help [SUBCOMMAND]", "shows this, or the options of a subcommand", help, NULL, false,
};

static const struct command *const commands[] = {
    &command_configure, &command_describe, &command_build, &command_run, &command_clean, &command_help, &command_files, &command_finish,
};

const char *morgana_version(void)
{
    return MORGANA_VERSION;
}

static const struct command *find(const char *name)
{
    const struct command *found = NULL;
    struct words names = { 0 };
    for (size_t i = 0; i < NUM_OF(commands); i++) {
        if (same(commands[i]->name, name))
            return commands[i];
        if (commands[i]->is_internal)
            continue;
        ADD(&names, commands[i]->name);
        if (begins(commands[i]->name, name)) {
            if (found)
                fail_usage("%s can be %s or %s: write more of it", name, found->name, commands[i]->name);
            found = commands[i];
        }
    }
    if (!found)
        fail_usage("there is no subcommand %s: %s", name, words_hint(&names, name));
    return found;
}

static int help_all(void)
{
    puts("morgana - builds unikernels in C\n");
    for (size_t i = 0; i < NUM_OF(commands); i++)
        if (!commands[i]->is_internal)
            printf("  morgana %-58s %s\n", commands[i]->synopsis, commands[i]->about);
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
    }
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
