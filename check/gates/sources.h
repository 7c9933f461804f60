// SPDX-License-Identifier: ISC
/* sources.h - what C sources say about calls through pointers: which function was stored in which
 * member, and which functions are started as fibers. It reads text, not types; where it cannot tell
 * two structs apart it takes the stores of both, so that it errs towards more. */
#ifndef GATES_SOURCES_H
#define GATES_SOURCES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct store {              /* `function` may be what `member` of a `struct type` points to */
    const char *type;       /* NULL: not known */
    const char *member;     /* NULL: it was initialised by position */
    unsigned position;
    const char *function, *file;
};
struct member {             /* struct type { ... (*member)(...) } */
    const char *type, *member, *file;
    unsigned position;
};
struct object {             /* struct type *name, wherever */
    const char *type, *name, *file;
};
struct start {              /* where a fiber begins */
    const char *function, *file;
    bool is_plain;          /* the function's name, and no more: no cast, no choice */
};
struct sources {
    struct store *stores;
    struct member *members;
    struct start *starts;
    struct object *objects;
    const char **functions;     /* what stands at file scope before a "(" */
    size_t num_stores, num_members, num_starts, num_objects, num_functions;
};

/* The pointer, or the end of the program where it is NULL. */
void *must(void *p);
/* A file of that name, or else the one in the folder sources_root. */
extern const char *sources_root;
FILE *sources_open(const char *name);
/* Adds what a source says. Its name is kept. false: it cannot be read. */
bool sources_read(struct sources *s, const char *name);
/* What is called at NAME:LINE:COLUMN: for f->ops->peek( the member "peek" of the object "ops"; for a plain pointer
 * the object is "". inside: how many calls to step into first, as in f(g(a)). false: no name is there. */
struct called {
    char name[128], object[128];
};
bool sources_called(const char *site, unsigned inside, struct called *out);
/* Whether a source declares a function of that name: a call by it is direct. */
bool sources_declare(const struct sources *s, const char *function);
/* Whether the store may be meant by that call, which stands in that file. */
bool sources_may_be(const struct sources *s, const struct store *store, const struct called *call, const char *file);

#endif
