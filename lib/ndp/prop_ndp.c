// SPDX-License-Identifier: ISC
#include "lib/ndp/ndp.h"
#include "lib/ipv6/ipv6.h"
#include "check/any.h"

/* Any message, from the link with hop limit 255: what comes of it is bounded, and what we send is sound. */
PROPERTY(prop_ndp, 200)
{
    static struct ndp n;
    struct ndp_outgoing out;
    struct ndp_message m;
    struct ndp_config cfg = { .mac = { { 2, 0, 0, 0, 0, 1 } }, .mtu = 1500, .seed = 7, .accept_router_advertisements = true,
                              .is_opaque = in.n % 2, .has_temporary = in.n % 3 == 0 };
    enum wire_err e = ndp_decode(in, &m);
    CHECK((e == WIRE_OK) == (m.type != 0));
    CHECK(m.num_prefixes <= NDP_PREFIX_OPTIONS_MAX && m.dns.num_servers <= NDP_DNS_SERVERS_MAX);
    ndp_init(&n, &cfg, 0);
    for (nanos now = 0; now < 4 * (nanos)NS_PER_S; now += NS_PER_S / 4) {
        struct ndp_arrival a = { .source = { { 0xfe, 0x80, [15] = 9 } }, .destination = IPV6_ALL_NODES, .hop_limit = 255, .message = in };
        ndp_input(&n, &a, now);
        ndp_tick(&n, now);
        while (ndp_output(&n, &out)) {
            CHECK(out.num_bytes >= 8 && out.num_bytes <= NDP_MESSAGE_MAX_BYTES);
            CHECK(out.is_mld || ndp_decode(span_first(SPAN(out.byte), out.num_bytes), &m) == WIRE_OK);
        }
    }
    CHECK(n.mtu >= 1280 && n.mtu <= 1500 && ndp_deadline(&n) != 0);
}
