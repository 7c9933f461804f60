// SPDX-License-Identifier: ISC
/* neighbour.c - the neighbour cache (RFC 4861 sections 5.1, 7.2 and 7.3). An entry that was reachable grows stale when it
 * is looked at after its time; timers run only where something is to be sent. */
#include "lib/ndp/inside.h"

static struct list *bucket_of(struct ndp *n, const struct ip *ip)
{
    uint32_t key = span_u32(SPAN(ip->byte), 12) ^ span_u32(SPAN(ip->byte), 8);
    return &n->bucket[(key ^ key >> 8 ^ key >> 16) % NDP_BUCKETS];
}

struct ndp_neighbour *ndp_neighbour_of(struct ndp *n, const struct ip *ip)
{
    struct list *bucket = bucket_of(n, ip);
    for (struct link *l = list_first(bucket); l; l = list_next(bucket, l)) {
        struct ndp_neighbour *e = LINKED(l, struct ndp_neighbour, in_bucket);
        if (ip_eq(&e->ip, ip))
            return e;
    }
    return NULL;
}

void ndp_neighbours_init(struct ndp *n)
{
    for (size_t i = 0; i < NDP_NEIGHBOURS; i++) {
        n->neighbour[i].timer.kind = NDP_TIMER_NEIGHBOUR;
        list_push_back(&n->free, &n->neighbour[i].in_age);
    }
}

static void become(struct ndp *n, struct ndp_neighbour *e, enum ndp_state state)
{
    n->num_resolving += (size_t)(state == NDP_INCOMPLETE) - (size_t)(e->state == NDP_INCOMPLETE);
    e->state = state;
    ndp_timer_clear(n, &e->timer);
}

static void forget(struct ndp *n, struct ndp_neighbour *e)
{
    REQUIRE(e->num_waiting == 0);
    become(n, e, NDP_FREE);
    list_remove(&e->in_bucket);
    list_remove(&e->in_age);
    list_remove(&e->in_settled);
    *e = (struct ndp_neighbour){ .timer = { .kind = NDP_TIMER_NEIGHBOUR } };
    list_push_back(&n->free, &e->in_age);
}

static struct ndp_neighbour *oldest(struct list *ages)
{
    for (struct link *l = list_first(ages); l; l = list_next(ages, l)) {
        struct ndp_neighbour *e = LINKED(l, struct ndp_neighbour, in_age);
        if ((e->state == NDP_REACHABLE || e->state == NDP_STALE) && e->num_waiting == 0)
            return e;
    }
    return NULL;
}

static struct ndp_neighbour *new_entry(struct ndp *n, const struct ip *ip, bool is_used)
{
    if (list_is_empty(&n->free)) {
        struct ndp_neighbour *old = oldest(&n->strangers);
        old = old ? old : oldest(&n->peers);
        if (!old)
            return NULL;
        count_up(&n->counters.evicted);
        forget(n, old);
    }
    struct ndp_neighbour *e = LINKED(list_pop_front(&n->free), struct ndp_neighbour, in_age);
    e->ip = *ip;
    e->is_used = is_used;
    list_push_back(bucket_of(n, ip), &e->in_bucket);
    list_push_back(is_used ? &n->peers : &n->strangers, &e->in_age);
    return e;
}

static void touch(struct ndp *n, struct ndp_neighbour *e)
{
    e->is_used = true;
    if (list_last(&n->peers) == &e->in_age)
        return;
    list_remove(&e->in_age);
    list_push_back(&n->peers, &e->in_age);
}

/* ---- Asking */

/* To the group of all who may have the address, or to where it was. */
static void ask(struct ndp *n, struct ndp_neighbour *e, nanos now)
{
    uint8_t message[NDP_MESSAGE_MAX_BYTES];
    struct wr w = wr_of(MSPAN(message));
    struct ip source, group = ipv6_solicited_node(&e->ip);
    struct mac group_mac = ipv6_group_mac(&group);
    bool to_all = e->state == NDP_INCOMPLETE;
    e->tries_left--;
    ndp_timer_set(n, &e->timer, nanos_add(now, n->retrans_ns));
    if (!ndp_source(n, &e->ip, &source))
        return;
    ndp_write_solicitation(&w, &e->ip, ndp_mac_for(n, &source));
    ndp_post(n, &source, to_all ? &group : &e->ip, to_all ? &group_mac : &e->mac, false, &w);
}

static void settle(struct ndp *n, struct ndp_neighbour *e)
{
    if (e->num_waiting > 0 && !link_is_in_list(&e->in_settled))
        list_push_back(&n->settled, &e->in_settled);
}

static void give_up(struct ndp *n, struct ndp_neighbour *e)
{
    count_up(&n->counters.failed);
    ndp_router_is_lost(n, &e->ip, true);
    if (e->num_waiting == 0) {
        forget(n, e);
        return;
    }
    become(n, e, NDP_FREE);                     /* ndp_poll_resolved hands its packets over and forgets it */
    settle(n, e);
}

void ndp_neighbour_timer(struct ndp *n, struct ndp_neighbour *e, nanos now)
{
    if (e->state == NDP_DELAY) {
        become(n, e, NDP_PROBE);
        e->tries_left = NDP_SOLICITATIONS;
    }
    if (e->tries_left > 0)
        ask(n, e, now);
    else
        give_up(n, e);
}

