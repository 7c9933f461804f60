// SPDX-License-Identifier: ISC
/* router.c - routers, what they say about the link (RFC 4861 section 6.3, RFC 4862 section 5.5), and the next hop. */
#include "lib/ndp/inside.h"

enum { AUTONOMOUS_LENGTH = 64, REACHABLE_MAX_MS = 3600000, RETRANS_MAX_MS = 60000 };

/* ---- Asking for them */

void ndp_solicit_routers(struct ndp *n, nanos now)
{
    n->solicitations_left = NDP_RTR_SOLICITATIONS;
    ndp_timer_set(n, &n->solicit, nanos_add(now, ndp_random(n, NDP_MAX_DELAY_NS)));
}

void ndp_solicit_timer(struct ndp *n, nanos now)
{
    uint8_t message[NDP_MESSAGE_MAX_BYTES];
    struct wr w = wr_of(MSPAN(message));
    struct ip source, routers = IPV6_ALL_ROUTERS;
    struct mac mac = ipv6_group_mac(&routers);
    if (n->solicitations_left == 0)
        return;
    n->solicitations_left--;
    ndp_timer_set(n, &n->solicit, nanos_add(now, NDP_RTR_SOLICITATION_INTERVAL_NS));
    if (!ndp_source(n, &routers, &source))
        return;
    ndp_write_router_solicitation(&w, ndp_mac_for(n, &source));
    ndp_post(n, &source, &routers, &mac, false, &w);
}

/* ---- Default routers */

struct ndp_router *ndp_router_of(struct ndp *n, const struct ip *ip)
{
    for (size_t i = 0; i < NDP_ROUTERS; i++)
        if (ip_eq(&n->router[i].ip, ip))
            return &n->router[i];
    return NULL;
}

static struct ndp_router *add_router(struct ndp *n, const struct ip *ip)
{
    struct ndp_router *r = ndp_router_of(n, &(struct ip){ 0 });
    if (!r) {
        count_up(&n->counters.refused);
        return NULL;
    }
    *r = (struct ndp_router){ .ip = *ip, .timer = { .kind = NDP_TIMER_ROUTER } };
    return r;
}

bool ndp_add_gateway(struct ndp *n, const struct ip *router)
{
    struct ndp_router *r = ipv6_is_unicast(router) ? add_router(n, router) : NULL;
    if (r)
        r->is_static = true;
    return r != NULL;
}

uint8_t ndp_router_bit(const struct ndp *n, const struct ip *router)
{
    for (size_t i = 0; i < NDP_ROUTERS; i++)
        if (ip_eq(&n->router[i].ip, router) && !ipv6_is_unspecified(router))
            return (uint8_t)(1u << i);
    return 0;
}

void ndp_router_remove(struct ndp *n, struct ndp_router *r)
{
    uint8_t bit = ndp_router_bit(n, &r->ip);
    for (size_t i = 0; i < NDP_ADDRESSES; i++)
        n->address[i].told_by &= (uint8_t)~bit;
    ndp_timer_clear(n, &r->timer);
    *r = (struct ndp_router){ 0 };
}

void ndp_remove_gateway(struct ndp *n, const struct ip *router)
{
    struct ndp_router *r = ipv6_is_unicast(router) ? ndp_router_of(n, router) : NULL;
    if (r)
        ndp_router_remove(n, r);
}

static void remove_redirects_by(struct ndp *n, const struct ip *next_hop)
{
    for (size_t i = 0; i < n->num_redirects; i++)
        if (ip_eq(&n->redirect[i].next_hop, next_hop))
            n->redirect[i] = (struct ndp_redirect){ 0 };
}

void ndp_router_is_lost(struct ndp *n, const struct ip *ip, bool is_lost)
{
    struct ndp_router *r = ndp_router_of(n, ip);
    if (r)
        r->is_lost = is_lost;
    ndp_routes_are_lost(n, ip, is_lost);
    if (is_lost)
        remove_redirects_by(n, ip);
}

/* ---- Prefixes */

