// SPDX-License-Identifier: ISC
/* The header without options, which has a fixed layout; proof: eva */
#include "lib/ipv4/ipv4.h"
#include "check/any.h"

PROPERTY(prop_ipv4_header, IPV4_HEADER_BYTES)
{
    struct ipv4_header h;
    enum wire_err e = ipv4_decode(in, 1500, &h);
    CHECK((e == WIRE_OK) == (h.header_bytes >= IPV4_HEADER_BYTES));
    CHECK_FUZZED(e != WIRE_OK || h.header_bytes == IPV4_HEADER_BYTES);
    CHECK(e != WIRE_OK || (h.total_bytes >= IPV4_HEADER_BYTES && h.total_bytes <= 1500));
    CHECK(e == WIRE_OK || (h.total_bytes == 0 && h.source == 0 && h.destination == 0 && h.protocol == 0 && h.identification == 0));
    CHECK(e == WIRE_OK || (!h.is_fragment && !h.more_fragments && h.offset_bytes == 0 && h.time_to_live == 0 && h.traffic_class == 0));
    CHECK(h.offset_bytes % 8 == 0 && h.offset_bytes <= 65528);
    CHECK_FUZZED(h.is_fragment || !h.more_fragments);
}
