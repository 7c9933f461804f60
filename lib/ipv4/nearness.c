// SPDX-License-Identifier: ISC
/* nearness.c - how much a host knows of the way to a destination: of several interfaces, the one that knows most leads there. */
#include "base/checked.h"
#include "lib/ipv4/ipv4.h"

static unsigned if_within(uint32_t destination, uint32_t network, uint32_t mask)
{
    return ((destination ^ network) & mask) == 0 ? ipv4_length(mask) + 1u : 0;
}

unsigned ipv4_nearness(const struct ipv4_host *h, uint32_t destination)
{
    unsigned best = 0;
    for (size_t i = 0; i < h->num_addresses; i++)
        best = u32_max(best, if_within(destination, h->address[i].ip, h->address[i].mask));
    for (size_t i = 0; i < h->num_routes; i++)
        best = u32_max(best, if_within(destination, h->route[i].network, h->route[i].mask));
    return best;
}
