// SPDX-License-Identifier: ISC
#include "lib/udp/udp.h"
#include "check/any.h"

PROPERTY(prop_udp_decode, 16)
{
    struct udp_header h;
    uint8_t out[UDP_HEADER_BYTES];
    enum wire_err e = udp_decode(in, in.n, &h);
    CHECK((e == WIRE_OK) == (h.length_bytes >= UDP_HEADER_BYTES));
    CHECK(h.length_bytes <= in.n);
    udp_encode(MSPAN(out), &h);
    CHECK_FUZZED(e != WIRE_OK || span_starts(in, SPAN(out)));
}
