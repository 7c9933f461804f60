// SPDX-License-Identifier: ISC
/* Where bytes are split does not matter to their sum, which is that of the words one by one. */
#include "lib/checksum/checksum.h"
#include "check/any.h"
#include "check/prove/plain_checksum.h"

PROPERTY(prop_checksum_split, 80)
{
    size_t at = in.n > 0 ? span_at(in, 0) : 0;
    struct checksum whole = { 0 }, parts = { 0 };
    checksum_add(&whole, in);
    checksum_add(&parts, span_first(in, at));
    checksum_add(&parts, span_skip(in, at));
    CHECK(checksum_sum(&whole) == checksum_sum(&parts));
    CHECK(checksum_sum(&whole) == plain_sum(in));
}
