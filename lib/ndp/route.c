// SPDX-License-Identifier: ISC
/* route.c - networks beyond the link, and the routers that lead there (RFC 4191: we are a host of type C). */
#include "lib/ndp/inside.h"

static struct ndp_route *route_to(struct ndp *n, const struct ip *prefix, uint8_t length, const struct ip *router)
{
    for (size_t i = 0; i < NDP_ROUTES; i++) {
        struct ndp_route *r = &n->route[i];
        if (ip_eq(&r->router, router) && r->length == length && ndp_has_prefix(prefix, &r->prefix, length))
            return r;
    }
    return NULL;
}

static struct ndp_route *add(struct ndp *n, const struct ip *prefix, uint8_t length, const struct ip *router)
{
    struct ip none = { 0 };
    struct ndp_route *r = route_to(n, prefix, length, router);
    r = r ? r : route_to(n, &none, 0, &none);
    if (!r) {
        count_up(&n->counters.refused);
        return NULL;
    }
    if (ipv6_is_unspecified(&r->router))
        *r = (struct ndp_route){ .prefix = *prefix, .router = *router, .length = length, .timer = { .kind = NDP_TIMER_ROUTE } };
    return r;
}

static void forget(struct ndp *n, struct ndp_route *r)
{
    ndp_timer_clear(n, &r->timer);
    *r = (struct ndp_route){ 0 };
}

bool ndp_add_route(struct ndp *n, const struct ip_prefix *network, const struct ip *router)
{
    bool is_sound = ipv6_is_unicast(router) && network->length <= IPV6_BITS;
    struct ndp_route *r = is_sound ? add(n, &network->ip, network->length, router) : NULL;
    if (!r)
        return false;
    r->is_static = true;
    ndp_timer_clear(n, &r->timer);
    return true;
}

void ndp_remove_route(struct ndp *n, const struct ip_prefix *network, const struct ip *router)
{
    struct ndp_route *r = ipv6_is_unspecified(router) ? NULL : route_to(n, &network->ip, network->length, router);
    if (r)
        forget(n, r);
}

static void told(struct ndp *n, const struct ip *router, const struct ndp_route_option *o, nanos now)
{
    struct ndp_route *r = route_to(n, &o->prefix, o->length, router);
    if (r && r->is_static)
        return;
    if (o->lifetime_s == 0) {
        if (r)
            forget(n, r);
        return;
    }
    r = r ? r : add(n, &o->prefix, o->length, router);
    if (!r)
        return;
    r->preference = o->preference;
    ndp_timer_set(n, &r->timer, ndp_until(o->lifetime_s, now));
}

void ndp_routes_told(struct ndp *n, const struct ip *router, const struct ndp_message *m, nanos now)
{
    for (size_t i = 0; i < m->num_routes; i++)
        told(n, router, &m->route[i], now);
}

void ndp_routes_are_lost(struct ndp *n, const struct ip *router, bool is_lost)
{
    for (size_t i = 0; i < NDP_ROUTES; i++)
        if (ip_eq(&n->route[i].router, router))
            n->route[i].is_lost = is_lost;
}

/* ---- The best of them, and of the default routers */

struct best {
    const struct ip *router;
    unsigned nearness;
};

static void compare(struct best *best, const struct ip *router, unsigned nearness)
{
    if (!ipv6_is_unspecified(router) && nearness > best->nearness)
        *best = (struct best){ router, nearness };
}

const struct ip *ndp_router_for(const struct ndp *n, const struct ip *destination, unsigned *nearness)
{
    struct best best = { 0 };
    for (size_t i = 0; i < NDP_ROUTES; i++) {
        const struct ndp_route *r = &n->route[i];
        if (ndp_has_prefix(destination, &r->prefix, r->length))
            compare(&best, &r->router, NDP_NEARNESS(r->length, r->preference, !r->is_lost));
    }
    for (size_t i = 0; i < NDP_ROUTERS; i++)
        compare(&best, &n->router[i].ip, NDP_NEARNESS(0, n->router[i].preference, !n->router[i].is_lost));
    *nearness = best.nearness;
    return best.router;
}