static struct ndp_prefix *prefix_place(struct ndp *n, const struct ip *prefix, uint8_t length)
{
    struct ndp_prefix *free = NULL;
    for (size_t i = 0; i < NDP_PREFIXES; i++) {
        struct ndp_prefix *p = &n->prefix[i];
        if (p->length == length && ndp_has_prefix(prefix, &p->ip, length))
            return p;
        free = p->length == 0 && !free ? p : free;
    }
    return free;
}

void ndp_prefix_set(struct ndp *n, const struct ip *prefix, uint8_t length, bool is_static, nanos until)
{
    struct ndp_prefix *p = length > 0 ? prefix_place(n, prefix, length) : NULL;
    if (!p) {
        count_up(&n->counters.refused);
        return;
    }
    if (p->length == 0)
        *p = (struct ndp_prefix){ .ip = *prefix, .length = length, .timer = { .kind = NDP_TIMER_PREFIX } };
    p->is_static |= is_static;
    ndp_timer_set(n, &p->timer, p->is_static ? NEVER : until);
}

/* RFC 4862 section 5.5.3 (e): nobody may end an address in less than two hours. */
static void renew(struct ndp *n, struct ndp_address *a, const struct ndp_prefix_option *p, nanos now)
{
    nanos two_hours = nanos_add(now, from_s(NDP_TWO_HOURS_S)), told = ndp_until(p->valid_s, now);
    if (told > two_hours || told > a->valid_until)
        a->valid_until = told;
    else if (a->valid_until > two_hours)
        a->valid_until = two_hours;
    a->preferred_until = ndp_until(p->preferred_s, now);
    ndp_address_renew(n, a, now);
}

/* The address of the prefix that we made, whatever has become of it. */
static struct ndp_address *autoconfigured(struct ndp *n, const struct ndp_prefix_option *p)
{
    struct ndp_address *found = NULL;
    for (size_t i = 0; i < NDP_ADDRESSES; i++) {
        struct ndp_address *a = &n->address[i];
        if (a->state != NDP_UNUSED && a->is_autoconfigured && !a->is_temporary && ndp_has_prefix(&a->ip, &p->prefix, p->length) &&
            (!found || found->state == NDP_DUPLICATE))
            found = a;
    }
    return found;
}

static void make_address(struct ndp *n, const struct ndp_prefix_option *p, nanos now)
{
    struct ip_prefix address = { ndp_make_ip(n, &p->prefix, false, 0), p->length };
    struct ndp_address *a = ndp_address_of(n, &address.ip) ?
        NULL : ndp_address_add(n, &address, ndp_until(p->preferred_s, now), ndp_until(p->valid_s, now), now);
    if (a)
        a->is_autoconfigured = a->is_made = true;
}

static void autoconfigure(struct ndp *n, const struct ndp_prefix_option *p, nanos now)
{
    if (p->length != AUTONOMOUS_LENGTH || p->preferred_s > p->valid_s)
        return;
    struct ndp_address *a = autoconfigured(n, p);
    if (a)
        renew(n, a, p, now);
    else if (p->valid_s > 0)
        make_address(n, p, now);
    if (n->cfg.has_temporary)
        ndp_temporary_told(n, p, now);
}

/* By whom, for RFC 6724 section 5, rule 5.5. */
static void note_router(struct ndp *n, const struct ndp_prefix_option *p, uint8_t bit)
{
    for (size_t i = 0; i < NDP_ADDRESSES; i++)
        if (n->address[i].is_made && ndp_has_prefix(&n->address[i].ip, &p->prefix, p->length))
            n->address[i].told_by |= bit;
}

static void prefix_told(struct ndp *n, const struct ndp_prefix_option *p, uint8_t router_bit, nanos now)
{
    if (ipv6_is_link_local(&p->prefix) || ipv6_is_group(&p->prefix) || ip_is_v4(&p->prefix) || p->length == 0)
        return;
    if (p->on_link)
        ndp_prefix_set(n, &p->prefix, p->length, false, ndp_until(p->valid_s, now));
    if (p->autonomous)
        autoconfigure(n, p, now);
    note_router(n, p, router_bit);
}

/* ---- Advertisements */

