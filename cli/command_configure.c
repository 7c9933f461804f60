// SPDX-License-Identifier: ISC
/* command_configure.c - morgana configure: generates what make needs; morgana query: shows what it would generate. */
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/file.h"
#include "cli/keys.h"
#include "cli/package.h"
#include "cli/project.h"

static struct project_options given;

#define OPTIONS_OF_PROJECT \
    { 't', "target", "TARGET", "what the image is for", .value = &given.target }, \
    { 0, "arch", "CPU", "what it is for: x86_64, aarch64 or riscv64; the host's unless given", .value = &given.arch, \
      .variable = "MORGANA_ARCH" }, \
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" }, \
    { 'o', "output", "NAME", "the base name of the image", .value = &given.output, .variable = "MORGANA_OUTPUT" }, \
    { 0, "context", "FILE", "begin with what an earlier configure remembered in FILE", .value = &given.context, \
      .variable = "MORGANA_CONTEXT" }

void write_generated(const struct project *p)
{
    const char *target = p->choices.target;
    struct plan *plan = graph_plan(p->graph, &p->choices);
    struct components linked = plan_components(plan, target);
    folder_make(GENERATED_FOLDER);
    emit_main(plan, target, &linked);
    emit_stacks(plan);
    emit_header(plan);
    emit_manifest(plan, target);
    emit_components(&linked, morgana_version());
    for (size_t i = 0; i < plan->devices.n; i++)
        if (AT(plan->devices, i)->files)
            emit_files(AT(plan->devices, i)->files);
    emit_make(plan, target, &linked, p->config, project_image(p));
    project_remember(p, plan);
}

static void open_project(struct project *p, const struct options *options, struct words args, struct words *operands)
{
    struct words rest = { 0 };
    options_parse(options, args, operands, &rest, &given.keys);
    project_open(p, &given);
    project_load(p);
}

/* ---- configure */

static const struct option configure_options[] = { OPTIONS_OF_PROJECT };
static const struct options configure_table = { configure_options, NUM_OF(configure_options) };

static int configure(struct words args)
{
    struct project p;
    struct words operands = { 0 };
    open_project(&p, &configure_table, args, &operands);
    no_operands("configure", &operands);
    write_generated(&p);
    return 0;
}

/* The keys of the config.c that is here, if one is. */
static void configure_help(void)
{
    struct project p;
    if (!file_exists(given.config ? given.config : "config.c"))
        return;
    project_open(&p, &given);
    project_load(&p);
    for (size_t i = 0; i < p.graph->keys.n; i++) {
        const struct key *k = &AT(p.graph->keys, i);
        const char *value = same(k->kind, "flag") ? "" : same(k->kind, "uint") ? "=NUMBER" : same(k->kind, "string") ? "=TEXT" : "=WORD";
        printf("%s  %-28s %s (%s)\n", i == 0 ? "\nKeys of this config.c:\n" : "", text("    --%s%s", k->name, value), k->doc,
               key_values(k));
    }
    for (size_t i = 0; i < p.graph->args.n; i++) {
        const struct boot_arg *a = &AT(p.graph->args, i);
        const char *fallback = a->fallback ? text("%s unless given", a->fallback) : same(a->kind, "flag") ? "flag" : "must be given";
        printf("%s  %-28s %s (%s)\n", i == 0 ? "\nBoot arguments of the unikernel, behind -- of `morgana run`:\n" : "",
               text("    --%s%s%s", a->name, a->value_name ? "=" : "", a->value_name ? a->value_name : ""), a->doc, fallback);
    }
}

const struct command command_configure = {
    .name = "configure", .synopsis = "configure [-t TARGET] [-f FILE] [--KEY=VALUE]...",
    .about = "generates main.c and a Makefile from config.c", .run = configure, .options = &configure_table, .more_help = configure_help,
};

/* ---- query */

static const struct option query_options[] = { OPTIONS_OF_PROJECT };
static const struct options query_table = { query_options, NUM_OF(query_options) };

static const struct {
    const char *word, *file;
} artefacts[] = {
    { "main.c", GENERATED_FOLDER "/main.c" },               { "manifest.c", GENERATED_FOLDER "/manifest.c" },
    { "components.c", GENERATED_FOLDER "/components.c" },   { "build.mk", GENERATED_FOLDER "/build.mk" },
    { "stacks.c", GENERATED_FOLDER "/stacks.c" },
    { "context", GENERATED_FOLDER "/context" },             { "Makefile", "Makefile" },
    { "files", "" },
};

static void print_words(const struct words *words)
{
    for (size_t i = 0; i < words->n; i++)
        puts(AT(*words, i));
}

static struct words component_names(const struct project *p)
{
    struct words names = { 0 };
    struct components linked = plan_components(graph_plan(p->graph, &p->choices), p->choices.target);
    for (size_t i = 0; i < linked.n; i++)
        ADD(&names, AT(linked, i).name);
    return names;
}

/* What is no file: one word or a list. false: it is none of these. */
static bool query_word(const struct project *p, const char *what)
{
    struct words list = { 0 };
    if (same(what, "name"))
        ADD(&list, p->graph->name);
    else if (same(what, "target"))
        ADD(&list, p->choices.target);
    else if (same(what, "image"))
        ADD(&list, project_image(p));
    else if (same(what, "components"))
        list = component_names(p);
    print_words(&list);
    return list.n > 0;
}

static int query(struct words args)
{
    struct project p;
    struct words operands = { 0 }, known = words_split("name target image components header");
    for (size_t i = 0; i < NUM_OF(artefacts); i++)
        ADD(&known, artefacts[i].word);
    struct words formats = words_split(package_queries);
    for (size_t i = 0; i < formats.n; i++)
        ADD(&known, AT(formats, i));
    open_project(&p, &query_table, args, &operands);
    if (operands.n != 1)
        fail_usage("query: one of %s", words_join(&known, ", "));
    const char *what = AT(operands, 0);
    if (query_word(&p, what))
        return 0;
    if (words_have(&formats, what)) {
        package_query(&p, graph_plan(p.graph, &p.choices), what);
        return 0;
    }
    if (!words_have(&known, what))
        fail("query %s: %s", what, words_hint(&known, what));
    const char *file = text(GENERATED_FOLDER "/%s.h", p.graph->name);
    for (size_t i = 0; i < NUM_OF(artefacts); i++)
        file = same(artefacts[i].word, what) ? artefacts[i].file : file;
    files_show(file);
    write_generated(&p);
    return 0;
}

const struct command command_query = {
    .name = "query", .synopsis = "query WHAT [-t TARGET] [--KEY=VALUE]...",
    .about = "prints what configure would write, and writes nothing", .run = query, .options = &query_table,
    .values = "name target image components header main.c manifest.c components.c stacks.c build.mk context Makefile files "
              "libvirt firecracker albatross urunc",
};
