// SPDX-License-Identifier: ISC
/* span.h - borrowed bytes with their length; the only file that indexes or offsets a raw byte pointer.
 *
 * Splitting saturates: what is asked for beyond the end is simply not there, so no call can leave the
 * bytes it was given. An access to one byte or an array element (`span_at`, `AT`) outside is our own
 * bug and panics. Byte order is big-endian (network) unless the name says `le`.
 *
 * The comments that begin with an at sign are contracts, proved for all lengths by `make prove`: whatever the
 * arguments, a function reaches only bytes of its spans, and the spans that it returns lie in those that it got. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H
#include "base/attr.h"
#include "base/panic.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {           /* borrowed, read-only */
    const uint8_t *p;
    size_t n;
};
struct mspan {          /* borrowed, writable */
    uint8_t *p;
    size_t n;
};
/*@ predicate readable(struct span s) = s.n == 0 || \valid_read(s.p + (0 .. s.n - 1));
    predicate writable(struct mspan m) = m.n == 0 || \valid(m.p + (0 .. m.n - 1)); */

/* Spans over arrays and string literals; a pointer does not compile. */
#ifdef __FRAMAC__           /* its parser takes no assertion in a struct */
#define IS_ARRAY_(a) 0
#else
#define IS_ARRAY_(a)                                                                                         \
    (0 * sizeof(struct {                                                                                     \
        _Static_assert(!__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])), "an array is needed"); \
        char c;                                                                                              \
    }))
#endif
#define SPAN(array) ((struct span){ (const uint8_t *)(array), sizeof(array) + IS_ARRAY_(array) })
#define MSPAN(array) ((struct mspan){ (uint8_t *)(array), sizeof(array) + IS_ARRAY_(array) })
#define TEXT(literal) ((struct span){ (const uint8_t *)("" literal), sizeof(literal) - 1 })
#define TEXT_INIT(literal) { (const uint8_t *)("" literal), sizeof(literal) - 1 }
/* The bytes of one object. */
#define SPAN_OF(object) ((struct span){ (const uint8_t *)&(object), sizeof(object) })
#define MSPAN_OF(object) ((struct mspan){ (uint8_t *)&(object), sizeof(object) })

/* A NUL-terminated string from a C interface, without the NUL. */
static inline struct span span_of_str(const char *s)
{
    return (struct span){ (const uint8_t *)s, strlen(s) };
}
/*@ requires writable(m);
    assigns \nothing;
    ensures \result.p == m.p && \result.n == m.n && readable(\result); */
INLINE struct span span_of(struct mspan m)
{
    return (struct span){ m.p, m.n };
}
/*@ requires readable(s);
    assigns \nothing;
    ensures i < s.n && \result == s.p[i]; */
INLINE uint8_t span_at(struct span s, size_t i)
{
    REQUIRE(i < s.n);
    return s.p[i];
}
/*@ requires writable(m);
    assigns m.p[i];
    ensures i < m.n && m.p[i] == v; */
INLINE void mspan_put(struct mspan m, size_t i, uint8_t v)
{
    REQUIRE(i < m.n);
    m.p[i] = v;
}
/*@ requires readable(s);
    assigns \nothing;
    ensures readable(\result) && \result.p == s.p && \result.n == (n < s.n ? n : s.n); */
/* the first n bytes, or all of them */
INLINE struct span span_first(struct span s, size_t n)
{
    return (struct span){ s.p, n < s.n ? n : s.n };
}
/*@ requires readable(s);
    assigns \nothing;
    ensures readable(\result) && \result.n == (n < s.n ? s.n - n : 0);
    ensures n < s.n ==> \result.p == s.p + n; */
/* all but the first n bytes, or none */
INLINE struct span span_skip(struct span s, size_t n)
{
    return n < s.n ? (struct span){ s.p + n, s.n - n } : (struct span){ 0 };
}
/*@ requires readable(s);
    assigns \nothing;
    ensures readable(\result) && \result.n <= s.n && \result.n <= n;
    ensures \result.n > 0 ==> \result.p == s.p + from && from + \result.n <= s.n; */
INLINE struct span span_sub(struct span s, size_t from, size_t n)
{
    return span_first(span_skip(s, from), n);
}
/*@ requires writable(m);
    assigns \nothing;
    ensures writable(\result) && \result.p == m.p && \result.n == (n < m.n ? n : m.n); */
INLINE struct mspan mspan_first(struct mspan m, size_t n)
{
    return (struct mspan){ m.p, n < m.n ? n : m.n };
}
/*@ requires writable(m);
    assigns \nothing;
    ensures writable(\result) && \result.n == (n < m.n ? m.n - n : 0);
    ensures n < m.n ==> \result.p == m.p + n; */
