// SPDX-License-Identifier: ISC
/* node.h - the device graph while config.c builds it. Nodes are never freed: the program writes and ends. */
#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H
#define MORGANA_CONFIG_WITHOUT_LINES
#include "cli/config/config.h"

enum { WAYS_MAX = 32 };
struct choice {
    const struct key *key;          /* NULL: a choice by target */
    struct way_ ways[WAYS_MAX + 1]; /* the last has no words */
    struct node *otherwise;
};
struct node {
    enum { NODE_DEVICE, NODE_CHOICE, NODE_JOB } kind;
    unsigned id, line;              /* line: of config.c; 0: not known */
    struct device device;
    struct choice choice;
    const char *function;           /* of a job */
    struct needs_ devices;          /* of a job */
    struct node *next;              /* in order of creation: a device comes after those it needs */
};
struct key {
    const char *name, *kind, *values, *fallback, *doc;  /* values: of a word, NULL for other kinds */
    uint64_t min, max;
    struct key *next;
    unsigned line;
};
struct boot_arg {
    const char *name, *kind, *value_name, *fallback, *doc;
    uint64_t min, max;
    unsigned line;
    struct boot_arg *next;
};
struct name_list {                  /* components, libraries */
    const char *name;
    unsigned line;
    struct name_list *next;
};
struct graph {
    const char *name, *about;
    struct node *nodes, *job;
    struct key *keys;
    struct boot_arg *args;
    struct name_list *components, *libraries;
    struct boot_args_ job_args;
    unsigned num_nodes, num_fibers;
    size_t stack_bytes;
    bool is_stack_said;             /* by config.c; else it is computed where the call graph allows that */
};
extern struct graph graph;

/* Words that the key cannot be, in a choice, end the program. */
void key_check_words(const struct key *key, const char *words);

void graph_write(const struct graph *g);
/* Ends the program with one line that says what config.c does wrong. */
__attribute__((noreturn, format(printf, 1, 2))) void config_wrong(const char *format, ...);
unsigned config_line(void);         /* that is being looked at */
/* Zeroed memory for good. */
void *config_new(size_t num_bytes);
__attribute__((format(printf, 1, 2))) char *config_text(const char *format, ...);
/* A key or boot argument, whose name is a word of letters, digits and '-'. */
void config_name_check(const char *what, const char *name);
/* The same text, or both none. */
bool config_same(const char *a, const char *b);

#endif
