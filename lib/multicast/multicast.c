// SPDX-License-Identifier: ISC
/* multicast.c - groups and their members; what is told of them, when, and in which version. */
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

static size_t member_place(const struct multicast *m, uint32_t user, const struct ip *group)
{
    size_t i = 0;
    while (i < MULTICAST_MEMBERS && !(m->member[i].user == user && ip_eq(&m->member[i].group, group)))
        i++;
    return i;
}
static struct multicast_member *member_of(struct multicast *m, uint32_t user, const struct ip *group)
{
    size_t place = member_place(m, user, group);
    return place < MULTICAST_MEMBERS ? &m->member[place] : NULL;
}

bool multicast_is_in(const struct multicast *m, const struct ip *group)
{
    for (size_t i = 0; i < MULTICAST_GROUPS; i++)
        if (ip_eq(&m->place[i].group, group))
            return multicast_is_anybody(&m->place[i].state);
    return false;
}

bool multicast_is_unwanted(const struct multicast *m, uint32_t user, const struct ip *group, const struct ip *source)
{
    size_t place = member_place(m, user, group);
    return place < MULTICAST_MEMBERS && !multicast_hears(&m->member[place].sources, source);
}

/* ---- Changes (RFC 3376 section 5.1, RFC 3810 section 6.1) */

static void tell_mode(struct multicast_group *g)
{
    g->mode_left = MULTICAST_ROBUSTNESS;
    g->num_changes = 0;
}

/* Where there is no room for it, the whole list is told. */
static void tell_source(struct multicast_group *g, const struct ip *source)
{
    size_t i = 0;
    while (i < g->num_changes && !ip_eq(&g->change[i].source, source))
        i++;
    if (i == MULTICAST_CHANGES) {
        tell_mode(g);
        return;
    }
    g->change[i] = (struct multicast_change){ *source, MULTICAST_ROBUSTNESS };
    g->num_changes = size_max(g->num_changes, i + 1);
}

/* What is in the first list alone. */
static void tell_sources(struct multicast_group *g, const struct ip_sources *list, const struct ip_sources *other)
{
    for (size_t i = 0; i < list->num; i++)
        if (g->mode_left == 0 && !multicast_has(other, &list->ip[i]))
            tell_source(g, &list->ip[i]);
}

static void changed(struct multicast *m, struct multicast_group *g, nanos now)
{
    struct ip_sources old = g->state;
    g->state = multicast_merged(m, &g->group);
    bool is_member = multicast_is_anybody(&g->state);
    g->is_asked = g->is_asked && is_member;
    if (!is_told(&g->group) && !is_member)
        *g = (struct multicast_group){ 0 };
    if (!is_told(&g->group) || multicast_same(&old, &g->state))
        return;
    if (is_member != multicast_is_anybody(&old))
        g->membership_left = MULTICAST_ROBUSTNESS;
    if (old.is_exclude != g->state.is_exclude || g->mode_left > 0)
        tell_mode(g);
    tell_sources(g, &old, &g->state);
    tell_sources(g, &g->state, &old);
    g->change_at = now;
}

bool multicast_listen(struct multicast *m, uint32_t user, const struct ip *group, const struct ip_sources *sources, nanos now)
{
    struct ip nobody = { 0 };
    REQUIRE(sources->num <= IP_SOURCES_MAX);
    struct multicast_group *g = is_group(group) ? place_of(m, group) : NULL;
    g = g || !is_group(group) ? g : place_of(m, &nobody);
    struct multicast_member *member = member_of(m, user, group);
    if (!member && !multicast_is_anybody(sources))
        return is_group(group);
    member = member ? member : member_of(m, 0, &nobody);
    if (!g || !member) {
        count_up(&m->counters.refused);
        return false;
    }
    g->group = *group;
    *member = (struct multicast_member){ user, *group, *sources };
    if (!multicast_is_anybody(sources))
        *member = (struct multicast_member){ 0 };
    changed(m, g, now);
    return true;
}

void multicast_leave(struct multicast *m, uint32_t user, const struct ip *group, nanos now)
{
    if (is_group(group) && member_of(m, user, group))
        (void)!multicast_listen(m, user, group, &(struct ip_sources){ 0 }, now);
}

void multicast_leave_all(struct multicast *m, uint32_t user, nanos now)
{
    for (size_t i = 0; i < MULTICAST_MEMBERS; i++) {
        struct ip group = m->member[i].group;
        if (m->member[i].user == user)
            multicast_leave(m, user, &group, now);
    }
}

/* ---- Queries */

/* RFC 3376 section 5.2: a question about more than is asked for already takes the place of that. */
static void note_sources(struct multicast_group *g, const struct ip_sources *sources)
{
    bool is_all = sources->num == 0 || (g->is_asked && g->asked.num == 0);
    if (!g->is_asked || is_all)
        g->asked = (struct ip_sources){ 0 };
    for (size_t i = 0; i < sources->num && !is_all; i++)
        is_all = !multicast_add(&g->asked, &sources->ip[i]);
    if (is_all)
        g->asked = (struct ip_sources){ 0 };
}

