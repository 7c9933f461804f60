// SPDX-License-Identifier: ISC
/* address.c - our addresses: found to be ours alone (RFC 4862 section 5.4), as long as they live, and the groups in
 * which others ask for them (RFC 3810 section 6). */
#include "lib/ndp/inside.h"

struct ndp_address *ndp_address_of(struct ndp *n, const struct ip *ip)
{
    for (size_t i = 0; i < NDP_ADDRESSES; i++)
        if (n->address[i].state != NDP_UNUSED && ip_eq(&n->address[i].ip, ip))
            return &n->address[i];
    return NULL;
}

bool ndp_is_ours(const struct ndp *n, const struct ip *ip)
{
    for (size_t i = 0; i < NDP_ADDRESSES; i++)
        if (ndp_address_is_usable(&n->address[i]) && ip_eq(&n->address[i].ip, ip))
            return true;
    return false;
}

bool ndp_is_deprecated(const struct ndp *n, const struct ip *ip)
{
    for (size_t i = 0; i < NDP_ADDRESSES; i++)
        if (n->address[i].state == NDP_DEPRECATED && ip_eq(&n->address[i].ip, ip))
            return true;
    return false;
}

bool ndp_is_our_group(const struct ndp *n, const struct ip *group)
{
    if (ip_eq(group, &IPV6_ALL_NODES))
        return true;
    for (size_t i = 0; i < NDP_ADDRESSES; i++) {
        struct ip own = ipv6_solicited_node(&n->address[i].ip);
        if (ndp_address_is_usable(&n->address[i]) && ip_eq(&own, group))
            return true;
    }
    return false;
}

static struct ndp_address *free_place(struct ndp *n)
{
    for (size_t i = 0; i < NDP_ADDRESSES; i++)
        if (n->address[i].state == NDP_UNUSED)
            return &n->address[i];
    return NULL;
}

/* The first probe waits for a moment, so that not all hosts speak at once; the address does not. */
struct ndp_address *ndp_address_add(struct ndp *n, const struct ip_prefix *p, nanos preferred_until, nanos valid_until, nanos now)
{
    struct ndp_address *a = free_place(n);
    if (!a || !ipv6_is_unicast(&p->ip)) {
        count_up(&n->counters.refused);
        return NULL;
    }
    *a = (struct ndp_address){ .state = NDP_OPTIMISTIC, .ip = p->ip, .prefix_length = p->length, .made_at = now,
                               .probes_left = NDP_DUP_ADDR_DETECT_TRANSMITS, .reports_left = NDP_MLD_ROBUSTNESS,
                               .preferred_until = preferred_until, .valid_until = valid_until,
                               .timer = { .kind = NDP_TIMER_ADDRESS }, .group_timer = { .kind = NDP_TIMER_GROUP } };
    ndp_timer_set(n, &a->group_timer, now);
    ndp_timer_set(n, &a->timer, nanos_add(now, ndp_random(n, NDP_MAX_DELAY_NS)));
    return a;
}

bool ndp_add_static(struct ndp *n, const struct ip_prefix *address, nanos now)
{
    if (!ndp_address_add(n, address, NEVER, NEVER, now))
        return false;
    ndp_prefix_set(n, &address->ip, address->length, true, NEVER);
    return true;
}

static void remove_address(struct ndp *n, struct ndp_address *a)
{
    ndp_note(n, NDP_ADDRESS_IS_OVER, &a->ip);
    ndp_timer_clear(n, &a->timer);
    ndp_timer_clear(n, &a->group_timer);
    *a = (struct ndp_address){ 0 };
}

void ndp_remove(struct ndp *n, const struct ip *address)
{
    struct ndp_address *a = ndp_address_of(n, address);
    if (a)
        remove_address(n, a);
}

/* While it is not certain that it is ours it is given up, for another where we made it; afterwards whoever comes later
 * is wrong. */
void ndp_address_conflict(struct ndp *n, struct ndp_address *a, nanos now)
{
    count_up(&n->counters.conflicts);
    if (a->state != NDP_OPTIMISTIC)
        return;
    a->state = NDP_DUPLICATE;
    ndp_timer_clear(n, &a->timer);
    ndp_timer_clear(n, &a->group_timer);
    ndp_note(n, NDP_ADDRESS_IS_TAKEN, &a->ip);
    ndp_make_another(n, a, now);
}

