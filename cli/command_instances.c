// SPDX-License-Identifier: ISC
/* command_instances.c - morgana ps, logs, stop: the unikernels that `run --detach` left in the background. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/instance.h"
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 100, STOP_WITHIN_MS = 5000 };

static bool is_following;
static struct words operands, rest;

static const struct option log_options[] = {
    { 'F', "follow", NULL, "go on until it ends", .flag = &is_following },
};
static const struct options no_options = { NULL, 0 }, log_table = { log_options, NUM_OF(log_options) };

static void nap(void)
{
    const struct timespec pause = { .tv_nsec = LOOK_EVERY_MS * 1000000l };
    nanosleep(&pause, NULL);
}

static struct instance one_of(struct words args, const char *command, const struct options *options)
{
    options_parse(options, args, &operands, &rest, NULL);
    if (operands.n != 1)
        fail_usage("%s takes the name of one unikernel: see morgana ps", command);
    return instance_find(AT(operands, 0));
}

static int ps(struct words args)
{
    options_parse(&no_options, args, &operands, &rest, NULL);
    no_operands("ps", &operands);
    struct words names = instance_names();
    printf("%-20s %-9s %8s  %s\n", "name", "is", "pid", "image");
    for (size_t i = 0; i < names.n; i++) {
        struct instance x = instance_find(AT(names, i));
        printf("%-20s %-9s %8s  %s\n", x.name, x.pid ? "running" : "ended", x.pid ? text("%d", x.pid) : "-", x.image);
    }
    return 0;
}

static int logs(struct words args)
{
    struct instance x = one_of(args, "logs", &log_table);
    size_t shown = 0;
    for (bool is_last = !is_following;; is_last = instance_find(x.name).pid == 0, nap()) {
        struct span all = file_read(x.log), fresh = span_skip(all, shown < all.n ? shown : all.n);
        (void)fwrite(fresh.p, 1, fresh.n, stdout);
        fflush(stdout);
        shown = all.n;
        if (is_last)
            return 0;
    }
}

static bool has_ended(const char *name)
{
    for (unsigned waited = 0; waited < STOP_WITHIN_MS; waited += LOOK_EVERY_MS, nap())
        if (instance_find(name).pid == 0)
            return true;
    return false;
}

/* The first wish is for an orderly end, the second for the end. */
static int stop(struct words args)
{
    struct instance x = one_of(args, "stop", &no_options);
    if (x.pid == 0)
        fail("%s has ended already", x.name);
    if (!action("stop %s, process %d", x.name, x.pid))
        return 0;
    kill(x.pid, SIGTERM);
    if (has_ended(x.name))
        return 0;
    kill(x.pid, SIGTERM);
    if (!has_ended(x.name))
        fail("%s does not end: kill %d", x.name, x.pid);
    tell("%s did not end in order and was ended", x.name);
    return 0;
}

const struct command command_ps = {
    .name = "ps", .synopsis = "ps", .about = "lists the unikernels in the background", .run = ps, .options = &no_options,
};
const struct command command_logs = {
    .name = "logs", .synopsis = "logs NAME [--follow]", .about = "shows what one of them wrote", .run = logs, .options = &log_table,
};
const struct command command_stop = {
    .name = "stop", .synopsis = "stop NAME", .about = "ends one of them in order", .run = stop, .options = &no_options,
};