static void answer(struct multicast *m, struct multicast_group *g, const struct multicast_query *q, nanos now)
{
    nanos at = nanos_add(now, random_below(m, from_ms(q->max_response_ms)));
    if (!multicast_is_anybody(&g->state) || !is_told(&g->group))
        return;
    note_sources(g, &q->sources);
    g->answer_at = g->is_asked ? nanos_min(g->answer_at, at) : at;
    g->is_asked = true;
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

static struct multicast_outgoing *next_out(struct multicast *m)
{
    return &m->out[ring_push(&m->outbox)];
}

static void write_state(struct multicast *m, const struct multicast_group *g, bool is_change)
{
    enum multicast_record_type exclude = is_change ? CHANGE_TO_EXCLUDE_MODE : MODE_IS_EXCLUDE;
    enum multicast_record_type include = is_change ? CHANGE_TO_INCLUDE_MODE : MODE_IS_INCLUDE;
    struct multicast_record r = { g->state.is_exclude ? exclude : include, &g->state };
    multicast_write_report(next_out(m), &g->group, &r, NULL);
}

/* Sources that are heard now or not any more. */
static void write_changes(struct multicast *m, struct multicast_group *g)
{
    struct ip_sources allowed = { 0 }, blocked = { 0 };
    for (size_t i = g->num_changes; i-- > 0;) {
        struct multicast_change *change = &g->change[i];
        (void)!multicast_add(multicast_hears(&g->state, &change->source) ? &allowed : &blocked, &change->source);
        if (--change->left == 0)
            *change = g->change[--g->num_changes];
    }
    struct multicast_record allow = { ALLOW_NEW_SOURCES, &allowed }, block = { BLOCK_OLD_SOURCES, &blocked };
    bool are_both = allowed.num > 0 && blocked.num > 0;
    multicast_write_report(next_out(m), &g->group, allowed.num > 0 ? &allow : &block, are_both ? &block : NULL);
}

/* RFC 3376 section 7.2.1: older routers know of members alone, and one of version 1 not that they leave. */
static void tell_older(struct multicast *m, struct multicast_group *g, enum multicast_version v)
{
    bool is_member = multicast_is_anybody(&g->state);
    if (g->membership_left > 0 && (is_member || v != MULTICAST_V1))
        multicast_write_old(next_out(m), &g->group, v, is_member);
    g->mode_left = 0;
    g->num_changes = 0;
}

static void tell_change(struct multicast *m, struct multicast_group *g, nanos now)
{
    enum multicast_version v = version_for(m, &g->group, now);
    if (v != MULTICAST_V3)
        tell_older(m, g, v);
    else if (g->mode_left > 0)
        write_state(m, g, true);
    else if (g->num_changes > 0)
        write_changes(m, g);
    if (g->mode_left > 0)
        g->mode_left--;
    if (g->membership_left > 0)
        g->membership_left--;
    g->change_at = nanos_add(now, random_below(m, MULTICAST_UNSOLICITED_NS) + 1);
}

/* Of sources that were asked about, those that are heard. */
static void tell_asked(struct multicast *m, struct multicast_group *g, nanos now)
{
    enum multicast_version v = version_for(m, &g->group, now);
    struct ip_sources heard = { 0 };
    for (size_t i = 0; i < g->asked.num; i++)
        if (multicast_hears(&g->state, &g->asked.ip[i]))
            (void)!multicast_add(&heard, &g->asked.ip[i]);
    if (v != MULTICAST_V3)
        multicast_write_old(next_out(m), &g->group, v, true);
    else if (g->asked.num == 0)
        write_state(m, g, false);
    else if (heard.num > 0)
        multicast_write_report(next_out(m), &g->group, &(struct multicast_record){ MODE_IS_INCLUDE, &heard }, NULL);
    g->is_asked = false;
}

static bool has_change(const struct multicast_group *g)
{
    return g->membership_left > 0 || g->mode_left > 0 || g->num_changes > 0;
}

/* false: the outbox is full, so it is told later. */
static bool has_room(struct multicast *m)
{
    if (ring_is_full(&m->outbox))
        count_up(&m->counters.outbox_full);
    return !ring_is_full(&m->outbox);
}

static void tick(struct multicast *m, struct multicast_group *g, nanos now)
{
    if (has_change(g) && now >= g->change_at && has_room(m)) {
        tell_change(m, g, now);
        if (!has_change(g) && !multicast_is_anybody(&g->state))
            *g = (struct multicast_group){ 0 };
    }
    if (g->is_asked && now >= g->answer_at && has_room(m))
        tell_asked(m, g, now);
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
        at = nanos_min(at, has_change(g) ? g->change_at : NEVER);
        at = nanos_min(at, g->is_asked ? g->answer_at : NEVER);
    }
    return at;
}
