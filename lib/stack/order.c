// SPDX-License-Identifier: ISC
/* order.c - which of several destinations to try first (RFC 6724 section 6), by the addresses that we would speak from. */
#include "lib/stack/optional_v6.h"

static struct ipv6_candidate candidate_of(struct stack_host *h, const struct ip *destination)
{
    struct ipv6_candidate c = { .destination = *destination };
    struct stack_host *via = host_via(h, destination);
    c.has_source = host_local_for(via, destination, &c.source);
    c.is_deprecated = c.has_source && !ip_is_v4(&c.source) && ndp_is_deprecated(via->ndp, &c.source);
    return c;
}

void stack_order(struct stack *s, stack_destinations list)
{
    struct ipv6_candidate candidate[STACK_ORDER_MAX];
    ipv6_candidates all = { candidate, size_min(list.n, STACK_ORDER_MAX) };
    for (size_t i = 0; i < all.n; i++)
        AT(all, i) = candidate_of(host_of(s), &AT(list, i));
    ipv6_order(all);
    for (size_t i = 0; i < all.n; i++)
        AT(list, i) = AT(all, i).destination;
}
