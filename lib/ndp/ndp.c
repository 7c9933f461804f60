// SPDX-License-Identifier: ISC
/* ndp.c - messages and timers, to whom they belong. */
#include "lib/ndp/inside.h"
#include "lib/checksum/checksum.h"
#include "lib/icmpv6/icmpv6.h"

enum { ND_HOP_LIMIT = 255, XORSHIFT_SEED = 0x9e3779b9 };

void ndp_timer_set(struct ndp *n, struct ndp_timer *t, nanos at)
{
    wheel_set(&n->wheel, &t->wheel, at);
}

void ndp_timer_clear(struct ndp *n, struct ndp_timer *t)
{
    wheel_clear(&n->wheel, &t->wheel);
}

nanos ndp_random(struct ndp *n, nanos max)
{
    n->random ^= n->random << 13;
    n->random ^= n->random >> 17;
    n->random ^= n->random << 5;
    return max == 0 ? 0 : n->random % max;
}

void ndp_note(struct ndp *n, enum ndp_note note, const struct ip *ip)
{
    if (!ring_is_full(&n->notes))
        n->news[ring_push(&n->notes)] = (struct ndp_news){ note, *ip };
}

static uint16_t checksum_of(const struct ndp_outgoing *o)
{
    struct checksum c = checksum_pseudo(SPAN(o->source.byte), SPAN(o->destination.byte), IPV6_ICMPV6, o->num_bytes);
    checksum_add(&c, span_first(SPAN(o->byte), o->num_bytes));
    return checksum_field(&c);
}

void ndp_post(struct ndp *n, const struct ip *source, const struct ip *destination, const struct mac *mac, bool is_mld,
              const struct wr *message)
{
    if (ring_is_full(&n->outbox)) {
        count_up(&n->counters.outbox_full);
        return;
    }
    struct ndp_outgoing *o = &n->out[ring_push(&n->outbox)];
    *o = (struct ndp_outgoing){ .source = *source, .destination = *destination, .mac = *mac, .is_mld = is_mld };
    o->num_bytes = span_copy(MSPAN(o->byte), wr_done(message));
    mspan_u16(MSPAN(o->byte), ICMPV6_CHECKSUM_AT, checksum_of(o));
}

void ndp_init(struct ndp *n, const struct ndp_config *cfg, nanos now)
{
    *n = (struct ndp){ .cfg = *cfg, .random = cfg->seed ? cfg->seed : XORSHIFT_SEED, .mtu = cfg->mtu, .hop_limit = IPV6_HOP_LIMIT,
                       .retrans_ns = NDP_RETRANS_NS, .reachable_ns = NDP_REACHABLE_NS, .outbox = ring_of(NDP_OUTBOX),
                       .notes = ring_of(NDP_NOTES), .solicit = { .kind = NDP_TIMER_SOLICIT } };
    struct ip prefix = { { 0xfe, 0x80 } };
    struct ip_prefix own = { ndp_make_ip(n, &prefix, false, 0), IPV6_LINK_LOCAL_LENGTH };
    wheel_init(&n->wheel, now);
    ndp_neighbours_init(n);
    struct ndp_address *a = ndp_address_add(n, &own, NEVER, NEVER, now);
    REQUIRE(a);
    a->is_made = true;
    if (cfg->accept_router_advertisements)
        ndp_solicit_routers(n, now);
}

/* ---- Messages in */

static void solicited(struct ndp *n, const struct ndp_arrival *a, const struct ndp_message *m, nanos now)
{
    struct ndp_address *target = ndp_address_of(n, &m->target);
    uint8_t message[NDP_MESSAGE_MAX_BYTES];
    struct wr w = wr_of(MSPAN(message));
    struct mac mac;
    if (!target || !ndp_address_is_usable(target)) {
        count_up(&n->counters.not_for_us);
        return;
    }
    if (ipv6_is_unspecified(&a->source) && m->has_nonce && span_eq(SPAN(m->nonce), SPAN(target->nonce))) {
        count_up(&n->counters.looped);                  /* our own question (RFC 7527 section 4.2) */
        return;
    }
    if (ipv6_is_unspecified(&a->source)) {              /* somebody would like to have it */
        if (target->state == NDP_OPTIMISTIC) {
            ndp_address_conflict(n, target, now);
            return;
        }
        struct ip everybody = IPV6_ALL_NODES;
        mac = ipv6_group_mac(&everybody);
        ndp_write_advertisement(&w, &target->ip, false, true, &n->cfg.mac);
        ndp_post(n, &target->ip, &everybody, &mac, false, &w);
        return;
    }
    if (m->has_source_mac)
        ndp_neighbour_heard(n, &a->source, &m->source_mac);
    struct ndp_neighbour *asker = ndp_neighbour_of(n, &a->source);
    bool is_known = asker && asker->state != NDP_FREE && asker->state != NDP_INCOMPLETE;
    mac = is_known ? asker->mac : a->from;              /* an optimistic one does not say where it is */
    ndp_write_advertisement(&w, &target->ip, true, target->state != NDP_OPTIMISTIC, &n->cfg.mac);
    ndp_post(n, &target->ip, &a->source, &mac, false, &w);
}

