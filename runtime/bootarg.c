// SPDX-License-Identifier: ISC
/* bootarg.c - splits the command line into words, finds the argument that each one names and reads its value.
 * A mistake ends the unikernel with one line that says what is wrong and what would be right. */
#include "runtime/bootarg.h"
#include "base/checked.h"
#include "base/cursor.h"
#include "platform/platform.h"
#include "runtime/log.h"

enum { NAME_BYTES_MAX = 32 };       /* of names that are compared for a suggestion */

struct word {
    struct span text;               /* without quotes around it */
    struct span name, value;        /* of "--name=value"; the name has lost its dashes */
    bool has_value, is_option, is_letter;
};
struct parse {
    struct bootarg_table *table;
    struct cur line;
};

/* One line on the console; false, so that a parser can return it. */
static bool complain(const struct parse *p, const char *text, ...)
{
    uint8_t line[PRINT_BYTES];
    struct wr w = wr_of(mspan_first(MSPAN(line), sizeof line - 1));
    va_list args;
    format(&w, "%s: ", p->table->program);
    va_start(args, text);
    format_va(&w, text, args);
    va_end(args);
    size_t n = w.all.n - w.room.n;
    mspan_put(MSPAN(line), n, '\n');
    platform_console_write(span_first(SPAN(line), n + 1));
    return false;
}

/* ---- Words */

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}
static bool is_quote(uint8_t byte)
{
    return byte == '"' || byte == '\'';
}
static bool next_is_blank(const struct cur *c)
{
    return !cur_more(c) || is_blank(span_at(c->left, 0));
}
static struct span bare(struct cur *c, bool to_equals)
{
    struct span from = c->left;
    while (!next_is_blank(c) && !(to_equals && span_at(c->left, 0) == '='))
        (void)cur_u8(c);
    return span_first(from, from.n - c->left.n);
}
/* A whole word or value, in quotes or without. */
static bool maybe_quoted(struct parse *p, struct span *out)
{
    struct cur *c = &p->line;
    if (next_is_blank(c) || !is_quote(span_at(c->left, 0))) {
        *out = bare(c, false);
        return true;
    }
    struct span from = c->left;
    uint8_t quote = cur_u8(c);
    *out = cur_bytes(c, span_find(c->left, quote));
    if (!cur_more(c))
        return complain(p, "the quote that begins with %b is not closed", &from);
    (void)cur_u8(c);
    if (!next_is_blank(c))
        return complain(p, "a blank is missing behind the closing quote of %b", out);
    return true;
}
static void split(struct word *word, struct span text)
{
    word->is_letter = !span_starts(text, TEXT("--"));
    text = span_skip(text, word->is_letter ? 1 : 2);
    size_t equals = span_find(text, '=');
    word->name = span_first(text, equals);
    word->has_value = equals < text.n;
    word->value = span_skip(text, equals + 1);
}
/* False: there is none, or it is wrong and that was said (`*bad`). */
static bool next_word(struct parse *p, struct word *word, bool *bad)
{
    struct cur *c = &p->line;
    while (cur_more(c) && next_is_blank(c))
        (void)cur_u8(c);
    *word = (struct word){ 0 };
    if (!cur_more(c))
        return false;
    word->is_option = span_at(c->left, 0) == '-';
    if (!word->is_option) {
        *bad = !maybe_quoted(p, &word->text);
        word->is_option = !*bad && span_starts(word->text, TEXT("-"));
        split(word, word->text);
        return !*bad;
    }
    word->text = bare(c, true);
    split(word, word->text);
    word->has_value = cur_more(c) && span_at(c->left, 0) == '=';
    if (word->has_value) {
        (void)cur_u8(c);
        *bad = !maybe_quoted(p, &word->value);
    }
    return !*bad;
}

/* ---- Which argument is meant */

