// SPDX-License-Identifier: ISC
/* describe_dot.c - the graph for Graphviz, and the words for its nodes. */
#include "cli/describe.h"
#include <stdio.h>

const char *choice_title(const struct node *choice)
{
    return choice->key ? text("--%s", choice->key) : "target";
}

static const char *either_of(const char *words)
{
    struct words list = words_split(words);
    return words_join(&list, " or ");
}

const char *node_title(const struct graph *g, const struct node *n)
{
    if (n->otherwise == 0)
        return n->name ? text("%s \"%s\"", n->what, n->name) : n->what;
    const char *all = "";
    for (size_t i = 0; i < n->ways.n; i++)
        all = text("%s%s where %s is %s, ", all, node_title(g, graph_node(g, AT(n->ways, i).id)), choice_title(n),
                   either_of(AT(n->ways, i).words));
    return text("(%selse %s)", all, node_title(g, graph_node(g, n->otherwise)));
}

bool ids_have(const struct ids *ids, unsigned id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (AT(*ids, i) == id)
            return true;
    return false;
}

static void take(struct ids *taken, const struct graph *g, const struct choices *made, unsigned id)
{
    const struct node *n = graph_node(g, id);
    if (ids_have(taken, id))
        return;
    ADD(taken, id);
    for (size_t i = 0; i < n->needs.n; i++)
        take(taken, g, made, AT(n->needs, i));
    if (n->otherwise != 0)
        take(taken, g, made, choice_way(g, made, n));
}

struct ids nodes_taken(const struct graph *g, const struct choices *made)
{
    struct ids taken = { 0 };
    for (size_t i = 0; !made && i < g->nodes.n; i++)
        ADD(&taken, AT(g->nodes, i)->id);
    for (size_t i = 0; made && i < g->job.needs.n; i++)
        take(&taken, g, made, AT(g->job.needs, i));
    return taken;
}

static void way(unsigned from, unsigned to, const char *label, bool is_taken)
{
    printf("  n%u -> n%u [style=%s, label=\"%s\"];\n", from, to, is_taken ? "bold" : "dotted", label);
}

static void dot_choice(const struct graph *g, const struct choices *made, const struct node *n, const char *gray)
{
    unsigned taken = made ? choice_way(g, made, n) : 0;
    printf("  n%u [shape=diamond, label=\"%s?\"%s];\n", n->id, choice_title(n), gray);
    for (size_t i = 0; i < n->ways.n; i++)
        way(n->id, AT(n->ways, i).id, AT(n->ways, i).words, AT(n->ways, i).id == taken);
    way(n->id, n->otherwise, "else", n->otherwise == taken);
}

static void dot_device(const struct node *n, const char *gray)
{
    printf("  n%u [shape=box, label=\"%s%s%s\"%s];\n", n->id, n->what, n->name ? "\\n" : "", n->name ? n->name : "", gray);
    for (size_t i = 0; i < n->needs.n; i++)
        printf("  n%u -> n%u;\n", n->id, AT(n->needs, i));
}

void describe_dot(const struct graph *g, const struct choices *made)
{
    struct ids taken = nodes_taken(g, made);
    printf("digraph \"%s\" {\n  job [shape=ellipse, label=\"%s\"];\n", g->name, g->job.what);
    for (size_t i = 0; i < g->job.needs.n; i++)
        printf("  job -> n%u;\n", AT(g->job.needs, i));
    for (size_t i = 0; i < g->nodes.n; i++) {
        const struct node *n = AT(g->nodes, i);
        const char *gray = ids_have(&taken, n->id) ? "" : ", color=gray, fontcolor=gray";
        if (n->otherwise != 0)
            dot_choice(g, made, n, gray);
        else
            dot_device(n, gray);
    }
    puts("}");
}
