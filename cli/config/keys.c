// SPDX-License-Identifier: ISC
/* keys.c - the keys that config.c can declare for `morgana configure`. */
#include "base/span.h"
#include "cli/config/node.h"
#include <inttypes.h>

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void config_name_check(const char *what, const char *name)
{
    struct span s = span_of_str(name ? name : "");
    bool good = s.n > 0 && is_letter(span_at(s, 0));
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = span_at(s, i);
        good = good && (is_letter(c) || (c >= '0' && c <= '9') || c == '-');
    }
    if (!good)
        config_wrong("the %s \"%s\": choose a name of letters, digits and '-' that begins with a letter", what, name ? name : "");
}

static const struct key *key_add(struct key key)
{
    struct key **end = &graph.keys;
    config_name_check("key", key.name);
    for (; *end; end = &(*end)->next)
        if (config_same((*end)->name, key.name))
            config_wrong("two keys are called --%s: give one of them another name", key.name);
    *end = config_new(sizeof key);
    **end = key;
    (*end)->line = config_line();
    return *end;
}

/* The next word of a text, which is skipped; empty at the end. */
static struct span next_word(struct span *left)
{
    while (span_starts(*left, TEXT(" ")))
        *left = span_skip(*left, 1);
    struct span word = span_first(*left, span_find(*left, ' '));
    *left = span_skip(*left, word.n);
    return word;
}

static bool has_word(const char *words, struct span word)
{
    struct span left = span_of_str(words);
    for (struct span w = next_word(&left); w.n > 0; w = next_word(&left))
        if (span_eq(w, word))
            return true;
    return false;
}

void key_check_words(const struct key *key, const char *words)
{
    struct span left = span_of_str(words);
    for (struct span w = next_word(&left); key->values && w.n > 0; w = next_word(&left))
        if (!has_word(key->values, w))
            config_wrong("the key %s cannot be \"%.*s\": it has the values %s", key->name, (int)w.n, (const char *)w.p, key->values);
}

const struct key *configure_key(const char *name, const char *values, const char *doc)
{
    struct span left = span_of_str(values), first = next_word(&left);
    if (first.n == 0)
        config_wrong("the key %s has no values: name them, as in \"small large\"", name);
    return key_add((struct key){ .name = name, .kind = "word", .values = values, .doc = doc,
                                 .fallback = config_text("%.*s", (int)first.n, (const char *)first.p) });
}

const struct key *configure_flag(const char *name, const char *doc)
{
    return key_add((struct key){ .name = name, .kind = "flag", .values = "false true", .doc = doc, .fallback = "false" });
}

const struct key *configure_uint_range(const char *name, uint64_t fallback, uint64_t min, uint64_t max, const char *doc)
{
    if (min > max || fallback < min || fallback > max)
        config_wrong("the key %s: the default %" PRIu64 " is not in %" PRIu64 "..%" PRIu64, name, fallback, min, max);
    return key_add((struct key){ .name = name, .kind = "uint", .min = min, .max = max, .doc = doc,
                                 .fallback = config_text("%" PRIu64, fallback) });
}

const struct key *configure_uint(const char *name, uint64_t fallback, const char *doc)
{
    return configure_uint_range(name, fallback, 0, UINT64_MAX, doc);
}

const struct key *configure_string(const char *name, const char *fallback, const char *doc)
{
    return key_add((struct key){ .name = name, .kind = "string", .doc = doc, .fallback = fallback ? fallback : "" });
}