static size_t min3(size_t a, size_t b, size_t c)
{
    return size_min(a, size_min(b, c));
}
/* Levenshtein's distance, kept for one row of the table. */
static size_t distance(struct span a, struct span b)
{
    size_t row[NAME_BYTES_MAX + 1];
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t above = row[j];
            row[j] = min3(row[j - 1] + 1, above + 1, diagonal + (span_at(a, i - 1) != span_at(b, j - 1)));
            diagonal = above;
        }
    }
    return row[b.n];
}
/* How far the name is from what was written; too far for a suggestion is SIZE_MAX. */
static size_t mistake(struct span written, struct span name)
{
    if (written.n == 0 || written.n > NAME_BYTES_MAX || name.n > NAME_BYTES_MAX)
        return SIZE_MAX;
    if (span_starts(name, written))
        return 1;
    size_t d = distance(written, name);
    return d <= 1 + name.n / 4 ? d : SIZE_MAX;
}
static bool unknown(const struct parse *p, const struct word *word)
{
    struct span best = TEXT("help");
    size_t least = mistake(word->name, best);
    for (size_t i = 0; i < p->table->args.n; i++) {
        struct span name = span_of_str(AT(p->table->args, i).name);
        size_t m = mistake(word->name, name);
        if (m < least) {
            least = m;
            best = name;
        }
    }
    const char *dashes = word->is_letter ? "-" : "--";
    if (least == SIZE_MAX)
        return complain(p, "unknown argument %s%b; --help lists those that there are", dashes, &word->name);
    return complain(p, "unknown argument %s%b; did you mean --%b?", dashes, &word->name, &best);
}
static bool is_letter_of(const struct bootarg *a, const struct word *word)
{
    return word->name.n == 1 && a->letter != 0 && span_at(word->name, 0) == (uint8_t)a->letter;
}
static struct bootarg *named(const struct parse *p, const struct word *word)
{
    for (size_t i = 0; i < p->table->args.n; i++) {
        struct bootarg *a = &AT(p->table->args, i);
        if (word->is_letter ? is_letter_of(a, word) : span_eq(span_of_str(a->name), word->name))
            return a;
    }
    return NULL;
}
const struct bootarg *bootarg_find(const struct bootarg_table *table, struct span name)
{
    for (size_t i = 0; i < table->args.n; i++)
        if (span_eq(span_of_str(AT(table->args, i).name), name))
            return &AT(table->args, i);
    return NULL;
}

/* ---- Values */

static bool read_digits(struct cur *c, uint64_t *out)
{
    uint64_t v = 0;
    size_t num = 0;
    for (; cur_more(c) && span_at(c->left, 0) >= '0' && span_at(c->left, 0) <= '9'; num++) {
        uint64_t digit = (uint64_t)(cur_u8(c) - '0');
        if (!u64_mul(v, 10, &v) || !u64_add(v, digit, &v))
            return false;
    }
    *out = v;
    return num > 0;
}
static bool read_uint(struct span text, const struct bootarg *a, uint64_t *out)
{
    struct cur c = cur_of(text);
    return read_digits(&c, out) && !cur_more(&c) && *out >= a->min && *out <= a->max;
}
static bool read_duration(struct span text, nanos *out)
{
    static const struct {
        struct span name;
        nanos ns;
    } units[] = {
        { TEXT_INIT(""), NS_PER_S }, { TEXT_INIT("us"), NS_PER_US }, { TEXT_INIT("ms"), NS_PER_MS }, { TEXT_INIT("s"), NS_PER_S },
        { TEXT_INIT("m"), 60ull * NS_PER_S }, { TEXT_INIT("h"), 3600ull * NS_PER_S }, { TEXT_INIT("d"), 86400ull * NS_PER_S },
    };
    struct cur c = cur_of(text);
    uint64_t num;
    if (!read_digits(&c, &num))
        return false;
    for (size_t i = 0; i < NUM_OF(units); i++)
        if (span_eq(units[i].name, c.left))
            return u64_mul(num, units[i].ns, out);
    return false;
}
static bool read_value(struct bootarg *a, struct span text)
{
    switch (a->kind) {
    case BOOTARG_FLAG:     return false;
    case BOOTARG_STRING:   a->value.string = text; return true;
    case BOOTARG_UINT:     return read_uint(text, a, &a->value.uint);
    case BOOTARG_IP:       return ip_parse(text, &a->value.ip) == WIRE_OK;
    case BOOTARG_PREFIX:   return ip_prefix_parse(text, &a->value.prefix) == WIRE_OK;
    case BOOTARG_DURATION: return read_duration(text, &a->value.duration);
    case BOOTARG_LEVELS:   a->value.string = text; return log_set_levels(text) == OK;
    }
    UNREACHABLE("unknown kind of argument");
}
static bool refuse_value(const struct parse *p, const struct bootarg *a, struct span text)
{
    static const char *const wanted[] = {
        [BOOTARG_IP] = "an IP address, like 10.0.0.2",
        [BOOTARG_PREFIX] = "an IP address with the length of its network, like 10.0.0.2/24",
        [BOOTARG_DURATION] = "a duration, like 250ms, 10s, 5m or 1h",
        [BOOTARG_LEVELS] = "log levels, like *:info,tcp:debug; there are quiet, app, error, warning, info, debug",
    };
    if (a->kind == BOOTARG_UINT)
        return complain(p, "argument --%s: \"%b\" is not a number from %llu to %llu", a->name, &text,
                        (unsigned long long)a->min, (unsigned long long)a->max);
    return complain(p, "argument --%s: \"%b\" is not %s", a->name, &text, wanted[a->kind]);
}

