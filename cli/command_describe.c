// SPDX-License-Identifier: ISC
/* command_describe.c - morgana describe: the graph as text, for Graphviz, SVG or JSON. */
#include "cli/commands.h"
#include "cli/describe.h"

static struct project_options given;
static bool wants_dot, wants_svg, wants_json, wants_open, wants_made;

static const struct option options[] = {
    { 't', "target", "TARGET", "what the image is for", .value = &given.target },
    { 0, "arch", "CPU", "the CPU of the image; the host's unless given", .value = &given.arch, .variable = "MORGANA_ARCH" },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" },
    { 0, "eval", NULL, "with the choices made, as they are where the folder is configured or -t is given", .flag = &wants_made },
    { 0, "no-eval", NULL, "with every way of every choice", .flag = &wants_open },
    { 0, "dot", NULL, "the graph for Graphviz, with all its choices", .flag = &wants_dot },
    { 0, "svg", NULL, "the same as a picture", .flag = &wants_svg },
    { 0, "json", NULL, "for programs", .flag = &wants_json },
};
static const struct options table = { options, NUM_OF(options) };

static int describe(struct words args)
{
    struct project p;
    struct words operands = { 0 }, rest = { 0 };
    options_parse(&table, args, &operands, &rest, &given.keys);
    if (wants_open && wants_made)
        fail_usage("describe: --eval and --no-eval contradict each other");
    project_open(&p, &given);
    project_load(&p);
    no_operands("describe", &operands);
    bool is_made = wants_made || (!wants_open && (p.is_configured || given.target || given.keys.n > 0));
    if (wants_dot || wants_svg) {
        (wants_dot ? describe_dot : describe_svg)(p.graph, is_made ? &p.choices : NULL);
        return 0;
    }
    if (!is_made && !wants_json) {
        describe_graph(&p);
        return 0;
    }
    struct plan *plan = graph_plan(p.graph, &p.choices);
    struct components linked = plan_components(plan, p.choices.target);
    (wants_json ? describe_json : describe_plan)(&p, plan, &linked);
    return 0;
}

const struct command command_describe = {
    .name = "describe", .synopsis = "describe [-t TARGET] [--no-eval] [--dot | --svg | --json]",
    .about = "shows the devices, choices and arguments of config.c", .run = describe, .options = &table,
};
