// SPDX-License-Identifier: ISC
/* describe.h - shows a graph to people. */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H
#include "cli/project.h"

/* Name, target, keys, devices with their choices made, boot arguments, components. */
void describe_plan(const struct project *p, const struct plan *plan, const struct components *linked);
void describe_json(const struct project *p, const struct plan *plan, const struct components *linked);
/* The graph as Graphviz, choices unmade: boxes are devices, diamonds choices. */
void describe_dot(const struct graph *g);
/* The same, drawn. */
void describe_svg(const struct graph *g);

#endif
