// SPDX-License-Identifier: ISC
#include "cli/version.h"
#include "cli/commands.h"
#include "cli/file.h"
#include <stdio.h>
#include <stdlib.h>

enum { LINES_LOOKED_AT = 10 };

/* "0.1.2" as a number that compares; *rest is what follows it. */
static unsigned long number_of(const char *s, const char **rest)
{
    unsigned long v = 0;
    char *end = NULL;
    for (unsigned part = 0; part < 3; part++) {
        v = v * 1000 + (s ? strtoul(s, &end, 10) : 0);
        if (s)
            *rest = end;
        s = s && *end == '.' ? text_of_span(span_skip(span_of_str(end), 1)) : NULL;
    }
    return v;
}

static bool is_kept(const char *condition, unsigned long own)
{
    const char *rest = "";
    bool is_least = begins(condition, ">=");
    unsigned long wanted = number_of(text_of_span(span_skip(span_of_str(condition), is_least ? 2 : 1)), &rest);
    return is_least ? own >= wanted : own < wanted;
}

/* The conditions, from the first ">=" or "<" behind the word. */
static void condition_check(const char *config, unsigned line, const char *conditions)
{
    const char *rest;
    struct words w = words_split(conditions);
    struct words all = { 0 };
    unsigned long own = number_of(morgana_version(), &rest);
    for (size_t i = 0; i + 1 < w.n; i++)
        if (same(AT(w, i), ">=") || same(AT(w, i), "<")) {
            struct span v = span_of_str(AT(w, i + 1));
            ADD(&all, text("%s %s", AT(w, i), text_of_span(v)));
        }
    for (size_t i = 0; i < all.n; i++)
        if (!is_kept(AT(all, i), own))
            fail("%s:%u: this project is for morgana %s, and this is morgana %s: get such a one, or change the line", config, line,
                 words_join(&all, " & "), morgana_version());
}

void version_check(const char *config)
{
    struct span left = file_read(config), word = TEXT("morgana ");
    for (unsigned line = 1; line <= LINES_LOOKED_AT && left.n > 0; line++) {
        struct span all = span_first(left, span_find(left, '\n'));
        left = span_skip(left, all.n + 1);
        for (size_t i = 0; i + word.n < all.n; i++) {
            struct span rest = span_skip(all, i + word.n);
            if (span_starts(span_skip(all, i), word) && (span_starts(rest, TEXT(">= ")) || span_starts(rest, TEXT("< "))))
                condition_check(config, line, text_of_span(rest));
        }
    }
}
