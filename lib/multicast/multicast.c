// SPDX-License-Identifier: ISC
/* multicast.c - groups, when they are reported, and in which version. */
#include "base/checked.h"
#include "lib/ipv6/ipv6.h"
#include "lib/multicast/inside.h"

void multicast_init(struct multicast *m, uint32_t seed)
{
    *m = (struct multicast){ .random = seed | 1, .outbox = ring_of(MULTICAST_OUTBOX) };
}

static nanos random_below(struct multicast *m, nanos max)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 17;
    m->random ^= m->random << 5;
    return max == 0 ? 0 : (nanos)m->random * NS_PER_US % max;
}

/* ---- Groups */

static bool is_group(const struct ip *a)
{
    return ip_is_v4(a) ? ip_v4(a) >> 28 == 14 : ipv6_is_group(a);
}

/* All hosts are in these anyhow, or no router has to know (RFC 3376 section 5, RFC 3810 section 6). */
static bool is_told(const struct ip *group)
{
    return ip_is_v4(group) ? ip_v4(group) != 0xe0000001 : ipv6_scope(group) > IPV6_INTERFACE && !ip_eq(group, &IPV6_ALL_NODES);
}

static struct multicast_group *place_of(struct multicast *m, const struct ip *group)
{
    for (size_t i = 0; i < MULTICAST_GROUPS; i++)
        if (ip_eq(&m->place[i].group, group))
            return &m->place[i];
    return NULL;
}

bool multicast_is_in(const struct multicast *m, const struct ip *group)
{
    for (size_t i = 0; i < MULTICAST_GROUPS; i++)
        if (m->place[i].num_users > 0 && ip_eq(&m->place[i].group, group))
            return true;
    return false;
}

static void changed(struct multicast_group *g, nanos now)
{
    g->reports_left = is_told(&g->group) ? MULTICAST_ROBUSTNESS : 0;
    g->change_at = now;
    if (g->num_users == 0 && g->reports_left == 0)
        *g = (struct multicast_group){ 0 };
}

bool multicast_join(struct multicast *m, const struct ip *group, nanos now)
{
    struct multicast_group *g = is_group(group) ? place_of(m, group) : NULL;
    g = g || !is_group(group) ? g : place_of(m, &(struct ip){ 0 });
    if (!g) {
        count_up(&m->counters.refused);
        return false;
    }
    g->group = *group;
    if (g->num_users++ == 0)
        changed(g, now);
    return true;
}

void multicast_leave(struct multicast *m, const struct ip *group, nanos now)
{
    struct multicast_group *g = is_group(group) ? place_of(m, group) : NULL;
    if (!g || g->num_users == 0 || --g->num_users > 0)
        return;
    g->is_asked = false;
    changed(g, now);
}

/* ---- Queries */

static void answer(struct multicast *m, struct multicast_group *g, const struct multicast_query *q, nanos now)
{
    nanos at = nanos_add(now, random_below(m, from_ms(q->max_response_ms)));
    if (g->num_users == 0 || !is_told(&g->group) || (g->is_asked && g->answer_at <= at))
        return;
    g->is_asked = true;
    g->answer_at = at;
}

static void asked(struct multicast *m, const struct multicast_query *q, bool of_v4, nanos now)
{
    count_up(&m->counters.queries);
    for (size_t i = 0; i < MULTICAST_GROUPS; i++) {
        struct multicast_group *g = &m->place[i];
        if (ip_is_v4(&g->group) == of_v4 && (ipv6_is_unspecified(&q->group) || ip_eq(&q->group, &g->group)))
            answer(m, g, q, now);
    }
}

/* RFC 2236 section 3: in the old versions another member's report is enough. */
static void heard_report(struct multicast *m, struct span message)
{
    struct multicast_group *g = place_of(m, &(struct ip[]){ ip_from_v4(span_u32(message, 4)) }[0]);
    if (g)
        g->is_asked = false;
}

void multicast_input_igmp(struct multicast *m, struct span message, nanos now)
{
    struct multicast_query q;
    bool is_old = now < m->igmp_v1_until || now < m->igmp_v2_until;
    if (message.n >= 8 && (span_at(message, 0) == IGMP_V1_REPORT || span_at(message, 0) == IGMP_V2_REPORT)) {
        if (is_old)
            heard_report(m, message);
        return;
    }
    if (!multicast_decode_igmp(message, &q)) {
        count_up(&m->counters.malformed);
        return;
    }
    if (q.version == MULTICAST_V1)
        m->igmp_v1_until = nanos_add(now, MULTICAST_OLD_ROUTER_NS);
    if (q.version == MULTICAST_V2)
        m->igmp_v2_until = nanos_add(now, MULTICAST_OLD_ROUTER_NS);
    asked(m, &q, true, now);
}

void multicast_input_mld(struct multicast *m, struct span message, nanos now)
{
    struct multicast_query q;
    if (!multicast_decode_mld(message, &q)) {
        count_up(&m->counters.malformed);
        return;
    }
    if (q.version == MULTICAST_V2)
        m->mld_v1_until = nanos_add(now, MULTICAST_OLD_ROUTER_NS);
    asked(m, &q, false, now);
}

/* ---- Reports */

static enum multicast_version version_for(const struct multicast *m, const struct ip *group, nanos now)
{
    if (!ip_is_v4(group))
        return now < m->mld_v1_until ? MULTICAST_V2 : MULTICAST_V3;
    if (now < m->igmp_v1_until)
        return MULTICAST_V1;
    return now < m->igmp_v2_until ? MULTICAST_V2 : MULTICAST_V3;
}

/* false: the outbox is full. A router of version 1 is not told that we leave. */
static bool report(struct multicast *m, const struct multicast_group *g, bool is_change, nanos now)
{
    enum multicast_version v = version_for(m, &g->group, now);
    if (g->num_users == 0 && v == MULTICAST_V1)
        return true;
    if (ring_is_full(&m->outbox)) {
        count_up(&m->counters.outbox_full);
        return false;
    }
    struct multicast_outgoing *o = &m->out[ring_push(&m->outbox)];
    if (g->num_users > 0)
        multicast_write_membership(o, &g->group, v, is_change);
    else
        multicast_write_leave(o, &g->group, v);
    return true;
}

static void tick(struct multicast *m, struct multicast_group *g, nanos now)
{
    if (g->reports_left > 0 && now >= g->change_at && report(m, g, true, now)) {
        g->reports_left--;
        g->change_at = nanos_add(now, random_below(m, MULTICAST_UNSOLICITED_NS) + 1);
        if (g->reports_left == 0 && g->num_users == 0) {
            *g = (struct multicast_group){ 0 };
            return;
        }
    }
    if (g->is_asked && now >= g->answer_at)
        g->is_asked = !report(m, g, false, now);
}

void multicast_tick(struct multicast *m, nanos now)
{
    for (size_t i = 0; i < MULTICAST_GROUPS; i++)
        tick(m, &m->place[i], now);
}

bool multicast_output(struct multicast *m, struct multicast_outgoing *out)
{
    if (ring_is_empty(&m->outbox))
        return false;
    *out = m->out[ring_pop(&m->outbox)];
    return true;
}

nanos multicast_deadline(const struct multicast *m)
{
    nanos at = NEVER;
    for (size_t i = 0; i < MULTICAST_GROUPS; i++) {
        const struct multicast_group *g = &m->place[i];
        at = nanos_min(at, g->reports_left > 0 ? g->change_at : NEVER);
        at = nanos_min(at, g->is_asked ? g->answer_at : NEVER);
    }
    return at;
}
