// SPDX-License-Identifier: ISC
/* Sums and products that say when they do not fit, the order of spans, hexadecimal, and a text for every error. */
#include "base/checked.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/writer.h"
#include "check/any.h"

static uint64_t some_number(struct cur *c)
{
    return (uint64_t)cur_u32(c) << 32 | cur_u32(c);
}
UNUSED static uint64_t value_of(struct span digits)
{
    uint64_t v = 0;
    for (; digits.n > 0; digits = span_skip(digits, 1)) {
        uint8_t c = span_at(digits, 0);
        v = v * 16 + (uint64_t)(c - (c >= 'a' ? 'a' - 10 : '0'));
    }
    return v;
}

PROPERTY(prop_numbers, 40)
{
    struct cur c = cur_of(in);
    uint8_t out[18];
    struct wr w = wr_of(mspan_first(MSPAN(out), cur_u8(&c)));
    uint64_t a = some_number(&c), b = some_number(&c), sum = 7, product = 7;
    size_t s = 7, p = 7;
    bool fits = u64_add(a, b, &sum), multiplies = u64_mul(a, b, &product);
    CHECK_FUZZED(fits ? sum - a == b && sum >= a : sum == 7 && a + b < a);
    CHECK_FUZZED(multiplies ? a == 0 || product / a == b : product == 7 && b > UINT64_MAX / a);
    CHECK_FUZZED(size_add((size_t)a, (size_t)b, &s) ? s == (size_t)(a + b) : s == 7);
    CHECK_FUZZED(size_mul((size_t)a, (size_t)b, &p) ? p == (size_t)(a * b) : p == 7);
    wr_hex(&w, a);
    CHECK_FUZZED(w.full || value_of(span_skip(wr_done(&w), 2)) == a);
    struct span rest = cur_rest(&c), first = span_first(rest, (size_t)(b & 7)), second = span_skip(rest, (size_t)(b & 7));
    CHECK_FUZZED((span_order(first, second) == 0) == span_eq(first, second));
    CHECK_FUZZED((span_order(first, second) < 0) == (span_order(second, first) > 0));
    for (unsigned e = 0; e <= E_NUM; e++)
        CHECK(err_name((err)e)[0] != '\0');
}
