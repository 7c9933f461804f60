// SPDX-License-Identifier: ISC
/* describe_json.c - the same as describe says, for programs. */
#include "cli/describe.h"
#include "cli/json.h"
#include "cli/origin.h"

static void keys(struct json *j, const struct project *p)
{
    json_open(j, "keys", '[');
    for (size_t i = 0; i < p->graph->keys.n; i++) {
        const struct key *k = &AT(p->graph->keys, i);
        struct words values = words_split(k->values ? k->values : "");
        json_open(j, NULL, '{');
        json_string(j, "name", k->name);
        json_string(j, "type", k->kind);
        json_string(j, "value", choices_key(&p->choices, p->graph, k->name));
        json_string(j, "default", k->fallback);
        json_words(j, "values", &values);
        json_string(j, "doc", k->doc);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void choices(struct json *j, const struct project *p)
{
    const struct graph *g = p->graph;
    json_open(j, "choices", '[');
    for (size_t i = 0; i < g->nodes.n; i++) {
        const struct node *n = AT(g->nodes, i);
        if (n->otherwise == 0)
            continue;
        json_open(j, NULL, '{');
        json_string(j, "by", n->key ? "key" : "target");
        json_string(j, "key", n->key);
        json_open(j, "ways", '[');
        for (size_t k = 0; k < n->ways.n; k++) {
            struct words where = words_split(AT(n->ways, k).words);
            json_open(j, NULL, '{');
            json_words(j, "where", &where);
            json_string(j, "then", node_title(g, graph_node(g, AT(n->ways, k).id)));
            json_close(j, '}');
        }
        json_close(j, ']');
        json_string(j, "else", node_title(g, graph_node(g, n->otherwise)));
        json_string(j, "taken", node_title(g, graph_node(g, choice_way(g, &p->choices, n))));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static struct words variables(struct node *const *nodes, size_t n)
{
    SLICE(struct node *const) list = { nodes, n };
    struct words names = { 0 };
    for (size_t i = 0; i < list.n; i++)
        ADD(&names, AT(list, i)->variable);
    return names;
}

static void devices(struct json *j, const struct plan *plan)
{
    json_open(j, "devices", '[');
    for (size_t i = 0; i < plan->devices.n; i++) {
        const struct node *d = AT(plan->devices, i);
        struct words needs = variables(d->needed.p, d->needed.n);
        json_open(j, NULL, '{');
        json_string(j, "id", d->variable);
        json_string(j, "what", d->what);
        json_string(j, "name", d->name);
        json_string(j, "kind", d->kind);
        json_string(j, "component", d->component);
        json_words(j, "needs", &needs);
        json_words(j, "arguments", &d->args);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void arguments(struct json *j, const struct plan *plan)
{
    json_open(j, "arguments", '[');
    for (size_t i = 0; i < plan->args.n; i++) {
        const struct boot_arg *a = AT(plan->args, i);
        json_open(j, NULL, '{');
        json_string(j, "name", a->name);
        json_string(j, "type", a->kind);
        json_string(j, "default", a->fallback);
        json_string(j, "doc", a->doc);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void components(struct json *j, const struct components *linked)
{
    json_open(j, "components", '[');
    for (size_t i = 0; i < linked->n; i++) {
        const struct component *c = &AT(*linked, i);
        json_open(j, NULL, '{');
        json_string(j, "name", c->name);
        json_string(j, "kind", c->kind);
        json_string(j, "license", component_license(c));
        json_words(j, "libraries", &c->libraries);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void describe_json(const struct project *p, const struct plan *plan, const struct components *linked)
{
    struct json j = { .to = stdout };
    struct words job = variables(plan->job_devices.p, plan->job_devices.n);
    json_open(&j, NULL, '{');
    json_string(&j, "unikernel", p->graph->name);
    json_string(&j, "about", p->graph->about);
    json_string(&j, "target", p->choices.target);
    json_string(&j, "arch", sdk_arch());
    keys(&j, p);
    choices(&j, p);
    devices(&j, plan);
    json_open(&j, "job", '{');
    json_string(&j, "function", p->graph->job.what);
    json_words(&j, "needs", &job);
    json_close(&j, '}');
    arguments(&j, plan);
    components(&j, linked);
    json_close(&j, '}');
}
