// SPDX-License-Identifier: ISC
/* describe.c - morgana describe. */
#include "cli/describe.h"
#include "cli/origin.h"
#include "cli/sdk.h"
#include <stdio.h>

static void keys(const struct project *p)
{
    for (size_t i = 0; i < p->graph->keys.n; i++) {
        const struct key *k = &AT(p->graph->keys, i);
        const char *value = choices_key(&p->choices, p->graph, k->name);
        struct words values = words_split(k->values);
        printf("key        --%s=%s%s    %s (%s)\n", k->name, value, same(value, AT(values, 0)) ? " (default)" : "", k->doc,
               words_join(&values, ", "));
    }
}

static void device(const struct node *d)
{
    printf("device     %s", d->variable);
    if (d->name)
        printf(" \"%s\"", d->name);
    for (size_t i = 0; i < d->needed.n; i++)
        printf("%s%s", i == 0 ? " on " : ", ", AT(d->needed, i)->variable);
    if (d->component)
        printf(" (%s)", d->component);
    putchar('\n');
}

static void licenses(const struct components *linked)
{
    for (size_t i = 0; i < linked->n; i++) {
        const struct component *c = &AT(*linked, i);
        printf("%s%s (%s)", i == 0 ? "components " : ", ", c->name, component_license(c));
    }
    putchar('\n');
    for (size_t i = 0; i < linked->n; i++) {
        const struct words *libraries = &AT(*linked, i).libraries;
        for (size_t j = 0; j < libraries->n; j++)
            printf("package    %s (%s), for %s\n", AT(*libraries, j), license_of(text("lib%s", AT(*libraries, j))), AT(*linked, i).name);
    }
}

void describe_plan(const struct project *p, const struct plan *plan, const struct components *linked)
{
    printf("unikernel  %s%s%s\n", p->graph->name, p->graph->about ? ": " : "", p->graph->about ? p->graph->about : "");
    printf("target     %s%s\n", p->choices.target, p->is_configured ? "" : " (not yet configured)");
    keys(p);
    for (size_t i = 0; i < plan->devices.n; i++)
        device(AT(plan->devices, i));
    printf("job        %s(", p->graph->job.what);
    for (size_t i = 0; i < plan->job_devices.n; i++)
        printf("%s%s", i > 0 ? ", " : "", AT(plan->job_devices, i)->variable);
    puts(")");
    for (size_t i = 0; i < plan->args.n; i++) {
        const struct boot_arg *a = AT(plan->args, i);
        printf("argument   --%s%s%s    %s\n", a->name, a->fallback ? "=" : "", a->fallback ? a->fallback : "", a->doc);
    }
    licenses(linked);
    if (plan->libraries.n > 0)
        printf("libraries  %s\n", words_join(&plan->libraries, " "));
}

static void dot_node(const struct node *n)
{
    if (n->then != 0) {
        const char *question = n->target ? text("target: %s?", n->target) : text("%s = %s?", n->key, n->value);
        printf("  n%u [shape=diamond, label=\"%s\"];\n", n->id, question);
        printf("  n%u -> n%u [style=dotted, label=\"yes\"];\n  n%u -> n%u [style=dotted, label=\"no\"];\n", n->id, n->then, n->id,
               n->otherwise);
        return;
    }
    printf("  n%u [shape=box, label=\"%s%s%s\"];\n", n->id, n->what, n->name ? "\\n" : "", n->name ? n->name : "");
    for (size_t i = 0; i < n->needs.n; i++)
        printf("  n%u -> n%u;\n", n->id, AT(n->needs, i));
}

void describe_dot(const struct graph *g)
{
    printf("digraph \"%s\" {\n  job [shape=ellipse, label=\"%s\"];\n", g->name, g->job.what);
    for (size_t i = 0; i < g->job.needs.n; i++)
        printf("  job -> n%u;\n", AT(g->job.needs, i));
    for (size_t i = 0; i < g->nodes.n; i++)
        dot_node(AT(g->nodes, i));
    puts("}");
}
