// SPDX-License-Identifier: ISC
/* graph_read.c - reads the graph that a compiled config.c writes (cli/config/write.c). */
#include "cli/graph.h"
#include <stdlib.h>

struct line {
    bool is_inner;          /* belongs to the object above */
    const char *word, *value;
};

static char *unescaped(struct span s)
{
    char *out = new_bytes(s.n + 1);
    struct mspan room = { (uint8_t *)out, s.n };
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++, n++) {
        uint8_t c = span_at(s, i);
        if (c == '\\' && i + 1 < s.n) {
            c = span_at(s, ++i);
            c = c == 'n' ? '\n' : c;
        }
        mspan_put(room, n, c);
    }
    return out;
}

static bool next_line(struct span *left, struct line *out)
{
    if (left->n == 0)
        return false;
    size_t n = span_find(*left, '\n');
    struct span line = span_first(*left, n);
    *left = span_skip(*left, n + 1);
    out->is_inner = span_starts(line, TEXT(" "));
    line = span_skip(line, out->is_inner ? 1 : 0);
    size_t word = span_find(line, ' ');
    out->word = text_of_span(span_first(line, word));
    out->value = unescaped(span_skip(line, word + 1));
    return true;
}

static unsigned id_of(const char *value)
{
    return (unsigned)strtoul(value, NULL, 10);
}

static void boot_arg_line(struct boot_arg *a, const struct line *l)
{
    const struct { const char *word, **to; } fields[] = {
        { "kind", &a->kind }, { "value", &a->value_name }, { "default", &a->fallback },
        { "doc", &a->doc }, { "line", &a->line }, { "min", &a->min }, { "max", &a->max },
    };
    for (size_t i = 0; i < NUM_OF(fields); i++)
        if (same(l->word, fields[i].word))
            *fields[i].to = l->value;
}

static void key_line(struct key *k, const struct line *l)
{
    const struct { const char *word, **to; } fields[] = {
        { "kind", &k->kind }, { "values", &k->values }, { "default", &k->fallback },
        { "doc", &k->doc }, { "line", &k->line }, { "min", &k->min }, { "max", &k->max },
    };
    for (size_t i = 0; i < NUM_OF(fields); i++)
        if (same(l->word, fields[i].word))
            *fields[i].to = l->value;
}

/* "ID WORDS" */
static struct way way_of(const char *value)
{
    struct span s = span_of_str(value);
    return (struct way){ .id = id_of(value), .words = text_of_span(span_skip(s, span_find(s, ' ') + 1)) };
}

static void node_line(struct node *n, const struct line *l)
{
    const struct { const char *word, **to; } fields[] = {
        { "line", &n->line }, { "what", &n->what }, { "name", &n->name }, { "kind", &n->kind }, { "type", &n->c_type },
        { "header", &n->header }, { "connect-header", &n->connect_header }, { "component", &n->component },
        { "library", &n->library }, { "files", &n->files }, { "connect", &n->connect },
        { "state", &n->state }, { "init", &n->init }, { "close", &n->close }, { "fibers", &n->fibers },
        { "value", &n->value }, { "key", &n->key },
    };
    for (size_t i = 0; i < NUM_OF(fields); i++)
        if (same(l->word, fields[i].word))
            *fields[i].to = l->value;
    if (same(l->word, "needs"))
        ADD(&n->needs, id_of(l->value));
    else if (same(l->word, "arg"))
        ADD(&n->args, l->value);
    else if (same(l->word, "key"))
        ADD(&n->keys, l->value);
    else if (same(l->word, "when"))
        ADD(&n->ways, way_of(l->value));
    else if (same(l->word, "else"))
        n->otherwise = id_of(l->value);
}

static struct node *node_add(struct graph *g, unsigned id)
{
    struct node *n = NEW(struct node);
    n->id = id;
    ADD(&g->nodes, n);
    return n;
}

/* "LINE NAME" */
static void placed_line(struct words *names, struct words *lines, const char *value)
{
    struct span s = span_of_str(value);
    size_t blank = span_find(s, ' ');
    ADD(lines, text_of_span(span_first(s, blank)));
    ADD(names, text_of_span(span_skip(s, blank + 1)));
}

static void graph_line(struct graph *g, const struct line *l)
{
    const struct { const char *word, **to; } fields[] = {
        { "unikernel", &g->name }, { "about", &g->about }, { "fibers", &g->num_fibers }, { "stack-bytes", &g->stack_bytes },
        { "stack-said", &g->stack_said },
    };
    for (size_t i = 0; i < NUM_OF(fields); i++)
        if (same(l->word, fields[i].word))
            *fields[i].to = l->value;
    if (same(l->word, "uses"))
        placed_line(&g->uses, &g->use_lines, l->value);
    else if (same(l->word, "library"))
        placed_line(&g->libraries, &g->library_lines, l->value);
}

struct graph *graph_read(struct span written)
{
    struct graph *g = NEW(struct graph);
    struct node *node = NULL;
    const char *object = "";
    for (struct line l; next_line(&written, &l);) {
        if (l.is_inner && same(object, "arg")) {
            boot_arg_line(&AT(g->args, g->args.n - 1), &l);
        } else if (l.is_inner && same(object, "key")) {
            key_line(&AT(g->keys, g->keys.n - 1), &l);
        } else if (l.is_inner && node) {
            node_line(node, &l);
        } else {
            object = l.word;
            node = NULL;
            if (same(object, "arg"))
                ADD(&g->args, (struct boot_arg){ .name = l.value });
            else if (same(object, "key"))
                ADD(&g->keys, (struct key){ .name = l.value });
            else if (same(object, "device") || same(object, "choice"))
                node = node_add(g, id_of(l.value));
            else if (same(object, "job"))
                *(node = &g->job) = (struct node){ .what = l.value };
            else
                graph_line(g, &l);
        }
    }
    REQUIRE(g->name && g->job.what);
    return g;
}

struct node *graph_node(const struct graph *g, unsigned id)
{
    for (size_t i = 0; i < g->nodes.n; i++)
        if (AT(g->nodes, i)->id == id)
            return AT(g->nodes, i);
    UNREACHABLE("the graph names a node that it does not have");
}
