// SPDX-License-Identifier: ISC
/* words.c - lists of words, and the one that was probably meant. */
#include "cli/say.h"

bool words_have(const struct words *list, const char *word)
{
    for (size_t i = 0; i < list->n; i++)
        if (same(AT(*list, i), word))
            return true;
    return false;
}

void words_add_once(struct words *list, const char *word)
{
    if (!words_have(list, word))
        ADD(list, word);
}

struct words words_split(const char *blanks_between)
{
    struct words list = { 0 };
    struct span left = span_of_str(blanks_between);
    while (left.n > 0) {
        size_t n = span_find(left, ' ');
        if (n > 0)
            ADD(&list, text_of_span(span_first(left, n)));
        left = span_skip(left, n + 1);
    }
    return list;
}

const char *words_join(const struct words *list, const char *between)
{
    const char *all = "";
    for (size_t i = 0; i < list->n; i++)
        all = text("%s%s%s", all, i > 0 ? between : "", AT(*list, i));
    return all;
}

/* Whoever passes the line on splits it at blanks. */
const char *word_quoted(const char *word)
{
    struct span s = span_of_str(word);
    bool has_blank = s.n == 0 || span_find(s, ' ') < s.n || span_find(s, '\t') < s.n;
    bool has_double = span_find(s, '"') < s.n;
    if (has_blank && has_double && span_find(s, '\'') < s.n)
        fail("%s: a boot argument with blanks can hold quotes of one kind, and not of both", word);
    return !has_blank ? word : has_double ? text("'%s'", word) : text("\"%s\"", word);
}

const char *word_shell_quoted(const char *word)
{
    const char *out = "'";
    struct span s = span_of_str(word);
    for (size_t i = 0; i < s.n; i++)
        out = span_at(s, i) == '\'' ? text("%s'\\''", out) : text("%s%c", out, span_at(s, i));
    return text("%s'", out);
}

struct words words_quoted(const struct words *list)
{
    struct words quoted = { 0 };
    for (size_t i = 0; i < list->n; i++)
        ADD(&quoted, word_quoted(AT(*list, i)));
    return quoted;
}

const char *words_boot_line(const struct words *list)
{
    struct words quoted = words_quoted(list);
    return words_join(&quoted, " ");
}

#define WORD_MAX 32

/* Levenshtein's distance, row by row; longer words count as far apart. */
static size_t distance(struct span a, struct span b)
{
    size_t row[WORD_MAX + 1];
    if (a.n > WORD_MAX || b.n > WORD_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t above = row[j];
            size_t changed = diagonal + (span_at(a, i - 1) != span_at(b, j - 1));
            size_t added = 1 + (above < row[j - 1] ? above : row[j - 1]);
            row[j] = changed < added ? changed : added;
            diagonal = above;
        }
    }
    return row[b.n];
}

const char *words_nearest(const struct words *list, const char *word)
{
    const char *nearest = NULL;
    size_t best = 1 + strlen(word) / 3;
    for (size_t i = 0; i < list->n; i++) {
        size_t d = distance(span_of_str(AT(*list, i)), span_of_str(word));
        if (d <= best && (d < best || !nearest)) {
            best = d;
            nearest = AT(*list, i);
        }
    }
    return nearest;
}

const char *words_hint(const struct words *list, const char *word)
{
    const char *nearest = words_nearest(list, word);
    if (nearest)
        return text("did you mean %s?", nearest);
    return list->n > 0 ? text("choose one of %s", words_join(list, ", ")) : "there is none to choose";
}
