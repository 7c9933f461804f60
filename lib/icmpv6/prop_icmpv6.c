// SPDX-License-Identifier: ISC
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv6/ipv6.h"
#include "check/any.h"

PROPERTY(prop_icmpv6_decode, 120)
{
    struct icmpv6_header h;
    struct icmpv6_quote q;
    uint8_t out[ICMPV6_HEADER_BYTES];
    enum wire_err e = icmpv6_decode(in, &h);
    CHECK((e == WIRE_OK) == (in.n >= ICMPV6_HEADER_BYTES));
    icmpv6_encode(MSPAN(out), &h);
    CHECK(e != WIRE_OK || span_starts(in, SPAN(out)));
    e = icmpv6_error_decode(in, &q);
    CHECK((e == WIRE_OK) == (q.protocol == IPV6_TCP || q.protocol == IPV6_UDP || q.protocol == IPV6_ICMPV6));
    CHECK(q.mtu == 0 || h.type == ICMPV6_PACKET_TOO_BIG);
}
