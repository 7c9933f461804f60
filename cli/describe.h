// SPDX-License-Identifier: ISC
/* describe.h - shows a graph to people. */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H
#include "cli/project.h"

/* Name, target, keys, devices with their choices made, boot arguments, components. */
void describe_plan(const struct project *p, const struct plan *plan, const struct components *linked);
/* The same with every choice open: all its ways are shown. */
void describe_graph(const struct project *p);
void describe_json(const struct project *p, const struct plan *plan, const struct components *linked);
/* The graph as Graphviz: boxes are devices, diamonds choices, with all their ways. made: where not NULL, the way that is taken
 * is bold, and what is left out is gray. */
void describe_dot(const struct graph *g, const struct choices *made);
/* The same, drawn. */
void describe_svg(const struct graph *g, const struct choices *made);

/* "target" or "--pages" */
const char *choice_title(const struct node *choice);
/* `files "large"`; of a choice, all its ways: `(files "large" where --pages is large, else files "small")`. */
const char *node_title(const struct graph *g, const struct node *n);
/* The devices that are left once the choices are made; with NULL, all. */
struct ids nodes_taken(const struct graph *g, const struct choices *made);
bool ids_have(const struct ids *ids, unsigned id);

#endif