static void router_told(struct ndp *n, const struct ip *ip, const struct ndp_message *m, nanos now)
{
    struct ndp_router *r = ndp_router_of(n, ip);
    if (r && r->is_static)
        return;
    if (m->lifetime_s == 0) {
        if (r)
            ndp_router_remove(n, r);
        return;
    }
    r = r ? r : add_router(n, ip);
    if (!r)
        return;
    r->preference = m->preference;
    ndp_timer_set(n, &r->timer, nanos_add(now, from_s(m->lifetime_s)));
}

static void parameters_told(struct ndp *n, const struct ndp_message *m, nanos now)
{
    if (m->hop_limit != 0)
        n->hop_limit = m->hop_limit;
    if (m->reachable_ms != 0 && m->reachable_ms <= REACHABLE_MAX_MS)
        n->reachable_ns = from_ms(m->reachable_ms);
    if (m->retrans_ms != 0 && m->retrans_ms <= RETRANS_MAX_MS)
        n->retrans_ns = from_ms(m->retrans_ms);
    if (m->mtu >= IPV6_MTU_MIN && m->mtu <= n->cfg.mtu)
        n->mtu = m->mtu;
    if (m->dns.num_servers > 0 || m->dns.search_bytes > 0) {
        n->dns = m->dns;
        n->dns_until = ndp_until(m->dns.lifetime_s, now);
    }
}

void ndp_router_advertised(struct ndp *n, const struct ndp_arrival *a, const struct ndp_message *m, nanos now)
{
    if (!n->cfg.accept_router_advertisements)
        return;
    count_up(&n->counters.advertisements);
    n->solicitations_left = 0;
    if (m->has_source_mac)
        ndp_neighbour_heard(n, &a->source, &m->source_mac);
    parameters_told(n, m, now);
    router_told(n, &a->source, m, now);
    for (size_t i = 0; i < m->num_prefixes; i++)
        prefix_told(n, &m->prefix[i], ndp_router_bit(n, &a->source), now);
    ndp_routes_told(n, &a->source, m, now);
}

/* ---- The next hop */

static bool is_on_link(const struct ndp *n, const struct ip *a)
{
    if (ipv6_is_group(a) || ipv6_is_link_local(a))
        return true;
    for (size_t i = 0; i < NDP_PREFIXES; i++)
        if (n->prefix[i].length > 0 && ndp_has_prefix(a, &n->prefix[i].ip, n->prefix[i].length))
            return true;
    return false;
}

static const struct ndp_redirect *redirect_of(const struct ndp *n, const struct ip *destination)
{
    for (size_t i = 0; i < n->num_redirects; i++)
        if (ip_eq(&n->redirect[i].destination, destination))
            return &n->redirect[i];
    return NULL;
}

bool ndp_next_hop(const struct ndp *n, const struct ip *destination, struct ip *out)
{
    *out = *destination;
    if (ipv6_is_unspecified(destination) || ipv6_is_loopback(destination) || ndp_is_ours(n, destination))
        return false;
    const struct ndp_redirect *redirect = redirect_of(n, destination);
    if (redirect) {
        *out = redirect->next_hop;
        return true;
    }
    if (is_on_link(n, destination))
        return true;
    unsigned nearness;
    const struct ip *router = ndp_router_for(n, destination, &nearness);
    if (router)
        *out = *router;
    return router != NULL;
}

/* RFC 4861 section 8.1: only whom we would ask may send us elsewhere. */
void ndp_redirected(struct ndp *n, const struct ndp_arrival *a, const struct ndp_message *m)
{
    struct ip now_by;
    if (!n->cfg.accept_router_advertisements || !ndp_next_hop(n, &m->destination, &now_by) || !ip_eq(&now_by, &a->source))
        return;
    count_up(&n->counters.redirects);
    struct ndp_redirect *old = NULL;
    for (size_t i = 0; i < n->num_redirects; i++)
        if (ip_eq(&n->redirect[i].destination, &m->destination))
            old = &n->redirect[i];
    if (!old) {
        old = &n->redirect[n->next_redirect];
        n->next_redirect = (n->next_redirect + 1) % NDP_REDIRECTS;
        n->num_redirects = size_max(n->num_redirects, n->next_redirect == 0 ? NDP_REDIRECTS : n->next_redirect);
    }
    *old = (struct ndp_redirect){ m->destination, m->target };
    if (m->has_target_mac)
        ndp_neighbour_heard(n, &m->target, &m->target_mac);
}
