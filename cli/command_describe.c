// SPDX-License-Identifier: ISC
/* command_describe.c - morgana describe: the graph as text, Graphviz, SVG or JSON. */
#include "cli/commands.h"
#include "cli/describe.h"

static struct project_options given;
static bool wants_dot;

static const struct option options[] = {
    { 't', "target", "TARGET", "what the image is for", .value = &given.target },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" },
    { 0, "dot", NULL, "the graph for Graphviz, with all its choices", .flag = &wants_dot },
};
static const struct options table = { options, NUM_OF(options) };

static int describe(struct words args)
{
    struct project p;
    struct words operands = { 0 }, rest = { 0 };
    options_parse(&table, args, &operands, &rest, &given.keys);
    no_operands("describe", &operands);
    project_open(&p, &given);
    project_load(&p);
    if (wants_dot)
        describe_dot(p.graph);
    else
        describe_plan(&p, graph_plan(p.graph, &p.choices));
    return 0;
}

const struct command command_describe = {
    .name = "describe", .synopsis = "describe [-t TARGET] [--dot]",
    .about = "shows the devices, choices and arguments of config.c", .run = describe, .options = &table,
};
