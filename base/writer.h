// SPDX-License-Identifier: ISC
/* writer.h - the discipline of the cursor for output: what does not fit makes the writer full, and
 * full sticks. `wr_done` gives what was written, or nothing at all. */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H
#include "base/span.h"

struct wr {
    struct mspan all, room;
    bool full;
};

/*@ predicate sound(struct wr *w) = \valid(w) && writable(w->all) && writable(w->room) && w->room.n <= w->all.n &&
        (w->all.n == 0 || \separated(w, w->all.p + (0 .. w->all.n - 1))) &&
        (w->room.n > 0 ==> w->room.p == w->all.p + (w->all.n - w->room.n)); */
/*@ requires writable(out);
    assigns \nothing;
    ensures \result.all == out && \result.room == out && !\result.full; */
INLINE struct wr wr_of(struct mspan out)
{
    return (struct wr){ .all = out, .room = out };
}
/*@ requires sound(w);
    assigns *w;
    ensures sound(w) && writable(\result) && w->all == \old(w->all) && (\old(w->full) ==> w->full);
    ensures w->full ==> \result.n == 0;
    ensures !w->full ==> \result.n == n && \result.p == \old(w->room.p) && n <= \old(w->room.n); */
/* The next n bytes to be filled by the caller, or an empty span where they do not fit. */
INLINE struct mspan wr_take(struct wr *w, size_t n)
{
    if (n > w->room.n)
        w->full = true;
    if (w->full)
        return (struct mspan){ 0 };
    struct mspan m = mspan_first(w->room, n);
    w->room = mspan_skip(w->room, n);
    return m;
}
/*@ requires sound(w);
    assigns *w, w->room.p[0 .. w->room.n - 1];
    ensures sound(w) && (\old(w->full) ==> w->full); */
INLINE void wr_u8(struct wr *w, uint8_t v)
{
    struct mspan m = wr_take(w, 1);
    if (m.n == 1)
        mspan_put(m, 0, v);
}
/*@ requires sound(w);
    assigns *w, w->room.p[0 .. w->room.n - 1];
    ensures sound(w) && (\old(w->full) ==> w->full); */
INLINE void wr_u16(struct wr *w, uint16_t v)
{
    struct mspan m = wr_take(w, 2);
    if (m.n == 2)
        mspan_u16(m, 0, v);
}
/*@ requires sound(w);
    assigns *w, w->room.p[0 .. w->room.n - 1];
    ensures sound(w) && (\old(w->full) ==> w->full); */
INLINE void wr_u32(struct wr *w, uint32_t v)
{
    struct mspan m = wr_take(w, 4);
    if (m.n == 4)
        mspan_u32(m, 0, v);
}
/*@ requires sound(w) && readable(s) && \separated(w, s.p + (0 .. s.n - 1)) &&
        (s.n == 0 || w->room.n == 0 || \separated(w->room.p + (0 .. w->room.n - 1), s.p + (0 .. s.n - 1)));
    assigns *w, w->room.p[0 .. w->room.n - 1];
    ensures sound(w) && (\old(w->full) ==> w->full); */
INLINE void wr_bytes(struct wr *w, struct span s)
{
    (void)span_copy(wr_take(w, s.n), s);
}
/*@ requires sound(w);
    assigns *w, w->room.p[0 .. w->room.n - 1];
    ensures sound(w) && (\old(w->full) ==> w->full); */
INLINE void wr_zeros(struct wr *w, size_t n)
{
    mspan_zero(wr_take(w, n));
}
/*@ requires sound(w);
    assigns *w, w->room.p[0 .. w->room.n - 1];
    ensures sound(w) && (\old(w->full) ==> w->full); */
/* Unsigned decimal. */
INLINE void wr_dec(struct wr *w, uint64_t v)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (uint8_t)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    wr_bytes(w, span_skip(SPAN(digits), at));
}
/* "0x" and the digits that count. */
INLINE void wr_hex(struct wr *w, uint64_t v)
{
    wr_bytes(w, TEXT("0x"));
    for (unsigned shift = v == 0 ? 4 : (67 - (unsigned)__builtin_clzll(v)) / 4 * 4; shift > 0; shift -= 4)
        wr_u8(w, span_at(TEXT("0123456789abcdef"), v >> (shift - 4) & 15));
}
/*@ requires sound(w);
    assigns \nothing;
    ensures \result <= w->all.n && (w->full ==> \result == 0); */
INLINE size_t wr_len(const struct wr *w)
{
    return w->full ? 0 : w->all.n - w->room.n;
}
/*@ requires sound(w);
    assigns \nothing;
    ensures readable(\result) && \result.n <= w->all.n; */
INLINE struct span wr_done(const struct wr *w)
{
    return span_first(span_of(w->all), wr_len(w));
}

#endif
