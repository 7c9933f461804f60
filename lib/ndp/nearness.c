// SPDX-License-Identifier: ISC
/* nearness.c - how much a host knows of the way to a destination: of several interfaces, the one that knows most leads there. */
#include "lib/ndp/inside.h"

unsigned ndp_nearness(const struct ndp *n, const struct ip *destination)
{
    bool is_on_link = ipv6_is_link_local(destination) || ipv6_is_group(destination);
    unsigned longest = 0, by_router;
    for (size_t i = 0; i < NDP_PREFIXES; i++) {
        const struct ndp_prefix *p = &n->prefix[i];
        if (p->length > 0 && ndp_has_prefix(destination, &p->ip, p->length))
            longest = u32_max(longest, p->length);
    }
    for (size_t i = 0; i < n->num_redirects; i++)
        if (ip_eq(&n->redirect[i].destination, destination))
            longest = IPV6_BITS;
    (void)ndp_router_for(n, destination, &by_router);
    return is_on_link || longest > 0 ? NDP_NEARNESS(longest, NDP_ON_LINK, true) : by_router;
}
