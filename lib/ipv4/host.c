// SPDX-License-Identifier: ISC
/* host.c - addresses and routes (RFC 1122 section 3.3.1). Routes are kept with the longest mask first, so that the first that
 * fits is the right one. */
#include "lib/ipv4/ipv4.h"

/* RFC 3021: a network of 31 bits has no broadcast address. */
static bool has_broadcast(uint32_t mask)
{
    return ~mask > 1;
}

static bool is_in(uint32_t a, uint32_t network, uint32_t mask)
{
    return ((a ^ network) & mask) == 0;
}

static const struct ipv4_address *network_of(const struct ipv4_host *h, uint32_t a)
{
    for (size_t i = 0; i < h->num_addresses; i++)
        if (is_in(a, h->address[i].ip, h->address[i].mask))
            return &h->address[i];
    return NULL;
}

bool ipv4_is_neighbour(const struct ipv4_host *h, uint32_t a)
{
    return network_of(h, a) != NULL;
}

bool ipv4_is_ours(const struct ipv4_host *h, uint32_t a)
{
    for (size_t i = 0; i < h->num_addresses; i++)
        if (h->address[i].ip == a)
            return true;
    return false;
}

/* The host part of an address is all ones, or where `or_first` says so all zeros, in some network of ours. */
static bool is_edge(const struct ipv4_host *h, uint32_t a, bool or_first)
{
    for (size_t i = 0; i < h->num_addresses; i++) {
        const struct ipv4_address *n = &h->address[i];
        bool at_edge = (~a & ~n->mask) == 0 || (or_first && (a & ~n->mask) == 0);
        if (at_edge && has_broadcast(n->mask) && is_in(a, n->ip, n->mask))
            return true;
    }
    return false;
}

bool ipv4_is_broadcast(const struct ipv4_host *h, uint32_t a)
{
    return a == IPV4_BROADCAST || is_edge(h, a, false);
}

/* RFC 1122 section 3.2.1.3: network 0, loopback, multicast and class E are no host's, nor are the first and the
 * last address of a network of ours. */
bool ipv4_is_unicast(const struct ipv4_host *h, uint32_t a)
{
    uint32_t net = a >> 24;
    return net != 0 && net != 127 && net < 224 && !is_edge(h, a, true);
}

/* Who has no address yet asks all (RFC 1122 section 3.2.1.3 a); switches ask for groups so (RFC 4541 section 2.1.1). */
static bool may_come_from_nobody(const struct ipv4_header *p)
{
    bool asks_for_groups = p->protocol == IPV4_IGMP && ipv4_is_multicast(p->destination);
    return p->source == 0 && (p->destination == IPV4_BROADCAST || asks_for_groups);
}

enum ipv4_verdict ipv4_judge(const struct ipv4_host *h, const struct ipv4_header *p)
{
    bool is_ours = ipv4_is_ours(h, p->destination), is_multicast = ipv4_is_multicast(p->destination);
    if (!is_ours && !is_multicast && !ipv4_is_broadcast(h, p->destination))
        return IPV4_NOT_OURS;
    if (ipv4_is_ours(h, p->source) || (!ipv4_is_unicast(h, p->source) && !may_come_from_nobody(p)))
        return IPV4_BAD_SOURCE;
    if (is_multicast)
        return IPV4_MULTICAST;
    return is_ours ? IPV4_ACCEPT : IPV4_ACCEPT_BROADCAST;
}

uint32_t ipv4_next_hop(const struct ipv4_host *h, uint32_t destination)
{
    if (!ipv4_is_unicast(h, destination))
        return ipv4_is_broadcast(h, destination) || ipv4_is_multicast(destination) ? destination : 0;
    if (ipv4_is_ours(h, destination))
        return 0;
    const struct ipv4_address *near = network_of(h, destination);
    for (size_t i = 0; i < h->num_routes; i++) {
        const struct ipv4_route *r = &h->route[i];
        if (is_in(destination, r->network, r->mask))
            return near && near->mask >= r->mask ? destination : r->gateway;
    }
    return near ? destination : 0;
}

uint32_t ipv4_source(const struct ipv4_host *h, uint32_t next_hop)
{
    const struct ipv4_address *near = network_of(h, next_hop);
    return near ? near->ip : h->address[0].ip;
}

/* ---- Changes */

bool ipv4_add_address(struct ipv4_host *h, uint32_t ip, uint32_t mask)
{
    if (h->num_addresses == IPV4_ADDRESSES || ipv4_is_ours(h, ip))
        return false;
    h->address[h->num_addresses++] = (struct ipv4_address){ ip, mask };
    if (ipv4_is_unicast(h, ip))
        return true;
    h->address[--h->num_addresses] = (struct ipv4_address){ 0 };
    return false;
}

bool ipv4_add_route(struct ipv4_host *h, uint32_t network, uint32_t mask, uint32_t gateway)
{
    size_t at = h->num_routes;
    if (at == IPV4_ROUTES || !ipv4_is_neighbour(h, gateway) || !ipv4_is_unicast(h, gateway) || ipv4_is_ours(h, gateway))
        return false;
    for (; at > 0 && h->route[at - 1].mask < mask; at--)
        h->route[at] = h->route[at - 1];
    h->num_routes++;
    h->route[at] = (struct ipv4_route){ network & mask, mask, gateway };
    return true;
}