/* ---- News of where it is */

static void reached(struct ndp *n, struct ndp_neighbour *e, nanos now)
{
    become(n, e, NDP_REACHABLE);
    e->reachable_until = nanos_add(now, n->reachable_ns / 2 + ndp_random(n, n->reachable_ns));
    ndp_router_is_lost(n, &e->ip, false);
}

void ndp_neighbour_heard(struct ndp *n, const struct ip *ip, const struct mac *mac)
{
    struct ndp_neighbour *e = ndp_neighbour_of(n, ip);
    if (!ipv6_is_unicast(ip) || ndp_is_ours(n, ip))
        return;
    e = e ? e : new_entry(n, ip, false);
    if (!e || (e->state != NDP_FREE && e->state != NDP_INCOMPLETE && mac_eq(&e->mac, mac)))
        return;
    e->mac = *mac;
    become(n, e, NDP_STALE);
    count_up(&n->counters.learned);
    settle(n, e);
}

/* RFC 4861 section 7.2.5. */
static void update(struct ndp *n, struct ndp_neighbour *e, const struct ndp_message *m, nanos now)
{
    bool differs = m->has_target_mac && !mac_eq(&m->target_mac, &e->mac);
    if (!m->is_override && differs) {
        if (e->state == NDP_REACHABLE)
            become(n, e, NDP_STALE);
        return;
    }
    if (differs)
        e->mac = m->target_mac;
    if (m->is_solicited)
        reached(n, e, now);
    else if (differs)
        become(n, e, NDP_STALE);
}

void ndp_neighbour_advertised(struct ndp *n, const struct ndp_message *m, nanos now)
{
    struct ndp_neighbour *e = ndp_neighbour_of(n, &m->target);
    if (!e || e->state == NDP_FREE)
        return;
    if (e->state != NDP_INCOMPLETE) {
        update(n, e, m, now);
    } else if (m->has_target_mac) {
        e->mac = m->target_mac;
        count_up(&n->counters.learned);
        become(n, e, NDP_STALE);
        if (m->is_solicited)
            reached(n, e, now);
        settle(n, e);
    }
    struct ndp_router *r = m->is_router ? NULL : ndp_router_of(n, &m->target);
    if (r && !r->is_static)             /* it says that it is none any more */
        ndp_router_remove(n, r);
}

bool ndp_poll_resolved(struct ndp *n, struct ndp_resolved *out)
{
    struct link *l = list_pop_front(&n->settled);
    if (!l)
        return false;
    struct ndp_neighbour *e = LINKED(l, struct ndp_neighbour, in_settled);
    *out = (struct ndp_resolved){ .is_found = e->state != NDP_FREE, .mac = e->mac, .num_waiting = e->num_waiting };
    for (size_t i = 0; i < e->num_waiting; i++)
        out->waiting[i] = e->waiting[i];
    e->num_waiting = 0;
    if (e->state == NDP_FREE)
        forget(n, e);
    return true;
}

/* ---- Above */

static void start_asking(struct ndp *n, const struct ip *ip, nanos now)
{
    struct ndp_neighbour *e = n->num_resolving < NDP_RESOLVING_MAX ? new_entry(n, ip, true) : NULL;
    if (!e) {
        count_up(&n->counters.resolving_full);
        return;
    }
    become(n, e, NDP_INCOMPLETE);
    e->tries_left = NDP_SOLICITATIONS;
    ask(n, e, now);
}

bool ndp_find(struct ndp *n, const struct ip *neighbour, struct mac *out, nanos now)
{
    struct ndp_neighbour *e = ndp_neighbour_of(n, neighbour);
    if (!e) {
        start_asking(n, neighbour, now);
        return false;
    }
    if (e->state == NDP_FREE || e->state == NDP_INCOMPLETE)
        return false;
    touch(n, e);
    if (e->state == NDP_STALE || (e->state == NDP_REACHABLE && now >= e->reachable_until)) {
        become(n, e, NDP_DELAY);
        ndp_timer_set(n, &e->timer, nanos_add(now, NDP_DELAY_FIRST_PROBE_NS));
    }
    *out = e->mac;
    return true;
}

bool ndp_hold(struct ndp *n, const struct ip *neighbour, struct packet *p)
{
    struct ndp_neighbour *e = ndp_neighbour_of(n, neighbour);
    if (!e || e->state != NDP_INCOMPLETE || e->num_waiting == NDP_WAITING_MAX) {
        count_up(&n->counters.waiting_full);
        return false;
    }
    e->waiting[e->num_waiting++] = p;
    return true;
}

void ndp_confirm(struct ndp *n, const struct ip *neighbour, nanos now)
{
    struct ndp_neighbour *e = ndp_neighbour_of(n, neighbour);
    if (e && e->state == NDP_REACHABLE && nanos_sub(e->reachable_until, now) > n->reachable_ns / 4)
        return;                                 /* for long enough */
    if (e && e->state != NDP_FREE && e->state != NDP_INCOMPLETE)
        reached(n, e, now);
}

void ndp_close(struct ndp *n)
{
    for (size_t i = 0; i < NDP_NEIGHBOURS; i++)
        while (n->neighbour[i].num_waiting > 0)
            packet_unref(n->neighbour[i].waiting[--n->neighbour[i].num_waiting]);
}
