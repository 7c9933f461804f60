// SPDX-License-Identifier: ISC
/* graph.c - the functions of config.h that build the graph, and the program that config.c becomes. */
#include "base/span.h"
#include "cli/config/node.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct graph graph = { .num_fibers = 7, .stack_bytes = 32768 };

/* Calls in config.c stand inside each other; one inside has more to say than the one around it, unless it has returned. */
enum { LINES_MAX = 64 };
static unsigned lines[LINES_MAX];
static size_t num_lines;

void line_enter_(unsigned line)
{
    if (num_lines < LINES_MAX)
        lines[num_lines] = line;
    num_lines++;
}

void line_leave_(void)
{
    num_lines--;
}

unsigned config_line(void)
{
    return num_lines == 0 || num_lines > LINES_MAX ? 0 : lines[num_lines - 1];
}

void config_wrong(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (config_line() > 0)
        fprintf(stderr, "morgana: config.c:%u: ", config_line());
    else
        fputs("morgana: config.c: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void *config_new(size_t num_bytes)
{
    void *p = calloc(1, num_bytes);
    if (!p)
        config_wrong("no memory is left for the graph");
    return p;
}

char *config_text(const char *format, ...)
{
    char *text;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        config_wrong("no memory is left for the graph");
    va_end(args);
    return text;
}

bool config_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static struct node *node_add(struct node node)
{
    struct node **end = &graph.nodes;
    while (*end)
        end = &(*end)->next;
    *end = config_new(sizeof node);
    node.id = ++graph.num_nodes;
    node.line = num_lines > 0 && num_lines <= LINES_MAX ? lines[0] : 0;     /* in configure(), not in a function for devices */
    **end = node;
    return *end;
}

static bool device_same(const struct device *a, const struct device *b)
{
    return a->kind == b->kind && config_same(a->what, b->what) && config_same(a->name, b->name) &&
           config_same(a->c_type, b->c_type) && config_same(a->connect, b->connect) && config_same(a->state, b->state) &&
           config_same(a->init, b->init) && config_same(a->value, b->value) && config_same(a->close, b->close) &&
           config_same(a->component, b->component) && config_same(a->library, b->library) && config_same(a->files, b->files) &&
           memcmp(a->needs, b->needs, sizeof a->needs) == 0 && memcmp(a->args, b->args, sizeof a->args) == 0 &&
           memcmp(a->keys, b->keys, sizeof a->keys) == 0;
}

struct node *device_(struct device d)
{
    if (!d.what || !d.c_type || !d.header || (!d.connect && !d.value))
        config_wrong("device(%s) needs .what, .c_type, .header, and .connect or .value", d.what ? d.what : "");
    for (struct node *n = graph.nodes; n; n = n->next)
        if (n->kind == NODE_DEVICE && device_same(&n->device, &d))
            return n;
    return node_add((struct node){ .kind = NODE_DEVICE, .device = d });
}

struct node *match_(const struct key *key, const struct way_ *ways, struct node *otherwise)
{
    struct choice c = { .key = key, .otherwise = otherwise };
    SLICE(const struct way_) all = { ways, WAYS_MAX + 1 };
    for (size_t i = 0; AT(all, i).words; i++) {
        if (i == WAYS_MAX)
            config_wrong("a choice has at most %d ways", WAYS_MAX);
        if (key)
            key_check_words(key, AT(all, i).words);
        c.ways[i] = AT(all, i);
    }
    return node_add((struct node){ .kind = NODE_CHOICE, .choice = c });
}

struct node *job_(const char *function, struct needs_ devices)
{
    return node_add((struct node){ .kind = NODE_JOB, .function = function, .devices = devices });
}

void unikernel_(const char *name, job what, struct boot_args_ args)
{
    if (graph.name)
        config_wrong("unikernel() is called for %s and again for %s: one config.c makes one unikernel", graph.name, name);
    graph.name = name;
    graph.job = what.n;
    graph.job_args = args;
}

static void name_add(struct name_list **list, const char *name)
{
    while (*list && strcmp((*list)->name, name) != 0)
        list = &(*list)->next;
    if (*list)
        return;
    *list = config_new(sizeof **list);
    (*list)->name = name;
    (*list)->line = config_line();
}

void uses_(struct names_ components)
{
    for (size_t i = 0; components.name[i]; i++)
        name_add(&graph.components, components.name[i]);
}

void static_library(const char *path)
{
    name_add(&graph.libraries, path);
}

void about(const char *sentence)
{
    graph.about = sentence;
}

void fibers(unsigned num, size_t stack_bytes)
{
    bool is_said = stack_bytes != STACK_COMPUTED;
    if (num < 1 || num > 65536 || (is_said && (stack_bytes < 8192 || stack_bytes % 4096 != 0)))
        config_wrong("fibers(%u, %zu): 1 to 65536 fibers on stacks of at least 8192 bytes, a multiple of 4096", num, stack_bytes);
    graph.num_fibers = num;
    graph.is_stack_said = is_said;
    if (is_said)
        graph.stack_bytes = stack_bytes;
}

int main(void)
{
    configure();
    if (!graph.name)
        config_wrong("configure() names no unikernel: end it with unikernel(\"NAME\", JOB(...))");
    graph_write(&graph);
    return fflush(stdout) == 0 ? 0 : 1;
}
