// SPDX-License-Identifier: ISC
/* Any bytes: a message that is refused is all zero, one that is taken keeps its bounds, and what we write is one. */
#include "lib/ndp/message.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv6/ipv6.h"
#include "check/any.h"

PROPERTY(prop_ndp_decode, 200)
{
    struct ndp_message m, again;
    uint8_t out[NDP_MESSAGE_MAX_BYTES];
    struct wr w = wr_of(MSPAN(out));
    enum wire_err e = ndp_decode(in, &m);
    CHECK(e == WIRE_OK || span_eq(SPAN_OF(m), SPAN_OF((struct ndp_message){ 0 })));
    CHECK((e == WIRE_OK) == (m.type != 0));
    CHECK(m.num_prefixes <= NDP_PREFIX_OPTIONS_MAX && m.dns.num_servers <= NDP_DNS_SERVERS_MAX);
    CHECK(m.num_routes <= NDP_ROUTE_OPTIONS_MAX && (m.num_routes == 0 || m.route[m.num_routes - 1].length <= 128));
    CHECK(m.dns.search_bytes <= sizeof m.dns.search);
    CHECK(!ipv6_is_group(&m.target) && !(m.source_mac.byte[0] & 1) && !(m.target_mac.byte[0] & 1));
    CHECK(m.max_response_ms <= 8387584);        /* RFC 3810 section 5.1.3: the largest that a code says */
    if (e != WIRE_OK || m.type != ICMPV6_NEIGHBOR_ADVERTISEMENT)
        return;
    ndp_write_advertisement(&w, &m.target, m.is_solicited, m.is_override, m.has_target_mac ? &m.target_mac : NULL);
    CHECK(ndp_decode(wr_done(&w), &again) == WIRE_OK);
    CHECK(ip_eq(&m.target, &again.target) && mac_eq(&m.target_mac, &again.target_mac));
    CHECK(m.is_solicited == again.is_solicited && m.is_override == again.is_override && m.has_target_mac == again.has_target_mac);
}
