// SPDX-License-Identifier: ISC
/* port-zlib.c - compresses a text, decompresses it again and says what that gave. */
#include "port-zlib.h"
#include "runtime/log.h"
#include "zlib/bytes.h"

enum { LINE_BYTES = 32, LINES_MAX = 1000, TEXT_BYTES_MAX = LINE_BYTES * LINES_MAX };

err port_zlib_main(void)
{
    static uint8_t text[TEXT_BYTES_MAX], packed[TEXT_BYTES_MAX], unpacked[TEXT_BYTES_MAX];
    struct wr w = wr_of(mspan_first(MSPAN(text), arg_lines() * LINE_BYTES));
    size_t num_packed, num_unpacked;

    for (uint64_t i = 0; i < arg_lines(); i++)
        format(&w, "line %06llu of a dull long text\n", (unsigned long long)i);
    struct span all = span_first(SPAN(text), w.all.n - w.room.n);
    TRY(zlib_pack(all, MSPAN(packed), (int)arg_level(), &num_packed));
    TRY(zlib_unpack(span_first(SPAN(packed), num_packed), MSPAN(unpacked), &num_unpacked));
    if (!span_eq(all, span_first(SPAN(unpacked), num_unpacked)))
        return E_INVALID;
    print("%zu bytes are %s, and again the same\n", all.n, num_packed < all.n / 2 ? "less than half" : "hardly less");
    return OK;
}
