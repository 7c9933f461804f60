// SPDX-License-Identifier: ISC
/* read.c - the grammar of RFC 8259, without recursion: of the brackets that are open, one bit says which kind each is. */
#include "lib/json/json.h"

struct nest {
    uint32_t are_objects;       /* the innermost is the lowest bit */
    unsigned depth;
};

/* ---- Bytes */

static bool take(struct cur *c, uint8_t byte)
{
    if (!cur_more(c) || span_at(c->left, 0) != byte)
        return false;
    (void)cur_bytes(c, 1);
    return true;
}

static void want(struct cur *c, uint8_t byte)
{
    bool is_there = take(c, byte);
    cur_want(c, is_there || cur_more(c), WIRE_SHORT);
    cur_want(c, is_there, WIRE_BAD_VALUE);
}

static void skip_blanks(struct cur *c)
{
    while (take(c, ' ') || take(c, '\t') || take(c, '\n') || take(c, '\r'))
        ;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_hex(uint8_t byte)
{
    uint8_t letter = byte | 0x20;
    return is_digit(byte) || (letter >= 'a' && letter <= 'f');
}

/* ---- Values that hold no others */

static void read_word(struct cur *c, struct span word)
{
    cur_want(c, span_eq(cur_bytes(c, word.n), word), WIRE_BAD_VALUE);
}

static void read_digits(struct cur *c)
{
    cur_want(c, is_digit(cur_u8(c)), WIRE_BAD_VALUE);
    while (cur_more(c) && is_digit(span_at(c->left, 0)))
        (void)cur_u8(c);
}

static void read_number(struct cur *c)
{
    (void)take(c, '-');
    if (!take(c, '0'))
        read_digits(c);
    if (take(c, '.'))
        read_digits(c);
    if (take(c, 'e') || take(c, 'E')) {
        if (!take(c, '+'))
            (void)take(c, '-');
        read_digits(c);
    }
}

static void read_escape(struct cur *c)
{
    struct span others = TEXT("\"\\/bfnrt");
    if (!take(c, 'u')) {
        cur_want(c, span_find(others, cur_u8(c)) < others.n, WIRE_BAD_VALUE);
        return;
    }
    for (unsigned i = 0; i < 4; i++)
        cur_want(c, is_hex(cur_u8(c)), WIRE_BAD_VALUE);
}

/* What stands between the quotation marks. */
static struct span read_string(struct cur *c)
{
    want(c, '"');
    struct span rest = c->left;
    while (c->err == WIRE_OK && !take(c, '"')) {
        uint8_t byte = cur_u8(c);
        cur_want(c, byte >= ' ', WIRE_BAD_VALUE);
        if (byte == '\\')
            read_escape(c);
    }
    return c->err == WIRE_OK ? span_first(rest, rest.n - c->left.n - 1) : (struct span){ 0 };
}

static void read_plain(struct cur *c)
{
    switch (cur_more(c) ? span_at(c->left, 0) : 0) {
    case '"':
        (void)read_string(c);
        break;
    case 'n':
        read_word(c, TEXT("null"));
        break;
    case 'f':
        read_word(c, TEXT("false"));
        break;
    case 't':
        read_word(c, TEXT("true"));
        break;
    default:
        read_number(c);
    }
}

/* ---- Values in values */

static struct span read_name(struct cur *c)
{
    skip_blanks(c);
    struct span name = read_string(c);
    skip_blanks(c);
    want(c, ':');
    return name;
}

/* Behind an opening bracket; false: behind it comes its end, and the value is over. */
static bool begins(struct cur *c, struct nest *n, bool is_object)
{
    skip_blanks(c);
    if (take(c, is_object ? '}' : ']'))
        return false;
    cur_want(c, n->depth < JSON_DEPTH_MAX, WIRE_BAD_VALUE);
    n->are_objects = n->are_objects << 1 | is_object;
    n->depth++;
    if (is_object)
        (void)read_name(c);
    return true;
}

/* Behind a value: the ends of those that it is the last of, and what leads to the next. */
static void go_on(struct cur *c, struct nest *n)
{
    for (; n->depth > 0; n->depth--, n->are_objects >>= 1) {
        bool is_object = n->are_objects & 1;
        skip_blanks(c);
        if (take(c, ',')) {
            if (is_object)
                (void)read_name(c);
            return;
        }
        want(c, is_object ? '}' : ']');
    }
}

static void read_value(struct cur *c)
{
    struct nest n = { 0 };
    do {
        skip_blanks(c);
        bool is_object = take(c, '{');
        if (!is_object && !take(c, '['))
            read_plain(c);
        else if (begins(c, &n, is_object))
            continue;
        go_on(c, &n);
    } while (n.depth > 0 && c->err == WIRE_OK);
}

static enum json_kind kind_of(uint8_t first)
{
    switch (first) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 'n':
        return JSON_NULL;
    case 'f':
        return JSON_FALSE;
    case 't':
        return JSON_TRUE;
    default:
        return JSON_NUMBER;
    }
}

static struct json take_value(struct cur *c)
{
    skip_blanks(c);
    struct span rest = c->left;
    read_value(c);
    if (c->err != WIRE_OK)
        return (struct json){ 0 };
    return (struct json){ kind_of(span_at(rest, 0)), span_first(rest, rest.n - c->left.n) };
}

enum wire_err json_read(struct span text, struct json *out)
{
    struct cur c = cur_of(text);
    struct json v = take_value(&c);
    skip_blanks(&c);
    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? v : (struct json){ 0 };
    return e;
}

/* ---- Looking into a value that was read */

struct json_items json_items(const struct json *v)
{
    if (v->kind != JSON_ARRAY && v->kind != JSON_OBJECT)
        return (struct json_items){ 0 };
    return (struct json_items){ span_sub(v->text, 1, v->text.n - 2), v->kind == JSON_OBJECT };
}

bool json_next(struct json_items *i, struct span *name, struct json *value)
{
    struct cur c = cur_of(i->left);
    *name = (struct span){ 0 };
    *value = (struct json){ 0 };
    skip_blanks(&c);
    if (!cur_more(&c))
        return false;
    if (i->have_names)
        *name = read_name(&c);
    *value = take_value(&c);
    skip_blanks(&c);
    (void)take(&c, ',');
    i->left = c.left;
    return c.err == WIRE_OK;
}

struct json json_member(const struct json *object, struct span name)
{
    struct span its;
    struct json value;
    if (object->kind == JSON_OBJECT)
        for (struct json_items i = json_items(object); json_next(&i, &its, &value);)
            if (span_eq(its, name))
                return value;
    return (struct json){ 0 };
}

bool json_u64(const struct json *number, uint64_t *out)
{
    uint64_t v = 0;
    *out = 0;
    if (number->kind != JSON_NUMBER)
        return false;
    for (struct span s = number->text; s.n > 0; s = span_skip(s, 1)) {
        uint8_t digit = (uint8_t)(span_at(s, 0) - '0');
        if (digit > 9 || v > (UINT64_MAX - digit) / 10)
            return false;
        v = 10 * v + digit;
    }
    *out = v;
    return true;
}
