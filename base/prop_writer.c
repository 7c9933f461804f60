// SPDX-License-Identifier: ISC
/* Any number fits the digits of wr_dec, and a writer never writes beyond its end. */
#include "base/cursor.h"
#include "base/writer.h"
#include "check/any.h"

UNUSED static uint64_t value_of(struct span digits)
{
    uint64_t v = 0;
    for (; digits.n > 0; digits = span_skip(digits, 1))
        v = v * 10 + (span_at(digits, 0) - (uint64_t)'0');
    return v;
}

PROPERTY(prop_writer_decimal, 9)
{
    uint8_t out[20];
    struct cur c = cur_of(in);
    struct wr w = wr_of(mspan_first(MSPAN(out), cur_u8(&c)));
    uint64_t number = (uint64_t)cur_u32(&c) << 32 | cur_u32(&c);
    wr_dec(&w, number);
    CHECK_FUZZED(wr_len(&w) <= sizeof out);
    CHECK_FUZZED(w.full || value_of(wr_done(&w)) == number);
}
