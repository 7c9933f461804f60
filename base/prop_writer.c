// SPDX-License-Identifier: ISC
/* Any number fits the digits of wr_dec and wr_hex, and a writer never writes beyond its end. */
#include "base/cursor.h"
#include "base/writer.h"
#include "check/any.h"

UNUSED static uint64_t value_of(struct span digits, unsigned base)
{
    uint64_t v = 0;
    for (; digits.n > 0; digits = span_skip(digits, 1)) {
        uint8_t digit = span_at(digits, 0);
        v = v * base + (digit > '9' ? digit - (uint64_t)'a' + 10 : digit - (uint64_t)'0');
    }
    return v;
}

PROPERTY(prop_writer_numbers, 10)
{
    uint8_t out[20];
    struct cur c = cur_of(in);
    struct wr w = wr_of(mspan_first(MSPAN(out), cur_u8(&c)));
    uint64_t number = (uint64_t)cur_u32(&c) << 32 | cur_u32(&c);
    bool is_hex = cur_u8(&c) & 1;
    if (is_hex)
        wr_hex(&w, number);
    else
        wr_dec(&w, number);
    CHECK_FUZZED(wr_len(&w) <= sizeof out);
    CHECK_FUZZED(w.full || is_hex || value_of(wr_done(&w), 10) == number);
    CHECK_FUZZED(w.full || !is_hex || (span_starts(wr_done(&w), TEXT("0x")) && value_of(span_skip(wr_done(&w), 2), 16) == number));
}
