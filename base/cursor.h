// SPDX-License-Identifier: ISC
/* cursor.h - reads hostile bytes. The cursor only ever shrinks and its first error sticks: later reads
 * yield 0 or an empty span, so a decoder reads top to bottom like the figure of its RFC and asks once,
 * at the end (`cur_end`). */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H
#include "base/span.h"

enum wire_err { WIRE_OK, WIRE_SHORT, WIRE_TRAILING, WIRE_BAD_VALUE };

struct cur {
    struct span left;
    enum wire_err err;
};

/*@ predicate good(struct cur *c) = \valid(c) && readable(c->left) && (c->err != WIRE_OK ==> c->left.n == 0);
    predicate shrinks{Before, After}(struct cur *c) = \at(c->left.n, After) <= \at(c->left.n, Before) &&
        (\at(c->err, Before) != WIRE_OK ==> \at(c->err, After) == \at(c->err, Before)); */
/*@ requires readable(in);
    assigns \nothing;
    ensures \result.left == in && \result.err == WIRE_OK; */
INLINE struct cur cur_of(struct span in)
{
    return (struct cur){ .left = in };
}
/*@ requires good(c);
    assigns *c;
    ensures good(c) && shrinks{Pre, Post}(c);
    ensures ok ==> *c == \old(*c);
    ensures !ok ==> c->left.n == 0;
    ensures !ok && \old(c->err) == WIRE_OK ==> c->err == e; */
/* A constraint of the format: unless ok, the cursor fails with e. */
INLINE void cur_want(struct cur *c, bool ok, enum wire_err e)
{
    if (!ok && c->err == WIRE_OK)
        *c = (struct cur){ .err = e };
}
/*@ requires good(c);
    assigns \nothing;
    ensures \result <==> c->left.n > 0; */
INLINE bool cur_more(const struct cur *c)
{
    return c->left.n > 0;
}
/*@ requires good(c);
    assigns *c;
    ensures good(c) && shrinks{Pre, Post}(c) && readable(\result);
    ensures c->err == WIRE_OK ==> \result.n == n && c->left.n == \old(c->left.n) - n;
    ensures c->err != WIRE_OK ==> \result.n == 0; */
INLINE struct span cur_bytes(struct cur *c, size_t n)
{
    cur_want(c, n <= c->left.n, WIRE_SHORT);
    if (c->err != WIRE_OK)
        return (struct span){ 0 };
    struct span s = span_first(c->left, n);
    c->left = span_skip(c->left, n);
    return s;
}
/*@ requires good(c);
    assigns *c;
    ensures good(c) && shrinks{Pre, Post}(c) && readable(\result) && c->left.n == 0; */
INLINE struct span cur_rest(struct cur *c)
{
    return cur_bytes(c, c->left.n);
}
/*@ requires good(c);
    assigns *c;
    ensures good(c) && shrinks{Pre, Post}(c);
    ensures c->err != WIRE_OK ==> \result == 0; */
INLINE uint8_t cur_u8(struct cur *c)
{
    struct span s = cur_bytes(c, 1);
    return s.n == 1 ? span_at(s, 0) : 0;
}
/*@ requires good(c);
    assigns *c;
    ensures good(c) && shrinks{Pre, Post}(c);
    ensures c->err != WIRE_OK ==> \result == 0; */
INLINE uint16_t cur_u16(struct cur *c)
{
    struct span s = cur_bytes(c, 2);
    return s.n == 2 ? span_u16(s, 0) : 0;
}
/*@ requires good(c);
    assigns *c;
    ensures good(c) && shrinks{Pre, Post}(c);
    ensures c->err != WIRE_OK ==> \result == 0; */
INLINE uint32_t cur_u32(struct cur *c)
{
    struct span s = cur_bytes(c, 4);
    return s.n == 4 ? span_u32(s, 0) : 0;
}
/*@ requires good(c);
    assigns *c;
    ensures good(c) && shrinks{Pre, Post}(c) && \result == c->err;
    ensures \result == WIRE_OK ==> \old(c->left.n) == 0; */
/* Nothing may be left over. Says what went wrong first. */
MUST_CHECK INLINE enum wire_err cur_end(struct cur *c)
{
    cur_want(c, c->left.n == 0, WIRE_TRAILING);
    return c->err;
}

#endif