static void advertised(struct ndp *n, const struct ndp_message *m, nanos now)
{
    struct ndp_address *ours = ndp_address_of(n, &m->target);
    if (ours && ndp_address_is_usable(ours))
        ndp_address_conflict(n, ours, now);
    else
        ndp_neighbour_advertised(n, m, now);
}

/* RFC 4861 sections 6.1 and 7.1: what is to be checked beyond the message itself. */
static bool is_valid(const struct ndp_arrival *a, const struct ndp_message *m)
{
    bool from_nobody = ipv6_is_unspecified(&a->source), from_link = ipv6_is_link_local(&a->source);
    switch (m->type) {
    case ICMPV6_MLD_QUERY:
        return a->hop_limit == 1 && from_link;
    case ICMPV6_ROUTER_ADVERTISEMENT:
    case ICMPV6_REDIRECT:
        return a->hop_limit == ND_HOP_LIMIT && from_link;
    case ICMPV6_NEIGHBOR_ADVERTISEMENT:
        return a->hop_limit == ND_HOP_LIMIT && !(ipv6_is_group(&a->destination) && m->is_solicited);
    default:
        return a->hop_limit == ND_HOP_LIMIT && !(from_nobody && (m->has_source_mac || !ipv6_is_group(&a->destination)));
    }
}

void ndp_input(struct ndp *n, const struct ndp_arrival *a, nanos now)
{
    struct ndp_message m;
    if (ndp_decode(a->message, &m) != WIRE_OK || !is_valid(a, &m)) {
        count_up(&n->counters.malformed);
        return;
    }
    switch (m.type) {
    case ICMPV6_NEIGHBOR_SOLICITATION:
        solicited(n, a, &m, now);
        break;
    case ICMPV6_NEIGHBOR_ADVERTISEMENT:
        advertised(n, &m, now);
        break;
    case ICMPV6_ROUTER_ADVERTISEMENT:
        ndp_router_advertised(n, a, &m, now);
        break;
    case ICMPV6_REDIRECT:
        ndp_redirected(n, a, &m);
        break;
    case ICMPV6_MLD_QUERY:
        ndp_group_query(n, &m, now);
        break;
    default:
        break;                          /* a router's business */
    }
}

/* ---- Time */

static void fired(struct ndp *n, struct ndp_timer *t, nanos now)
{
    switch (t->kind) {
    case NDP_TIMER_NEIGHBOUR:
        ndp_neighbour_timer(n, LINKED(t, struct ndp_neighbour, timer), now);
        break;
    case NDP_TIMER_ADDRESS:
        ndp_address_timer(n, LINKED(t, struct ndp_address, timer), now);
        break;
    case NDP_TIMER_GROUP:
        ndp_group_timer(n, LINKED(t, struct ndp_address, group_timer), now);
        break;
    case NDP_TIMER_ROUTER:
        ndp_router_remove(n, LINKED(t, struct ndp_router, timer));
        break;
    case NDP_TIMER_PREFIX:
        *LINKED(t, struct ndp_prefix, timer) = (struct ndp_prefix){ 0 };
        break;
    case NDP_TIMER_ROUTE:
        *LINKED(t, struct ndp_route, timer) = (struct ndp_route){ 0 };
        break;
    case NDP_TIMER_SOLICIT:
        ndp_solicit_timer(n, now);
        break;
    }
}

void ndp_tick(struct ndp *n, nanos now)
{
    wheel_advance(&n->wheel, now);
    for (struct wheel_timer *t; (t = wheel_next_due(&n->wheel));)
        fired(n, LINKED(t, struct ndp_timer, wheel), now);
    if (now >= n->dns_until)
        n->dns = (struct ndp_dns){ 0 };
}

nanos ndp_deadline(const struct ndp *n)
{
    return wheel_deadline(&n->wheel);
}

/* ---- Out */

bool ndp_output(struct ndp *n, struct ndp_outgoing *out)
{
    if (ring_is_empty(&n->outbox))
        return false;
    *out = n->out[ring_pop(&n->outbox)];
    return true;
}

bool ndp_poll(struct ndp *n, struct ndp_news *out)
{
    if (ring_is_empty(&n->notes))
        return false;
    *out = n->news[ring_pop(&n->notes)];
    return true;
}
