// SPDX-License-Identifier: ISC
#include "lib/ipv6/ipv6.h"
#include "check/any.h"

PROPERTY(prop_ipv6_decode, 120)
{
    struct ipv6_header h;
    struct ipv6_extensions x;
    uint8_t out[IPV6_HEADER_BYTES];
    enum wire_err e = ipv6_decode(in, in.n, &h);
    CHECK(e != WIRE_OK || in.n >= IPV6_HEADER_BYTES);
    CHECK(h.payload_bytes + IPV6_HEADER_BYTES <= in.n || e != WIRE_OK);
    ipv6_encode(MSPAN(out), &h);
    CHECK(e != WIRE_OK || span_eq(span_skip(SPAN(out), 4), span_sub(in, 4, IPV6_HEADER_BYTES - 4)));
    struct span rest = span_skip(in, 1);
    enum ipv6_verdict v = ipv6_walk(rest, in.n > 0 ? span_at(in, 0) : 0, &x);
    CHECK(x.num_bytes <= rest.n && x.pointer < IPV6_HEADER_BYTES + rest.n + 1);
    CHECK(v != IPV6_IS_FRAGMENT || x.fragment.offset_bytes % 8 == 0);
}
