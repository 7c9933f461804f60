// SPDX-License-Identifier: ISC
/* change.c - what happens to addresses and routes later on. */
#include "lib/ipv4/ipv4.h"

static void remove_route(struct ipv4_host *h, size_t at)
{
    h->num_routes--;
    for (; at < h->num_routes; at++)
        h->route[at] = h->route[at + 1];
    h->route[h->num_routes] = (struct ipv4_route){ 0 };
}

void ipv4_remove_route(struct ipv4_host *h, uint32_t network, uint32_t mask, uint32_t gateway)
{
    for (size_t i = h->num_routes; i-- > 0;)
        if (h->route[i].network == (network & mask) && h->route[i].mask == mask && h->route[i].gateway == gateway)
            remove_route(h, i);
}

void ipv4_remove_address(struct ipv4_host *h, uint32_t ip)
{
    size_t at = 0;
    while (at < h->num_addresses && h->address[at].ip != ip)
        at++;
    if (at == h->num_addresses)
        return;
    h->num_addresses--;
    for (; at < h->num_addresses; at++)
        h->address[at] = h->address[at + 1];
    h->address[h->num_addresses] = (struct ipv4_address){ 0 };
    for (size_t i = h->num_routes; i-- > 0;)
        if (!ipv4_is_neighbour(h, h->route[i].gateway))
            remove_route(h, i);
}

void ipv4_gateway_failed(struct ipv4_host *h, uint32_t gateway)
{
    for (size_t i = 0; i + 1 < h->num_routes; i++) {
        struct ipv4_route *r = &h->route[i], *next = &h->route[i + 1], failed = *r;
        if (r->gateway != gateway || next->mask != r->mask || next->network != r->network)
            continue;
        *r = *next;
        *next = failed;
    }
}
