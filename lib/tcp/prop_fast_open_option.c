// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "lib/tcp/fast_open_option.h"
#include "lib/tcp/segment.h"

PROPERTY(prop_cookie_decode, 64)
{
    struct tcp_cookie c, again;
    uint8_t out[60] = { [12] = TCP_HEADER_BYTES_MIN / 4 << 4 };
    tcp_cookie_decode(in, &c);
    CHECK(c.form <= TCP_COOKIE_EXPERIMENTAL && c.num_bytes <= TCP_COOKIE_BYTES_MAX && c.num_bytes % 2 == 0);
    CHECK(c.num_bytes == 0 || c.num_bytes >= TCP_COOKIE_BYTES_MIN);
    if (c.form == TCP_COOKIE_NONE)
        return;
    size_t n = tcp_cookie_append(&c, MSPAN(out), TCP_HEADER_BYTES_MIN);
    CHECK(n > TCP_HEADER_BYTES_MIN && n <= sizeof out && n % 4 == 0);
    tcp_cookie_decode(span_first(SPAN(out), n), &again);
    CHECK(again.form == c.form && again.num_bytes == c.num_bytes);
    CHECK_FUZZED(span_eq(SPAN(again.bytes), SPAN(c.bytes)));
}
