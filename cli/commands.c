// SPDX-License-Identifier: ISC
/* commands.c - the subcommands that take a few lines each: configure, describe, build, clean; and for generated Makefiles,
 * files and finish. */
#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/emit.h"
#include "cli/file.h"
#include "cli/image.h"
#include "cli/project.h"
#include <dirent.h>
#include <errno.h>
#include <unistd.h>

static struct project_options given;
static bool wants_dot;
static struct words operands, rest;

#define OPTION_FILE { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config }
#define OPTION_TARGET { 't', "target", "TARGET", "what the image is for: unix, spt, virtio", .value = &given.target }
#define OPTION_OUTPUT { 'o', "output", "NAME", "the base name of the image", .value = &given.output }

static void no_operands(const char *command)
{
    if (operands.n > 0)
        fail_usage("%s: what is \"%s\"? %s takes options only", command, AT(operands, 0), command);
}

/* ---- configure */

static const struct option configure_options[] = {
    OPTION_TARGET, OPTION_FILE, OPTION_OUTPUT,
};
static const struct options configure_table = { configure_options, NUM_OF(configure_options) };

static void write_all(const struct project *p)
{
    const char *target = p->choices.target;
    struct plan *plan = graph_plan(p->graph, &p->choices);
    struct words names = { 0 };
    words_add_once(&names, "runtime");
    words_add_once(&names, "platform");
    for (size_t i = 0; i < plan->components.n; i++)
        words_add_once(&names, AT(plan->components, i));
    struct components linked = components_closure(&names, target);
    if (!same(target, "unix") && (components_have_libraries(&linked) || plan->libraries.n > 0)) {
        words_add_once(&names, "libc");     /* what archives of others expect; a unix process has the host's */
        linked = components_closure(&names, target);
    }
    folder_make(GENERATED_FOLDER);
    emit_main(plan, target, &linked);
    emit_header(plan);
    emit_manifest(plan, target);
    emit_components(&linked, morgana_version());
    for (size_t i = 0; i < plan->devices.n; i++)
        if (AT(plan->devices, i)->files)
            emit_files(AT(plan->devices, i)->files);
    emit_make(plan, target, &linked, p->config, project_image(p));
    project_remember(p, plan);
}

static int configure(struct words args)
{
    struct project p;
    options_parse(&configure_table, args, &operands, &rest, &given.keys);
    no_operands("configure");
    project_open(&p, &given);
    project_load(&p);
    write_all(&p);
    return 0;
}

const struct command command_configure = {
    "configure", "configure [-t TARGET] [-f FILE] [--KEY=VALUE]...", "generates main.c and a Makefile from config.c",
    configure, &configure_table, false,
};

/* ---- describe */

static const struct option describe_options[] = {
    OPTION_TARGET, OPTION_FILE,
    { 0, "dot", NULL, "the graph for Graphviz, with all its choices", .flag = &wants_dot },
};
static const struct options describe_table = { describe_options, NUM_OF(describe_options) };

static int describe(struct words args)
{
    struct project p;
    options_parse(&describe_table, args, &operands, &rest, &given.keys);
    no_operands("describe");
    project_open(&p, &given);
    project_load(&p);
    if (wants_dot)
        describe_dot(p.graph);
    else
        describe_plan(&p, graph_plan(p.graph, &p.choices));
    return 0;
}

const struct command command_describe = {
    "describe", "describe [-t TARGET] [--dot]", "shows the devices, choices and arguments of config.c", describe,
    &describe_table, false,
};

/* ---- build */

static const struct option build_options[] = { OPTION_FILE };
static const struct options build_table = { build_options, NUM_OF(build_options) };

static int build(struct words args)
{
    struct project p;
    options_parse(&build_table, args, &operands, &rest, NULL);
    no_operands("build");
    project_open(&p, &given);
    if (!p.is_configured)
        fail("this folder is not configured yet: morgana configure -t %s", p.choices.target);
    struct words argv = words_split("make --no-print-directory build");
    return run_program(&argv, NULL);
}

const struct command command_build = {
    "build", "build", "builds the image, as `make build` does", build, &build_table, false,
};

/* ---- clean */

/* Removes a folder whose files this command wrote. */
static void remove_folder(const char *path)
{
    DIR *d = opendir(path);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));) {
        if (same(e->d_name, ".") || same(e->d_name, ".."))
            continue;
        const char *inner = text("%s/%s", path, e->d_name);
        if (unlink(inner) != 0 && (errno == EISDIR || errno == EPERM))
            remove_folder(inner);
    }
    closedir(d);
    if (rmdir(path) != 0)
        fail("cannot remove %s: %s", path, strerror(errno));
}

static bool is_generated(const char *path)
{
    struct span bytes;
    return file_try_read(path, &bytes) && strstr((const char *)bytes.p, "Generated by `morgana configure`");
}

static int clean(struct words args)
{
    struct project p;
    options_parse(&build_table, args, &operands, &rest, NULL);
    no_operands("clean");
    project_open(&p, &given);
    if (is_generated("Makefile"))
        unlink("Makefile");
    remove_folder(GENERATED_FOLDER);
    remove_folder("dist");
    return 0;
}

const struct command command_clean = {
    "clean", "clean", "removes what configure and make wrote", clean, &build_table, false,
};

/* ---- files */

static int files(struct words args)
{
    for (size_t i = 0; i < args.n; i++)
        emit_files(AT(args, i));
    return 0;
}

/* ---- finish */

static int finish(struct words args)
{
    struct image_message why;
    if (args.n != 2)
        fail_usage("finish takes what ld made and the image to write");
    const char *image = AT(args, 1);
    if (image_finish(AT(args, 0), image, text("%s.debug", image), &why) != OK)
        fail("%s: %s", image, why.text);
    return 0;
}

const struct command command_finish = {
    "finish", "finish LINKED IMAGE", "turns what ld made into an image", finish, NULL, true,
};

const struct command command_files = {
    "files", "files FOLDER...", "brings the tables of folders up to date", files, NULL, true,
};
