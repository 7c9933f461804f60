// SPDX-License-Identifier: ISC
/* octet.h - classes of octets: a table, and searches that look at eight octets at a time. Private to lib/http.
 *
 * A search gives a mark (the top bit) in the octet that was found. Marks above the lowest may be false, by a
 * borrow; only the lowest is used. */
#ifndef LIB_HTTP_OCTET_H
#define LIB_HTTP_OCTET_H
#include "base/span.h"

enum octet_class { OCTET_TOKEN = 1, OCTET_HOST = 2, OCTET_PATH = 4 };
extern const uint8_t octet_class[256];

INLINE bool octet_is(uint8_t c, enum octet_class class)
{
    return (octet_class[c] & (uint8_t)class) != 0;
}

#define OCTETS(c) ((uint64_t)(c) * 0x0101010101010101u)

INLINE uint64_t octets_below(uint64_t x, uint8_t bound)      /* bound <= 0x80 */
{
    return (x - OCTETS(bound)) & ~x & OCTETS(0x80);
}
INLINE uint64_t octets_equal(uint64_t x, uint8_t c)
{
    return octets_below(x ^ OCTETS(c), 1);
}
INLINE size_t octets_lowest(uint64_t marks)
{
    return (size_t)__builtin_ctzll(marks) >> 3;
}

/* Letters and '-': nearly all there is in methods and field names. Exact in every octet. */
INLINE uint64_t octets_plain(uint64_t x)
{
    uint64_t folded = (x | OCTETS(0x20)) & OCTETS(0x7f);
    uint64_t letter = (folded + OCTETS(0x80 - 'a')) & ~(folded + OCTETS(0x80 - 'z' - 1));
    uint64_t other_than_dash = ((x ^ OCTETS('-')) & OCTETS(0x7f)) + OCTETS(0x7f);
    return (letter | ~other_than_dash) & ~x & OCTETS(0x80);
}
/* The end of the token that begins at `at`, which is not beyond s.n. */
size_t token_end(struct span s, size_t at);
/* The first octet from `at` on that a target cannot hold: blank, control, '#', DEL or above. */
size_t target_end(struct span s, size_t at);
/* The first octet from `at` on that a field value cannot hold: a control byte other than HTAB. */
size_t value_end(struct span s, size_t at);
INLINE bool octet_is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}
INLINE bool octet_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}
INLINE uint8_t octet_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}
/* 0..15, or 16 where it is no hexadecimal digit */
INLINE unsigned octet_hex(uint8_t c)
{
    uint8_t lower = octet_lower(c);
    if (octet_is_digit(c))
        return c - (unsigned)'0';
    return lower >= 'a' && lower <= 'f' ? lower - (unsigned)'a' + 10 : 16;
}
/* Without the blanks (OWS) at both ends. */
INLINE struct span trimmed(struct span s)
{
    while (s.n > 0 && octet_is_blank(span_at(s, 0)))
        s = span_skip(s, 1);
    while (s.n > 0 && octet_is_blank(span_at(s, s.n - 1)))
        s = span_first(s, s.n - 1);
    return s;
}
/* Takes the next element of a comma-separated list off the front, blanks trimmed; false: no more. */
MUST_CHECK INLINE bool list_next_element(struct span *list, struct span *element)
{
    if (list->n == 0)
        return false;
    size_t comma = span_find(*list, ',');
    *element = trimmed(span_first(*list, comma));
    *list = span_skip(*list, comma + 1);
    return true;
}
/* Decimal digits only, the whole span, at most 18 of them; false: it is not that. */
MUST_CHECK INLINE bool decimal(struct span s, uint64_t *out)
{
    uint64_t v = 0;
    if (s.n == 0 || s.n > 18)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!octet_is_digit(span_at(s, i)))
            return false;
        v = v * 10 + (span_at(s, i) - (unsigned)'0');
    }
    *out = v;
    return true;
}

#endif
