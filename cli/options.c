// SPDX-License-Identifier: ISC
/* options.c - parses and prints the options of a subcommand. */
#include "cli/options.h"
#include <stdio.h>
#include <stdlib.h>

static const struct option common[] = {
    { 0, "dry-run", NULL, "print what would be done, and do none of it", .flag = &manner.is_dry },
    { 'v', "verbose", NULL, "say what is done", .flag = &manner.is_verbose },
    { 'q', "quiet", NULL, "say nothing but errors", .flag = &manner.is_quiet },
    { 0, "color", "WHEN", "auto, always or never", .value = &manner.color, .variable = "MORGANA_COLOR" },
};
const struct options options_common = { common, NUM_OF(common) };

static void take(const struct option *o, const char *value)
{
    if (o->flag)
        *o->flag = true;
    else if (o->value)
        *o->value = value;
    else
        ADD(o->values, value);
}

static const struct option *by_letter(const struct options *options, uint8_t letter)
{
    for (size_t i = 0; i < options->n; i++)
        if (AT(*options, i).letter == (char)letter)
            return &AT(*options, i);
    return NULL;
}

/* The option of that name, or the only one that begins so. */
static const struct option *by_name(const struct options *options, const char *name)
{
    const struct option *found = NULL;
    for (size_t i = 0; i < options->n; i++) {
        const struct option *o = &AT(*options, i);
        if (same(o->name, name))
            return o;
        if (begins(o->name, name)) {
            if (found)
                fail_usage("--%s can be --%s or --%s: write more of it", name, found->name, o->name);
            found = o;
        }
    }
    return found;
}

NORETURN static void unknown(const struct options *options, const char *name)
{
    struct words names = { 0 };
    for (size_t i = 0; i < options->n; i++)
        ADD(&names, text("--%s", AT(*options, i).name));
    fail_usage("there is no option %s: %s", name, words_hint(&names, name));
}

static struct options with_common(const struct options *own)
{
    struct { struct option *p; size_t n; } all = { 0 };
    for (size_t i = 0; i < own->n; i++)
        ADD(&all, AT(*own, i));
    for (size_t i = 0; i < options_common.n; i++)
        ADD(&all, AT(options_common, i));
    return (struct options){ all.p, all.n };
}

static void take_defaults(const struct options *options)
{
    for (size_t i = 0; i < options->n; i++) {
        const struct option *o = &AT(*options, i);
        const char *word = o->variable ? getenv(o->variable) : NULL;
        if (word && *word && o->value)
            *o->value = word;
    }
}

/* Parses args[*i], an option; *i moves on where the value is the next word. */
static void parse_one(const struct options *own, const struct words *args, size_t *i, struct words *others)
{
    const struct options all = with_common(own), *options = &all;
    const char *word = AT(*args, *i);
    struct span s = span_of_str(word);
    bool is_long = begins(word, "--");
    size_t equals = is_long ? span_find(s, '=') : s.n;
    const char *name = is_long ? text_of_span(span_sub(s, 2, equals - 2)) : NULL;
    const struct option *o = is_long ? by_name(options, name) : by_letter(options, span_at(s, 1));
    if (!o) {
        if (others && is_long) {
            ADD(others, word);
            return;
        }
        unknown(options, is_long ? text("--%s", name) : word);
    }
    const char *attached = equals < s.n ? text_of_span(span_skip(s, equals + 1)) : NULL;
    if (!is_long && s.n > 2)
        attached = text_of_span(span_skip(s, 2));
    if (!o->value_name && attached)
        fail_usage("--%s takes no value", o->name);
    if (o->value_name && !attached) {
        if (*i + 1 >= args->n)
            fail_usage("--%s needs a value: --%s %s", o->name, o->name, o->value_name);
        attached = AT(*args, ++*i);
    }
    take(o, attached);
}

void options_parse(const struct options *options, struct words args, struct words *operands, struct words *rest,
                   struct words *others)
{
    take_defaults(options);
    take_defaults(&options_common);
    for (size_t i = 0; i < args.n; i++) {
        const char *word = AT(args, i);
        if (same(word, "--")) {
            for (i++; i < args.n; i++)
                ADD(rest, AT(args, i));
        } else if (begins(word, "-") && !same(word, "-")) {
            parse_one(options, &args, &i, others);
        } else {
            ADD(operands, word);
        }
    }
    struct words colors = words_split("auto always never");
    if (!words_have(&colors, manner.color))
        fail_usage("--color %s: %s", manner.color, words_hint(&colors, manner.color));
}

void options_print(const struct options *options)
{
    for (size_t i = 0; i < options->n; i++) {
        const struct option *o = &AT(*options, i);
        const char *letter = o->letter ? text("-%c, ", o->letter) : "    ";
        printf("  %-28s %s\n", text("%s--%s%s%s", letter, o->name, o->value_name ? " " : "", o->value_name ? o->value_name : ""),
               o->variable ? text("%s (%s)", o->doc, o->variable) : o->doc);
    }
}
