// SPDX-License-Identifier: ISC
#include "lib/icmp/icmp.h"
#include "lib/ipv4/ipv4.h"
#include "check/any.h"

PROPERTY(prop_icmp_decode, 80)
{
    struct icmp_header h;
    struct icmp_quote q;
    uint8_t out[ICMP_HEADER_BYTES];
    enum wire_err e = icmp_decode(in, &h);
    CHECK((e == WIRE_OK) == (in.n >= ICMP_HEADER_BYTES));
    icmp_encode(MSPAN(out), &h);
    CHECK_FUZZED(e != WIRE_OK || span_starts(in, SPAN(out)));
    e = icmp_error_decode(in, &q);
    CHECK((e == WIRE_OK) == (q.protocol == IPV4_TCP || q.protocol == IPV4_UDP));
}
