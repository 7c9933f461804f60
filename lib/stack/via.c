// SPDX-License-Identifier: ISC
/* via.c - several interfaces behind one stack: which of them. The nearest to a destination has the longest prefix for it in its tables; of
 * equals, as of default routes and for groups, it is the first interface, where routers do not say otherwise (RFC 4191). */
#include "lib/stack/optional_v6.h"

struct stack_host *host_owner(struct stack_host *h, const struct ip *address)
{
    struct stack_host *i = h->whole;
    while (i && !host_is_ours(i, address))
        i = i->next;
    return i;
}

static unsigned nearness(const struct stack_host *h, const struct ip *destination)
{
    if (ip_is_v4(destination))
        return h->ipv4_type ? ipv4_nearness(&h->ip, ip_v4(destination)) : 0;
    return h->ndp ? ndp_nearness(h->ndp, destination) : 0;
}

static struct stack_host *nearest(struct stack_host *h, const struct ip *destination)
{
    struct stack_host *best = h;
    for (struct stack_host *i = h->next; i; i = i->next)
        if (nearness(i, destination) > nearness(best, destination))
            best = i;
    return best;
}

struct stack_host *host_via(struct stack_host *h, const struct ip *destination)
{
    if (h != h->whole || !h->next)
        return h;
    struct stack_host *owner = host_owner(h, destination);
    return owner ? owner : nearest(h, destination);
}