static void make_nonce(struct ndp *n, struct ndp_address *a)
{
    for (size_t i = 0; i < NDP_NONCE_BYTES; i++)
        mspan_put(MSPAN(a->nonce), i, (uint8_t)ndp_random(n, 256));
}

static void probe(struct ndp *n, struct ndp_address *a)
{
    uint8_t message[NDP_MESSAGE_MAX_BYTES];
    struct wr w = wr_of(MSPAN(message));
    struct ip nobody = { 0 }, group = ipv6_solicited_node(&a->ip);
    struct mac mac = ipv6_group_mac(&group);
    make_nonce(n, a);
    ndp_write_probe(&w, &a->ip, &a->nonce);
    ndp_post(n, &nobody, &group, &mac, false, &w);
}

void ndp_address_renew(struct ndp *n, struct ndp_address *a, nanos now)
{
    if (a->state == NDP_OPTIMISTIC || a->state == NDP_DUPLICATE)
        return;                                 /* its timer is that of the probes */
    a->state = now < a->preferred_until ? NDP_PREFERRED : NDP_DEPRECATED;
    nanos at = a->state == NDP_PREFERRED ? nanos_min(a->preferred_until, a->valid_until) : a->valid_until;
    ndp_timer_set(n, &a->timer, a->is_temporary ? nanos_min(at, ndp_temporary_successor_at(a, now)) : at);
}

void ndp_address_timer(struct ndp *n, struct ndp_address *a, nanos now)
{
    if (a->state == NDP_OPTIMISTIC && a->probes_left > 0) {
        a->probes_left--;
        probe(n, a);
        ndp_timer_set(n, &a->timer, nanos_add(now, n->retrans_ns));
        return;
    }
    if (now >= a->valid_until) {
        remove_address(n, a);
        return;
    }
    if (a->state == NDP_OPTIMISTIC) {
        ndp_note(n, NDP_ADDRESS_IS_OURS, &a->ip);
        a->state = NDP_PREFERRED;
    }
    ndp_address_renew(n, a, now);
    if (a->is_temporary)
        ndp_temporary_timer(n, a, now);
}

const struct mac *ndp_mac_for(struct ndp *n, const struct ip *source)
{
    struct ndp_address *a = ndp_address_of(n, source);
    return a && a->state != NDP_OPTIMISTIC ? &n->cfg.mac : NULL;
}

/* ---- Groups */

struct ip ndp_report_source(const struct ndp *n)
{
    for (size_t i = 0; i < NDP_ADDRESSES; i++)
        if (n->address[i].state == NDP_PREFERRED && ipv6_is_link_local(&n->address[i].ip))
            return n->address[i].ip;
    return (struct ip){ 0 };
}

void ndp_group_timer(struct ndp *n, struct ndp_address *a, nanos now)
{
    uint8_t message[NDP_MESSAGE_MAX_BYTES];
    struct wr w = wr_of(MSPAN(message));
    struct ip source = ndp_report_source(n), group = ipv6_solicited_node(&a->ip), routers = IPV6_ALL_MLDV2_ROUTERS;
    struct mac mac = ipv6_group_mac(&routers);
    ndp_write_group_report(&w, &group, a->is_asked ? MLD_MODE_IS_EXCLUDE : MLD_CHANGE_TO_EXCLUDE);
    ndp_post(n, &source, &routers, &mac, true, &w);
    a->is_asked = false;
    if (a->reports_left > 0 && --a->reports_left > 0)
        ndp_timer_set(n, &a->group_timer, nanos_add(now, ndp_random(n, NDP_MAX_DELAY_NS)));
}

/* An answer that is due anyhow is answer enough. */
void ndp_group_query(struct ndp *n, const struct ndp_message *m, nanos now)
{
    for (size_t i = 0; i < NDP_ADDRESSES; i++) {
        struct ndp_address *a = &n->address[i];
        struct ip group = ipv6_solicited_node(&a->ip);
        bool is_meant = ipv6_is_unspecified(&m->group) || ip_eq(&m->group, &group);
        if (!ndp_address_is_usable(a) || !is_meant || wheel_timer_is_set(&a->group_timer.wheel))
            continue;
        a->is_asked = true;
        ndp_timer_set(n, &a->group_timer, nanos_add(now, ndp_random(n, from_ms(m->max_response_ms))));
    }
}
