// SPDX-License-Identifier: ISC
#include "cli/keys.h"
#include "cli/emit.h"
#include <errno.h>
#include <stdlib.h>

/* Of the subcommands that take keys. */
static const char option_names[] = "target arch file output context dot svg json eval no-eval help dry-run verbose quiet color";

const char *key_name(const char *given)
{
    struct span s = span_of_str(given);
    return text_of_span(span_first(s, span_find(s, '=')));
}

static void name_check(const struct key *k)
{
    struct words options = words_split(option_names);
    for (size_t i = 0; i < options.n; i++)
        if (begins(AT(options, i), k->name))
            fail("%sthe key --%s would be taken for --%s: give it another name", place(k->line), k->name, AT(options, i));
}

static bool is_in_range(const struct key *k, const char *value)
{
    char *end;
    errno = 0;
    unsigned long long v = strtoull(value, &end, 10);
    struct span s = span_of_str(value);
    return s.n > 0 && span_at(s, 0) >= '0' && span_at(s, 0) <= '9' && !*end && errno == 0 && v >= strtoull(k->min, NULL, 10) &&
           v <= strtoull(k->max, NULL, 10);
}

static const char *range_of(const struct key *k)
{
    return same(k->max, "18446744073709551615") ? same(k->min, "0") ? "a number" : text("a number from %s", k->min)
                                                : text("%s to %s", k->min, k->max);
}

static void value_check(const struct key *k, const char *given)
{
    struct span s = span_of_str(given);
    size_t equals = span_find(s, '=');
    const char *value = text_of_span(span_skip(s, equals + 1));
    struct words values = words_split(k->values ? k->values : "");
    if (equals == s.n && !same(k->kind, "flag"))
        fail("--%s needs a value: --%s=%s", k->name, k->name, k->values ? AT(values, 0) : same(k->kind, "uint") ? "NUMBER" : "TEXT");
    if (equals < s.n && k->values && !words_have(&values, value))
        fail("--%s: %s", given, words_hint(&values, value));
    if (same(k->kind, "uint") && !is_in_range(k, value))
        fail("--%s: choose %s", given, range_of(k));
}

void keys_check(const struct graph *g, const struct words *given)
{
    struct words known = { 0 }, options = words_split(option_names);
    for (size_t i = 0; i < g->keys.n; i++) {
        name_check(&AT(g->keys, i));
        ADD(&known, text("--%s", AT(g->keys, i).name));
    }
    for (size_t i = 0; i < options.n; i++)
        ADD(&known, text("--%s", AT(options, i)));
    for (size_t i = 0; i < given->n; i++) {
        const char *name = text("--%s", key_name(AT(*given, i)));
        if (!words_have(&known, name))
            fail("there is no option %s, and config.c declares no key of that name: %s", name, words_hint(&known, name));
        for (size_t k = 0; k < g->keys.n; k++)
            if (same(text("--%s", AT(g->keys, k).name), name))
                value_check(&AT(g->keys, k), AT(*given, i));
    }
}

const char *key_values(const struct key *k)
{
    struct words values = words_split(k->values ? k->values : "");
    if (same(k->kind, "flag"))
        return "a flag";
    const char *of = k->values ? words_join(&values, ", ") : same(k->kind, "uint") ? range_of(k) : "text";
    return text("%s; %s unless given", of, *k->fallback ? k->fallback : "empty");
}

const char *key_literal(const struct key *k, const char *value)
{
    return same(k->kind, "flag") || same(k->kind, "uint") ? value : c_literal(value);
}
