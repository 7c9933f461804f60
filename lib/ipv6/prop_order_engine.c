// SPDX-License-Identifier: ISC
/* Destinations of all kinds: none is lost, what nothing leads to is last, and what is in order stays so. */
#include "lib/ipv6/ipv6.h"
#include "check/any.h"

#define CANDIDATES 6

static struct ip some_ip(struct cur *c)
{
    static const struct ip prefixes[] = { { { 0x20, 1, 0xd, 0xb8 } }, { { 0xfe, 0x80 } }, { { 0xfc } }, { { 0x20, 2 } }, { { 0x20, 1 } },
                                          { { 0 } }, { { 0xff, 2 } }, { { 0x3f, 0xfe } } };
    uint8_t about = cur_u8(c);
    if (about & 8)
        return ip_from_v4((about & 16 ? 0xa9fe0000u : about & 32 ? 0x7f000000u : 0x0a000000u) | about >> 6);
    struct ip a = prefixes[about & 7];
    mspan_put(MSPAN(a.byte), 15, about >> 4);
    return a;
}
static size_t count_of(ipv6_candidates list, const struct ip *a)
{
    size_t n = 0;
    for (size_t i = 0; i < list.n; i++)
        n += ip_eq(&AT(list, i).destination, a);
    return n;
}

PROPERTY(prop_ipv6_order, 40)
{
    struct ipv6_candidate given[CANDIDATES], ordered[CANDIDATES], again[CANDIDATES];
    struct cur c = cur_of(in);
    ipv6_candidates all = { given, 0 }, list = { ordered, 0 }, twice = { again, 0 };
    for (; cur_more(&c) && all.n < CANDIDATES; all.n++) {
        uint8_t about = cur_u8(&c);
        given[all.n] = (struct ipv6_candidate){ .destination = some_ip(&c), .source = some_ip(&c), .has_source = about & 1,
                                                .is_deprecated = about & 2 };
        ordered[all.n] = given[all.n];
    }
    list.n = twice.n = all.n;
    ipv6_order(list);
    for (size_t i = 0; i < all.n; i++) {
        CHECK(count_of(all, &given[i].destination) == count_of(list, &given[i].destination));
        CHECK(i == 0 || ordered[i - 1].has_source || !ordered[i].has_source);
        again[i] = ordered[i];
    }
    ipv6_order(twice);
    for (size_t i = 0; i < all.n; i++)
        CHECK(ip_eq(&again[i].destination, &ordered[i].destination) && ip_eq(&again[i].source, &ordered[i].source));
}
