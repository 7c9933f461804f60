// SPDX-License-Identifier: ISC
/* source.c - which address to speak from (RFC 6724 section 5, with one interface and no home address). Rule 5.5 is kept: we know which
 * router told of a prefix. */
#include "lib/ndp/inside.h"

static unsigned label(const struct ip *a)
{
    return ipv6_policy_of(a).label;
}

/* Bits in common beyond the source's own prefix say nothing (section 2.2). */
static unsigned common_bits(const struct ndp_address *a, const struct ip *destination)
{
    unsigned bits = ipv6_common_bits(&a->ip, destination);
    return bits < a->prefix_length ? bits : a->prefix_length;
}

/* a's prefix is of the router that leads there, b's of another one. */
static bool is_of(const struct ndp_address *a, const struct ndp_address *b, uint8_t router_bit)
{
    return (a->told_by & router_bit) && b->told_by != 0 && !(b->told_by & router_bit);
}

static bool is_better(const struct ndp_address *a, const struct ndp_address *b, const struct ip *destination, uint8_t router_bit)
{
    uint8_t scope_a = ipv6_scope(&a->ip), scope_b = ipv6_scope(&b->ip), scope = ipv6_scope(destination);
    if (scope_a != scope_b)                                     /* rule 2 */
        return scope_a < scope_b ? scope_a >= scope : scope_b < scope;
    if ((a->state == NDP_DEPRECATED) != (b->state == NDP_DEPRECATED))   /* rule 3 */
        return b->state == NDP_DEPRECATED;
    if ((a->state == NDP_OPTIMISTIC) != (b->state == NDP_OPTIMISTIC))   /* RFC 4429 section 3.3 */
        return b->state == NDP_OPTIMISTIC;
    if (is_of(a, b, router_bit) || is_of(b, a, router_bit))             /* rule 5.5 */
        return is_of(a, b, router_bit);
    bool fits_a = label(&a->ip) == label(destination), fits_b = label(&b->ip) == label(destination);
    if (fits_a != fits_b)                                       /* rule 6 */
        return fits_a;
    if (a->is_temporary != b->is_temporary)                     /* rule 7 */
        return a->is_temporary;
    return common_bits(a, destination) > common_bits(b, destination);   /* rule 8 */
}

bool ndp_source(const struct ndp *n, const struct ip *destination, struct ip *out)
{
    const struct ndp_address *best = NULL;
    struct ip hop;
    uint8_t router_bit = ndp_next_hop(n, destination, &hop) ? ndp_router_bit(n, &hop) : 0;
    for (size_t i = 0; i < NDP_ADDRESSES; i++) {
        const struct ndp_address *a = &n->address[i];
        if (ndp_address_is_usable(a) && (!best || is_better(a, best, destination, router_bit)))
            best = a;
    }
    *out = best ? best->ip : (struct ip){ 0 };
    return best != NULL;
}
