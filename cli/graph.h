// SPDX-License-Identifier: ISC
/* graph.h - the device graph of a config.c as the command knows it: read from the text that cli/config/write.c
 * writes, still with its choices; and the plan, which is the graph with all choices made, in order. */
#ifndef CLI_GRAPH_H
#define CLI_GRAPH_H
#include "cli/say.h"

struct boot_arg {
    const char *name, *kind, *value_name, *fallback, *doc, *min, *max;
    const char *line;                   /* of config.c; NULL or "0": not known */
};
struct key {
    const char *name, *kind, *fallback, *doc, *min, *max, *line;
    const char *values;                 /* words that it can be; NULL: a number or a text */
};
struct ids {
    unsigned *p;
    size_t n;
};
struct way {
    const char *words;                  /* targets, or values of the key */
    unsigned id;
};
/* A device, or a choice where `otherwise` is not 0. */
struct node {
    unsigned id;
    const char *what, *name, *kind, *c_type, *header, *connect_header, *component, *library, *files, *fibers;
    const char *connect, *state, *init, *close, *value;
    struct ids needs;
    struct words args, keys;
    const char *key;                    /* of a choice; NULL: by target */
    struct { struct way *p; size_t n; } ways;
    unsigned otherwise;
    const char *line;
    const char *variable;               /* in main.c; this and what follows is filled in by the plan */
    struct { struct node **p; size_t n; } needed;
    bool is_under_way;                  /* those that it needs are being ordered */
};
struct graph {
    const char *name, *about, *num_fibers, *stack_bytes;
    const char *stack_said;             /* NULL: stack_bytes is only for where it cannot be computed */
    struct words uses, libraries;       /* and the lines where they are named, in the same order: */
    struct words use_lines, library_lines;
    struct { struct key *p; size_t n; } keys;
    struct { struct boot_arg *p; size_t n; } args;
    struct { struct node **p; size_t n; } nodes;
    struct node job;                    /* .what is its function */
};
struct graph *graph_read(struct span written);
struct node *graph_node(const struct graph *g, unsigned id);

/* What choices are made by. */
struct choices {
    const char *target;
    struct words keys;                  /* "NAME=VALUE" */
};
/* What the key is: as it was given, or its default. */
const char *choices_key(const struct choices *c, const struct graph *g, const char *key);

struct plan {
    const struct graph *graph;
    const struct choices *choices;
    struct { struct node **p; size_t n; } devices;      /* each behind those it needs */
    struct { const struct boot_arg **p; size_t n; } args;
    struct { struct node **p; size_t n; } job_devices;
    struct { const struct boot_arg **p; size_t n; } job_args;
    struct words components, libraries;                 /* asked for by devices and by config.c */
};
/* Makes the choices and orders the devices; refuses wrong and double names with one line. */
struct plan *graph_plan(const struct graph *g, const struct choices *c);
/* The device that a node is once the choices are made; of a choice, the node that it leads to. */
struct node *graph_chosen(const struct graph *g, const struct choices *c, unsigned id);
unsigned choice_way(const struct graph *g, const struct choices *c, const struct node *choice);

/* "config.c:12: ", for messages */
const char *place(const char *line);
/* A name as a C identifier: "ipv4-gateway" is ipv4_gateway. */
const char *identifier(const char *name);

#endif