INLINE struct mspan mspan_skip(struct mspan m, size_t n)
{
    return n < m.n ? (struct mspan){ m.p + n, m.n - n } : (struct mspan){ 0 };
}
/*@ requires writable(m);
    assigns \nothing;
    ensures writable(\result) && \result.n <= m.n && \result.n <= n;
    ensures \result.n > 0 ==> \result.p == m.p + from && from + \result.n <= m.n; */
INLINE struct mspan mspan_sub(struct mspan m, size_t from, size_t n)
{
    return mspan_first(mspan_skip(m, from), n);
}
/*@ requires writable(to) && readable(from);
    requires from.n == 0 || to.n == 0 || \separated(to.p + (0 .. to.n - 1), from.p + (0 .. from.n - 1));
    assigns to.p[0 .. to.n - 1];
    ensures \result == (from.n < to.n ? from.n : to.n); */
/* Copies as much of `from` as fits; says how much that was. They may not overlap. */
INLINE size_t span_copy(struct mspan to, struct span from)
{
    size_t n = from.n < to.n ? from.n : to.n;
    if (n > 0)
        memcpy(to.p, from.p, n);
    return n;
}
/*@ requires writable(m);
    assigns m.p[0 .. m.n - 1];
    ensures \forall integer i; 0 <= i < m.n ==> m.p[i] == 0; */
INLINE void mspan_zero(struct mspan m)
{
    if (m.n > 0)
        memset(m.p, 0, m.n);
}
/*@ requires readable(a) && readable(b);
    assigns \nothing;
    ensures \result ==> a.n == b.n; */
INLINE bool span_eq(struct span a, struct span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
/*@ requires readable(a) && readable(b);
    assigns \nothing; */
/* Byte order of a dictionary: below, equal to or above 0; a prefix comes before what it begins. */
INLINE int span_order(struct span a, struct span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}
/*@ requires readable(s) && readable(prefix);
    assigns \nothing;
    ensures \result ==> prefix.n <= s.n; */
INLINE bool span_starts(struct span s, struct span prefix)
{
    return s.n >= prefix.n && span_eq(span_first(s, prefix.n), prefix);
}
/*@ requires readable(s);
    assigns \nothing;
    ensures \result <= s.n && (\result < s.n ==> s.p[\result] == c);
    ensures \forall integer i; 0 <= i < \result ==> s.p[i] != c; */
/* Position of the first byte `c`, or s.n where there is none. */
INLINE size_t span_find(struct span s, uint8_t c)
{
    const uint8_t *at = s.n > 0 ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

/* Fixed-offset loads and stores for headers of fixed layout. */
/*@ requires readable(s);
    assigns \nothing;
    ensures at + 2 <= s.n; */
INLINE uint16_t span_u16(struct span s, size_t at)
{
    REQUIRE(s.n >= 2 && at <= s.n - 2);
    uint16_t v;
    memcpy(&v, s.p + at, sizeof v);
    return __builtin_bswap16(v);
}
/*@ requires readable(s);
    assigns \nothing;
    ensures at + 4 <= s.n; */
INLINE uint32_t span_u32(struct span s, size_t at)
{
    REQUIRE(s.n >= 4 && at <= s.n - 4);
    uint32_t v;
    memcpy(&v, s.p + at, sizeof v);
    return __builtin_bswap32(v);
}
/*@ requires readable(s);
    assigns \nothing;
    ensures at + 8 <= s.n; */
INLINE uint64_t span_le64(struct span s, size_t at)
{
    REQUIRE(s.n >= 8 && at <= s.n - 8);
    uint64_t v;
    memcpy(&v, s.p + at, sizeof v);
    return v;
}
/*@ requires writable(m);
    assigns m.p[at .. at + 1];
    ensures at + 2 <= m.n; */
INLINE void mspan_u16(struct mspan m, size_t at, uint16_t v)
{
    REQUIRE(m.n >= 2 && at <= m.n - 2);
    v = __builtin_bswap16(v);
    memcpy(m.p + at, &v, sizeof v);
}
/*@ requires writable(m);
    assigns m.p[at .. at + 3];
    ensures at + 4 <= m.n; */
INLINE void mspan_u32(struct mspan m, size_t at, uint32_t v)
{
    REQUIRE(m.n >= 4 && at <= m.n - 4);
    v = __builtin_bswap32(v);
    memcpy(m.p + at, &v, sizeof v);
}

/* A typed slice: elements with their number. `AT` is the one way to reach an element. */
#define SLICE(type) struct { type *p; size_t n; }
#define AT(slice, i) (*slice_check_((slice).p, (i), (slice).n))
#define slice_check_(base, i, n)                        \
    ({                                                  \
        size_t i_ = (i);                                \
        REQUIRE(i_ < (n));                              \
        &(base)[i_];                                    \
    })

#endif
