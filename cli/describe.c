// SPDX-License-Identifier: ISC
/* describe.c - morgana describe. */
#include "cli/describe.h"
#include "cli/keys.h"
#include "cli/origin.h"
#include "cli/sdk.h"
#include <stdio.h>

static void keys(const struct project *p)
{
    for (size_t i = 0; i < p->graph->keys.n; i++) {
        const struct key *k = &AT(p->graph->keys, i);
        const char *value = choices_key(&p->choices, p->graph, k->name);
        printf("key        --%s=%s%s    %s (%s)\n", k->name, value, same(value, k->fallback) ? " (default)" : "", k->doc, key_values(k));
    }
}

static void arguments(const struct boot_arg *const *args, size_t n)
{
    SLICE(const struct boot_arg *const) all = { args, n };
    for (size_t i = 0; i < all.n; i++) {
        const struct boot_arg *a = AT(all, i);
        printf("argument   --%s%s%s    %s\n", a->name, a->fallback ? "=" : "", a->fallback ? a->fallback : "", a->doc);
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
    printf("target     %s%s%s\n", p->choices.target, p->arch ? text(" on %s", p->arch) : "",
           p->is_configured ? "" : " (not yet configured)");
    keys(p);
    for (size_t i = 0; i < plan->devices.n; i++)
        device(AT(plan->devices, i));
    printf("job        %s(", p->graph->job.what);
    for (size_t i = 0; i < plan->job_devices.n; i++)
        printf("%s%s", i > 0 ? ", " : "", AT(plan->job_devices, i)->variable);
    puts(")");
    arguments(plan->args.p, plan->args.n);
    licenses(linked);
    if (plan->libraries.n > 0)
        printf("libraries  %s\n", words_join(&plan->libraries, " "));
}

/* ---- Choices that are open */

void describe_graph(const struct project *p)
{
    const struct graph *g = p->graph;
    printf("unikernel  %s%s%s\ntarget     %s\n", g->name, g->about ? ": " : "", g->about ? g->about : "",
           "not yet chosen: the choices below are open");
    keys(p);
    for (size_t i = 0; i < g->nodes.n; i++) {
        const struct node *n = AT(g->nodes, i);
        if (n->otherwise != 0) {
            printf("choice     by %s: %s\n", choice_title(n), node_title(g, n));
            continue;
        }
        printf("device     %s", node_title(g, n));
        for (size_t k = 0; k < n->needs.n; k++)
            printf("%s%s", k == 0 ? " on " : ", ", node_title(g, graph_node(g, AT(n->needs, k))));
        putchar('\n');
    }
    printf("job        %s(", g->job.what);
    for (size_t i = 0; i < g->job.needs.n; i++)
        printf("%s%s", i > 0 ? ", " : "", node_title(g, graph_node(g, AT(g->job.needs, i))));
    puts(")");
    for (size_t i = 0; i < g->args.n; i++) {
        const struct boot_arg *a = &AT(g->args, i);
        arguments(&a, 1);
    }
}
