// SPDX-License-Identifier: ISC
/* Addresses and routes that come and go, by script: the tables keep their bounds, a next hop is a neighbour, and what is said of
 * an address does not contradict itself. */
#include "lib/ipv4/ipv4.h"
#include "check/any.h"

static uint32_t some_ip(struct cur *c)
{
    uint8_t net = cur_u8(c), host = cur_u8(c);
    uint32_t base = net & 128 ? 0x0a000000u : (uint32_t)net << 24;
    return base | (uint32_t)(net & 3) << 8 | host;
}
static void ask(const struct ipv4_host *h, uint32_t a, uint32_t source)
{
    struct ipv4_header p = { .source = source, .destination = a };
    enum ipv4_verdict v = ipv4_judge(h, &p);
    uint32_t hop = ipv4_next_hop(h, a), from = ipv4_source(h, hop);
    CHECK(!ipv4_is_ours(h, a) || ipv4_is_neighbour(h, a));
    CHECK(!ipv4_is_broadcast(h, a) || !ipv4_is_unicast(h, a));
    CHECK(v != IPV4_ACCEPT || (ipv4_is_ours(h, a) || h->num_addresses == 0));
    CHECK(hop == 0 || hop == a || ipv4_is_neighbour(h, hop));
    CHECK(from == 0 || ipv4_is_ours(h, from));
    CHECK(hop == 0 || hop == IPV4_BROADCAST || ipv4_is_multicast(hop) || ipv4_nearness(h, a) > 0);
}

PROPERTY(prop_ipv4_host, 400)
{
    static const uint8_t lengths[4] = { 0, 8, 24, 31 };
    struct ipv4_host h = { 0 };
    struct cur c = cur_of(in);
    while (cur_more(&c)) {
        uint8_t what = cur_u8(&c);
        uint32_t a = some_ip(&c), gateway = some_ip(&c), mask = ipv4_mask(lengths[what >> 3 & 3]);
        switch (what & 7) {
        case 0:
        case 1:
            CHECK(!ipv4_add_address(&h, a, mask) || ipv4_is_ours(&h, a));
            break;
        case 2:
        case 3:
            CHECK(!ipv4_add_route(&h, a, mask, gateway) || ipv4_is_neighbour(&h, gateway));
            break;
        case 4:
            ipv4_remove_address(&h, a);
            CHECK(!ipv4_is_ours(&h, a));
            break;
        case 5:
            ipv4_remove_route(&h, a, mask, gateway);
            break;
        case 6:
            ipv4_gateway_failed(&h, gateway);
            break;
        default:
            break;
        }
        CHECK(h.num_addresses <= IPV4_ADDRESSES && h.num_routes <= IPV4_ROUTES);
        ask(&h, a, gateway);
    }
}
