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

static inline struct wr wr_of(struct mspan out)
{
    return (struct wr){ .all = out, .room = out };
}
/* The next n bytes to be filled by the caller, or an empty span where they do not fit. */
static inline struct mspan wr_take(struct wr *w, size_t n)
{
    if (n > w->room.n)
        w->full = true;
    if (w->full)
        return (struct mspan){ 0 };
    struct mspan m = mspan_first(w->room, n);
    w->room = mspan_skip(w->room, n);
    return m;
}
static inline void wr_u8(struct wr *w, uint8_t v)
{
    struct mspan m = wr_take(w, 1);
    if (m.n == 1)
        mspan_put(m, 0, v);
}
static inline void wr_u16(struct wr *w, uint16_t v)
{
    struct mspan m = wr_take(w, 2);
    if (m.n == 2)
        mspan_u16(m, 0, v);
}
static inline void wr_u32(struct wr *w, uint32_t v)
{
    struct mspan m = wr_take(w, 4);
    if (m.n == 4)
        mspan_u32(m, 0, v);
}
static inline void wr_bytes(struct wr *w, struct span s)
{
    (void)span_copy(wr_take(w, s.n), s);
}
static inline void wr_zeros(struct wr *w, size_t n)
{
    mspan_zero(wr_take(w, n));
}
/* Unsigned decimal. */
static inline void wr_dec(struct wr *w, uint64_t v)
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
static inline void wr_hex(struct wr *w, uint64_t v)
{
    wr_bytes(w, TEXT("0x"));
    for (unsigned shift = v == 0 ? 4 : (67 - (unsigned)__builtin_clzll(v)) / 4 * 4; shift > 0; shift -= 4)
        wr_u8(w, span_at(TEXT("0123456789abcdef"), v >> (shift - 4) & 15));
}
static inline size_t wr_len(const struct wr *w)
{
    return w->full ? 0 : w->all.n - w->room.n;
}
static inline struct span wr_done(const struct wr *w)
{
    return span_first(span_of(w->all), wr_len(w));
}

#endif