/* ---- The command line */

static bool take_value(struct parse *p, struct bootarg *a, struct word *word)
{
    bool bad = false;
    if (!word->has_value) {
        struct word next;
        bool has_next = next_word(p, &next, &bad);
        if (bad)
            return false;
        if (!has_next || next.is_option)
            return complain(p, "argument --%s needs a value: --%s=VALUE", a->name, a->name);
        word->value = next.text;
    }
    return read_value(a, word->value) || refuse_value(p, a, word->value);
}
static bool take(struct parse *p, struct word *word)
{
    struct bootarg *a = named(p, word);
    if (!a)
        return unknown(p, word);
    if (a->is_given)
        return complain(p, "argument --%s is given twice", a->name);
    a->is_given = true;
    if (a->kind != BOOTARG_FLAG)
        return take_value(p, a, word);
    if (word->has_value)
        return complain(p, "argument --%s is a flag and takes no value", a->name);
    a->value.flag = true;
    return true;
}
static bool asks_for_help(const struct word *word)
{
    return word->is_option && !word->has_value && span_eq(word->name, word->is_letter ? TEXT("h") : TEXT("help"));
}
static bool parse_given(struct parse *p)
{
    struct word word;
    bool bad = false, only_operands = false;
    while (next_word(p, &word, &bad)) {
        if (only_operands || !word.is_option)
            return complain(p, "unexpected \"%b\"; arguments begin with --", &word.text);
        if (asks_for_help(&word)) {
            bootargs_help(p->table);
            platform_exit(BOOTARG_STATUS_HELP);
        }
        only_operands = span_eq(word.text, TEXT("--")) && !word.has_value;
        if (!only_operands && !take(p, &word))
            return false;
    }
    return !bad;
}
/* A default that cannot be read is the program's bug, not the user's. */
static bool apply_fallbacks(const struct parse *p)
{
    for (size_t i = 0; i < p->table->args.n; i++) {
        struct bootarg *a = &AT(p->table->args, i);
        if (a->is_given || a->kind == BOOTARG_FLAG)
            continue;
        if (!a->fallback)
            return complain(p, "argument --%s is required: %s", a->name, a->doc);
        REQUIRE(read_value(a, span_of_str(a->fallback)));
    }
    return true;
}
void bootargs_parse(struct bootarg_table *table, struct span command_line)
{
    struct parse p = { .table = table, .line = cur_of(command_line) };
    if (!parse_given(&p) || !apply_fallbacks(&p))
        platform_exit(BOOTARG_STATUS_BAD);
}
