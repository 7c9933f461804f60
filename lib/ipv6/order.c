// SPDX-License-Identifier: ISC
/* order.c - which of several destinations to try first (RFC 6724 section 6), and the table behind that (section 2.1). Lacks rules 4 and
 * 7, as we have no home addresses and no tunnels; rule 9 is kept for IPv6 alone, since IPv4 servers are chosen in turn by their order. */
#include "lib/ipv6/ipv6.h"

struct ipv6_policy ipv6_policy_of(const struct ip *a)
{
    static const struct row {
        struct ip prefix;
        uint8_t length;
        struct ipv6_policy policy;
    } rows[] = {                        /* longer prefixes first */
        { { { [15] = 1 } }, 128, { 50, 0 } },
        { { { [10] = 0xff, 0xff } }, 96, { 35, 4 } },
        { { { 0 } }, 96, { 1, 3 } },
        { { { 0x20, 0x01 } }, 32, { 5, 5 } },
        { { { 0x20, 0x02 } }, 16, { 30, 2 } },
        { { { 0x3f, 0xfe } }, 16, { 1, 12 } },
        { { { 0xfe, 0xc0 } }, 10, { 1, 11 } },
        { { { 0xfc } }, 7, { 3, 13 } },
    };
    for (size_t i = 0; i < NUM_OF(rows); i++)
        if (ipv6_common_bits(a, &rows[i].prefix) >= rows[i].length)
            return rows[i].policy;
    return (struct ipv6_policy){ 40, 1 };
}

/* Section 3.2: of IPv4, loopback and 169.254.0.0/16 are the link's. */
static uint8_t scope_of(const struct ip *a)
{
    if (!ip_is_v4(a))
        return ipv6_scope(a);
    return ip_v4(a) >> 24 == 127 || ip_v4(a) >> 16 == 0xa9fe ? IPV6_LINK : IPV6_GLOBAL;
}

static bool fits_scope(const struct ipv6_candidate *c)
{
    return scope_of(&c->destination) == scope_of(&c->source);
}

static bool fits_label(const struct ipv6_candidate *c)
{
    return ipv6_policy_of(&c->destination).label == ipv6_policy_of(&c->source).label;
}

static unsigned bits_in_common(const struct ipv6_candidate *c)
{
    return ip_is_v4(&c->destination) ? 0 : ipv6_common_bits(&c->destination, &c->source);
}

static bool is_before(const struct ipv6_candidate *a, const struct ipv6_candidate *b)
{
    uint8_t precedence_a = ipv6_policy_of(&a->destination).precedence, precedence_b = ipv6_policy_of(&b->destination).precedence;
    if (a->has_source != b->has_source)                         /* rule 1 */
        return a->has_source;
    if (fits_scope(a) != fits_scope(b))                         /* rule 2 */
        return fits_scope(a);
    if (a->is_deprecated != b->is_deprecated)                   /* rule 3 */
        return b->is_deprecated;
    if (fits_label(a) != fits_label(b))                         /* rule 5 */
        return fits_label(a);
    if (precedence_a != precedence_b)                           /* rule 6 */
        return precedence_a > precedence_b;
    if (scope_of(&a->destination) != scope_of(&b->destination)) /* rule 8 */
        return scope_of(&a->destination) < scope_of(&b->destination);
    return ip_is_v4(&a->destination) == ip_is_v4(&b->destination) && bits_in_common(a) > bits_in_common(b);     /* rule 9 */
}

/* What is equal keeps its order (rule 10). */
void ipv6_order(ipv6_candidates list)
{
    for (size_t i = 1; i < list.n; i++) {
        struct ipv6_candidate moved = AT(list, i);
        size_t at = i;
        for (; at > 0 && is_before(&moved, &AT(list, at - 1)); at--)
            AT(list, at) = AT(list, at - 1);
        AT(list, at) = moved;
    }
}
