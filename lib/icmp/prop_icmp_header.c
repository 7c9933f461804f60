// SPDX-License-Identifier: ISC
/* The header, of fixed layout, and the reply to an echo request; proof: eva */
#include "lib/icmp/icmp.h"
#include "check/any.h"

PROPERTY(prop_icmp_header, 12)
{
    struct icmp_header h;
    uint8_t out[ICMP_HEADER_BYTES];
    enum wire_err e = icmp_decode(in, &h);
    CHECK((e == WIRE_OK) == (in.n >= ICMP_HEADER_BYTES));
    CHECK(e == WIRE_OK || (h.type == 0 && h.code == 0 && h.checksum == 0 && h.rest == 0));
    icmp_encode(MSPAN(out), &h);
    CHECK_FUZZED(e != WIRE_OK || span_starts(in, SPAN(out)));
    struct icmp_header reply = icmp_echo_reply(&h);
    CHECK(reply.type == ICMP_ECHO_REPLY && reply.code == 0 && reply.checksum != 0);
    CHECK_FUZZED(reply.rest == h.rest);
}
