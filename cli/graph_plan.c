// SPDX-License-Identifier: ISC
/* graph_plan.c - makes the choices of a graph, orders its devices, checks names. */
#include "cli/graph.h"
#include "cli/file.h"
#include <ctype.h>

#define DEVICE_NAME_MAX 67      /* of the Solo5 manifest */

const char *identifier(const char *name)
{
    char *out = text("%s%s", isdigit((unsigned char)*name) ? "_" : "", name);
    struct mspan m = { (uint8_t *)out, strlen(out) };
    for (size_t i = 0; i < m.n; i++)
        if (!isalnum(span_at(span_of(m), i)))
            mspan_put(m, i, '_');
    return out;
}

const char *place(const char *line)
{
    return line && !same(line, "0") ? text("config.c:%s: ", line) : "";
}

const char *choices_key(const struct choices *c, const struct graph *g, const char *key)
{
    for (size_t i = 0; i < c->keys.n; i++) {
        const char *given = AT(c->keys, i);
        if (same(given, key))
            return "true";              /* --FLAG */
        if (begins(given, text("%s=", key)))
            return text_of_span(span_skip(span_of_str(given), strlen(key) + 1));
    }
    for (size_t i = 0; i < g->keys.n; i++)
        if (same(AT(g->keys, i).name, key))
            return AT(g->keys, i).fallback;
    UNREACHABLE("a choice by a key that is not declared");
}

unsigned choice_way(const struct graph *g, const struct choices *c, const struct node *n)
{
    const char *is = n->key ? choices_key(c, g, n->key) : c->target;
    for (size_t i = 0; i < n->ways.n; i++) {
        struct words words = words_split(AT(n->ways, i).words);
        if (words_have(&words, is))
            return AT(n->ways, i).id;
    }
    return n->otherwise;
}

struct node *graph_chosen(const struct graph *g, const struct choices *c, unsigned id)
{
    struct node *n = graph_node(g, id);
    while (n->otherwise != 0)
        n = graph_node(g, choice_way(g, c, n));
    return n;
}

static void name_check(const struct plan *p, const struct node *d)
{
    struct span name = span_of_str(d->name);
    bool good = name.n > 0 && name.n <= DEVICE_NAME_MAX;
    for (size_t i = 0; i < name.n; i++)
        good = good && isalnum(span_at(name, i));
    if (!good)
        fail("%sdevice \"%s\": choose a name of 1 to %d letters and digits", place(d->line), d->name, DEVICE_NAME_MAX);
    for (size_t i = 0; i < p->devices.n; i++)
        if (AT(p->devices, i)->kind && same(AT(p->devices, i)->name, d->name))
            fail("%stwo devices are called \"%s\": give one of them another name", place(d->line), d->name);
}

static const char *const standard_args[] = { "logs", "delay", "name", "help" };

static const struct boot_arg *declared_arg(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->graph->args.n; i++)
        if (same(AT(p->graph->args, i).name, name))
            return &AT(p->graph->args, i);
    UNREACHABLE("a boot argument that is not declared");
}

static const struct boot_arg *arg_add(struct plan *p, const char *name)
{
    const struct boot_arg *arg = declared_arg(p, name);
    for (size_t i = 0; i < NUM_OF(standard_args); i++)
        if (same(standard_args[i], name))
            fail("%severy unikernel has a boot argument --%s: give this one another name", place(arg->line), name);
    for (size_t i = 0; i < p->args.n; i++)
        if (same(AT(p->args, i)->name, name))
            fail("%stwo boot arguments are called --%s: give one of them another name (a stack: named_stack)", place(arg->line), name);
    ADD(&p->args, arg);
    return arg;
}

/* network, then network_2 for a second one */
static const char *variable_for(const struct plan *p, const char *what)
{
    size_t num = 1;
    for (size_t i = 0; i < p->devices.n; i++)
        num += same(AT(p->devices, i)->what, what);
    return num == 1 ? identifier(what) : text("%s_%zu", identifier(what), num);
}

static struct node *device_add(struct plan *p, const struct choices *c, unsigned id)
{
    struct node *d = graph_chosen(p->graph, c, id);
    if (d->variable)
        return d;
    if (d->is_under_way)
        fail("%sthe device %s needs itself, by way of those that it needs", place(d->line), d->what);
    d->is_under_way = true;
    for (size_t i = 0; i < d->needs.n; i++)
        ADD(&d->needed, device_add(p, c, AT(d->needs, i)));
    if (d->kind)
        name_check(p, d);
    if (d->files && !folder_exists(d->files))
        fail("%scannot read the folder %s of generic_kv_ro(\"%s\")", place(d->line), d->files, d->files);
    d->variable = variable_for(p, d->what);
    for (size_t i = 0; i < d->args.n; i++)
        (void)arg_add(p, AT(d->args, i));
    if (d->component)
        words_add_once(&p->components, d->component);
    if (d->library)
        words_add_once(&p->libraries, d->library);
    ADD(&p->devices, d);
    return d;
}

static void unikernel_name_check(const char *name)
{
    struct span s = span_of_str(name);
    bool good = s.n > 0 && isalnum(span_at(s, 0));
    for (size_t i = 0; i < s.n; i++)
        good = good && (isalnum(span_at(s, i)) || span_at(s, i) == '-' || span_at(s, i) == '_');
    if (!good)
        fail("unikernel(\"%s\"): choose a name of letters, digits, '-' and '_'", name);
}

struct plan *graph_plan(const struct graph *g, const struct choices *c)
{
    struct plan *p = NEW(struct plan);
    p->graph = g;
    p->choices = c;
    unikernel_name_check(g->name);
    for (size_t i = 0; i < g->job.needs.n; i++)
        ADD(&p->job_devices, device_add(p, c, AT(g->job.needs, i)));
    for (size_t i = 0; i < g->job.args.n; i++)
        ADD(&p->job_args, arg_add(p, AT(g->job.args, i)));
    for (size_t i = 0; i < g->uses.n; i++)
        words_add_once(&p->components, AT(g->uses, i));
    for (size_t i = 0; i < g->libraries.n; i++)
        words_add_once(&p->libraries, AT(g->libraries, i));
    return p;
}
