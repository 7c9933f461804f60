// SPDX-License-Identifier: ISC
/* nearness.c - how much a host knows of the way to a destination: of several interfaces, the one that knows most leads there. */
#include "lib/ndp/inside.h"

enum { PREFERENCES = 4 };               /* beside the length: 1 to 3, and 0 for a router that does not answer */

static unsigned by_router(const struct ndp *n)
{
    unsigned best = 0;
    for (size_t i = 0; i < NDP_ROUTERS; i++) {
        const struct ndp_router *r = &n->router[i];
        if (!ipv6_is_unspecified(&r->ip))
            best = u32_max(best, PREFERENCES + (r->is_lost ? 0 : 2 + (unsigned)r->preference));
    }
    return best;
}

unsigned ndp_nearness(const struct ndp *n, const struct ip *destination)
{
    unsigned longest = ipv6_is_link_local(destination) || ipv6_is_group(destination) ? 1 : 0;
    for (size_t i = 0; i < NDP_PREFIXES; i++) {
        const struct ndp_prefix *p = &n->prefix[i];
        if (ipv6_common_bits(destination, &p->ip) >= p->length)
            longest = u32_max(longest, p->length);
    }
    for (size_t i = 0; i < n->num_redirects; i++)
        if (ip_eq(&n->redirect[i].destination, destination))
            longest = IPV6_BITS;
    return longest > 0 ? (longest + 1) * PREFERENCES : by_router(n);
}
