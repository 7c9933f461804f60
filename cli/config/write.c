// SPDX-License-Identifier: ISC
/* write.c - writes the graph as text, for cli/graph_read.c. A line is a word and its value up to the end of
 * the line, with \n and \\ escaped; a line that begins with a blank belongs to the object above it. */
#include "base/span.h"
#include "cli/config/node.h"
#include <inttypes.h>
#include <stdio.h>

static void line(const char *word, const char *value)
{
    if (!value)
        return;
    printf("%s ", word);
    struct span text = span_of_str(value);
    for (size_t i = 0; i < text.n; i++) {
        if (span_at(text, i) == '\n')
            fputs("\\n", stdout);
        else if (span_at(text, i) == '\\')
            fputs("\\\\", stdout);
        else
            putchar(span_at(text, i));
    }
    putchar('\n');
}

static void number(const char *word, uint64_t value)
{
    printf("%s %" PRIu64 "\n", word, value);
}

static void arg_write(const struct boot_arg *a)
{
    line("arg", a->name);
    line(" kind", a->kind);
    line(" value", a->value_name);
    line(" default", a->fallback);
    line(" doc", a->doc);
    number(" line", a->line);
    number(" min", a->min);
    number(" max", a->max);
}

static void device_write(const struct node *n)
{
    static const char *const kinds[] = { [DEVICE_INTERNAL] = NULL, [DEVICE_NET] = "net", [DEVICE_BLOCK] = "block" };
    const struct device *d = &n->device;
    number("device", n->id);
    number(" line", n->line);
    line(" what", d->what);
    line(" name", d->name);
    line(" kind", kinds[d->kind]);
    line(" type", d->c_type);
    line(" header", d->header);
    line(" connect-header", d->connect_header);
    line(" component", d->component);
    line(" library", d->library);
    line(" files", d->files);
    number(" fibers", d->fibers);
    line(" connect", d->connect);
    line(" state", d->state);
    line(" init", d->init);
    line(" close", d->close);
    line(" value", d->value);
    for (size_t i = 0; d->needs[i]; i++)
        number(" needs", d->needs[i]->id);
    for (size_t i = 0; d->args[i]; i++)
        line(" arg", d->args[i]->name);
    for (size_t i = 0; d->keys[i]; i++)
        line(" key", d->keys[i]->name);
}

static void choice_write(const struct node *n)
{
    const struct choice *c = &n->choice;
    number("choice", n->id);
    number(" line", n->line);
    line(" key", c->key ? c->key->name : NULL);
    for (size_t i = 0; c->ways[i].words; i++)
        line(" when", config_text("%u %s", c->ways[i].then->id, c->ways[i].words));
    number(" else", c->otherwise->id);
}

static void key_write(const struct key *k)
{
    line("key", k->name);
    line(" kind", k->kind);
    line(" values", k->values);
    line(" default", k->fallback);
    line(" doc", k->doc);
    number(" line", k->line);
    number(" min", k->min);
    number(" max", k->max);
}

static void job_write(const struct graph *g)
{
    line("job", g->job->function);
    for (size_t i = 0; g->job->devices.node[i]; i++)
        number(" needs", g->job->devices.node[i]->id);
    for (size_t i = 0; g->job_args.arg[i]; i++)
        line(" arg", g->job_args.arg[i]->name);
}

void graph_write(const struct graph *g)
{
    line("unikernel", g->name);
    line("about", g->about);
    number("fibers", g->num_fibers);
    number("stack-bytes", g->stack_bytes);
    if (g->is_stack_said)
        line("stack-said", "yes");
    for (const struct name_list *l = g->components; l; l = l->next)
        line("uses", config_text("%u %s", l->line, l->name));
    for (const struct name_list *l = g->libraries; l; l = l->next)
        line("library", config_text("%u %s", l->line, l->name));
    for (const struct key *k = g->keys; k; k = k->next)
        key_write(k);
    for (const struct boot_arg *a = g->args; a; a = a->next)
        arg_write(a);
    for (const struct node *n = g->nodes; n; n = n->next) {
        if (n->kind == NODE_DEVICE)
            device_write(n);
        else if (n->kind == NODE_CHOICE)
            choice_write(n);
    }
    job_write(g);
}
