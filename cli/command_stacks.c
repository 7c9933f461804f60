// SPDX-License-Identifier: ISC
/* command_stacks.c - morgana stacks, for generated Makefiles: has the depths of the fibers' stacks computed, compares them with what
 * config.c says, or chooses. Where a call or a frame is not known (code of others without a line in stacks.list) the result
 * is a lower bound: it is said so, and the guard pages remain. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/sdk.h"
#include <stdlib.h>

enum { PAGE_BYTES = 4096, RESERVE_BYTES = 1024 };

struct depth {
    unsigned long worst_bytes;
    const char *function;           /* that needs them */
};

/* Lines "BYTES FUNCTION", the deepest first, and "worst BYTES". */
static struct depth depth_read(struct span said)
{
    struct depth d = { 0 };
    size_t blank = span_find(said, ' ');
    struct span line = span_first(said, span_find(said, '\n'));
    if (blank < line.n) {
        d.worst_bytes = strtoul(text_of_span(span_first(line, blank)), NULL, 10);
        d.function = text_of_span(span_skip(line, blank + 1));
        if (same(d.function, "runtime/main.c:run_unikernel"))
            d.function = "the job";
    }
    return d;
}

static unsigned long pages(unsigned long bytes)
{
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

static void write_header(const char *path, unsigned long stack_bytes, const struct depth *d)
{
    struct file f;
    file_remove(path);              /* make looks at its time */
    file_begin(&f, path);
    fprintf(f.to, "/* stacks.h - what a fiber's stack must hold; computed by `morgana build`. */\n#define STACK_BYTES %lu\n", stack_bytes);
    if (d->function)
        fprintf(f.to, "/* %s needs %lu */\n", d->function, d->worst_bytes);
    file_end(&f);
}

static int stacks(struct words args)
{
    struct words argv = { 0 };
    struct depth d = { 0 };
    struct span said = { 0 };
    if (args.n < 3)
        fail_usage("stacks takes the file to write, a size and how it came about");
    unsigned long bytes = strtoul(AT(args, 1), NULL, 10);
    const char *how = AT(args, 2);
    if (!same(how, "unknown")) {
        ADD(&argv, text("%s/bin/morgana-stackdepth", sdk_folder()));
        for (size_t i = 3; i < args.n; i++)
            ADD(&argv, AT(args, i));
        bool is_whole = run_quietly(&argv, &said) == 0;
        d = depth_read(said);
        if (!is_whole)
            tell("  stacks: at least %lu bytes; what calls through pointers and libraries of others may add is not known (stacks.list)",
                 d.worst_bytes);
        unsigned long needed = pages(d.worst_bytes + RESERVE_BYTES);
        if (same(how, "said") && d.worst_bytes > bytes)
            fail("%s needs %lu bytes of stack and config.c gives it %lu: write fibers(NUMBER, %lu)", d.function, d.worst_bytes,
                 bytes, needed);
        if (same(how, "computed"))
            bytes = is_whole || needed > bytes ? needed : bytes;
        if (bytes < 2 * PAGE_BYTES)
            bytes = 2 * PAGE_BYTES;
    }
    write_header(AT(args, 0), bytes, &d);
    return 0;
}

const struct command command_stacks = {
    .name = "stacks", .synopsis = "stacks HEADER BYTES HOW ...",
    .about = "computes the sizes of stacks", .run = stacks, .is_internal = true,
};
