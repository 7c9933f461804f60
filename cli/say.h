// SPDX-License-Identifier: ISC
/* say.h - messages, texts and lists of the command. The command is short-lived: what it allocates is never
 * freed, and a lack of memory ends it. */
#ifndef CLI_SAY_H
#define CLI_SAY_H
#include "base/span.h"

/* One line "morgana: ...", which says what to do, and the end with status 1. */
NORETURN PRINTF_LIKE(1, 2) void fail(const char *format, ...);
/* The same for a wrong use of the command line: adds where help is found. */
NORETURN PRINTF_LIKE(1, 2) void fail_usage(const char *format, ...);

/* How the command behaves; options of every subcommand set it. */
struct manner {
    bool is_dry;                /* --dry-run: actions are printed, none is done */
    bool is_quiet, is_verbose;  /* -q, -v */
    const char *color;          /* "auto", "always", "never" */
};
extern struct manner manner;
/* What is about to be done: printed in a dry run, and with -v. false: it is not to be done. */
MUST_CHECK PRINTF_LIKE(1, 2) bool action(const char *format, ...);
/* One line of progress on standard error, unless -q was given. */
PRINTF_LIKE(1, 2) void tell(const char *format, ...);

PRINTF_LIKE(1, 2) char *text(const char *format, ...);
char *text_of_span(struct span s);
bool same(const char *a, const char *b);        /* either may be NULL */
bool begins(const char *s, const char *prefix);

struct words {
    const char **p;
    size_t n;
};
/* Appends one element to a SLICE that is grown by nobody else. */
#define ADD(list_ptr, ...)                                                                      \
    do {                                                                                        \
        __typeof__(*(list_ptr)->p) item_ = (__VA_ARGS__);                                       \
        grow_((void **)&(list_ptr)->p, ++(list_ptr)->n * sizeof item_);                         \
        AT(*(list_ptr), (list_ptr)->n - 1) = item_;                                             \
    } while (0)
void grow_(void **p, size_t num_bytes);
void *new_bytes(size_t num_bytes);              /* zeroed */
#define NEW(type) ((type *)new_bytes(sizeof(type)))

bool words_have(const struct words *list, const char *word);
void words_add_once(struct words *list, const char *word);
struct words words_split(const char *blanks_between);
const char *words_join(const struct words *list, const char *between);
/* Boot arguments, as words that may be joined by blanks, and as one line: a word with blanks of its own is quoted. */
struct words words_quoted(const struct words *list);
const char *words_boot_line(const struct words *list);
const char *word_quoted(const char *word);
const char *word_shell_quoted(const char *word);        /* for sh, and for GRUB */
/* The word of the list that a typing error away from `word` is likely meant; NULL: none is near. */
const char *words_nearest(const struct words *list, const char *word);
/* "did you mean X?", or "choose one of X, Y, Z" where none is near. */
const char *words_hint(const struct words *list, const char *word);

#endif
