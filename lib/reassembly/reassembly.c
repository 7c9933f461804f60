// SPDX-License-Identifier: ISC
/* reassembly.c - places of incomplete datagrams, in the order of their age. A fragment is found its place among those
 * that are there from the back, since most come in order. */
#include "lib/reassembly/reassembly.h"
#include "base/checked.h"

enum { ECN_NOT_ECT = 0, ECN_CE = 3 };

void reassembly_init(struct reassembly *r, size_t packets_max)
{
    *r = (struct reassembly){ .packets_max = packets_max };
    for (size_t i = 0; i < REASSEMBLY_DATAGRAMS; i++)
        list_push_back(&r->free, &r->place[i].in_age);
}

static struct packet *fragment_of(struct link *l)
{
    return l ? LINKED(l, struct packet, link) : NULL;
}

static size_t end_of(const struct packet *p)
{
    return p->tag + packet_chain_bytes(p);
}

static size_t num_buffers(const struct packet *p)
{
    size_t n = 0;
    for (; p; p = p->next)
        n++;
    return n;
}

/* ---- Places */

static void drop_fragments(struct reassembly *r, struct reassembly_place *d)
{
    for (struct link *l; (l = list_pop_front(&d->fragments));)
        packet_unref(fragment_of(l));
    r->num_packets -= d->num_packets;
    d->num_packets = d->num_fragments = 0;
}

static void release(struct reassembly *r, struct reassembly_place *d)
{
    drop_fragments(r, d);
    list_remove(&d->in_age);
    *d = (struct reassembly_place){ 0 };
    list_push_back(&r->free, &d->in_age);
}

static struct reassembly_place *oldest(const struct reassembly *r)
{
    struct link *l = list_first(&r->ages);
    return l ? LINKED(l, struct reassembly_place, in_age) : NULL;
}

static bool same_key(const struct reassembly_key *a, const struct reassembly_key *b)
{
    return a->identification == b->identification && a->protocol == b->protocol && ip_eq(&a->source, &b->source) &&
           ip_eq(&a->destination, &b->destination);
}

static struct reassembly_place *find(const struct reassembly *r, const struct reassembly_key *key)
{
    for (struct link *l = list_first(&r->ages); l; l = list_next(&r->ages, l)) {
        struct reassembly_place *d = LINKED(l, struct reassembly_place, in_age);
        if (same_key(&d->key, key))
            return d;
    }
    return NULL;
}

static struct reassembly_place *take(struct reassembly *r, const struct reassembly_key *key, nanos now)
{
    if (list_is_empty(&r->free)) {
        struct reassembly_place *old = oldest(r);
        if (!old)
            return NULL;            /* all are expired and wait to be polled */
        count_up(&r->counters.evicted);
        release(r, old);
    }
    struct reassembly_place *d = LINKED(list_pop_front(&r->free), struct reassembly_place, in_age);
    d->key = *key;
    d->until = nanos_add(now, REASSEMBLY_NS);
    list_push_back(&r->ages, &d->in_age);
    return d;
}

static void make_void(struct reassembly *r, struct reassembly_place *d)
{
    count_up(&r->counters.refused);
    drop_fragments(r, d);
    d->is_void = true;
}

/* Room for as many packets, at the cost of older datagrams. false: there is none even so. */
static bool make_room(struct reassembly *r, const struct reassembly_place *keep, size_t num)
{
    while (r->num_packets + num > r->packets_max) {
        struct reassembly_place *old = oldest(r);
        if (!old || old == keep)
            return false;
        count_up(&r->counters.evicted);
        release(r, old);
    }
    return true;
}

/* ---- Fragments */

/* What can be said of a fragment alone: its end, and whether it can be one. */
static bool is_sound(const struct reassembly_fragment *f, size_t *end)
{
    size_t num_bytes = packet_chain_bytes(f->packet);
    *end = f->offset_bytes + num_bytes;
    bool is_aligned = f->offset_bytes % REASSEMBLY_UNIT_BYTES == 0 && (f->is_last || num_bytes % REASSEMBLY_UNIT_BYTES == 0);
    return num_bytes > 0 && is_aligned && *end <= REASSEMBLY_BYTES_MAX;
}

/* The last fragment that begins before the end of this one; NULL: it comes first. */
static struct packet *neighbour_before(const struct reassembly_place *d, size_t end)
{
    struct link *l = list_last(&d->fragments);
    while (l && fragment_of(l)->tag >= end)
        l = list_prev(&d->fragments, l);
    return fragment_of(l);
}

/* Does the end fit what the others said of the length? */
static bool fits_total(const struct reassembly_place *d, const struct reassembly_fragment *f, size_t end)
{
    const struct packet *last = fragment_of(list_last(&d->fragments));
    if (!f->is_last)
        return d->total_bytes == 0 || end <= d->total_bytes;
    return (d->total_bytes == 0 || d->total_bytes == end) && (!last || end_of(last) <= end);
}

static void insert(struct reassembly *r, struct reassembly_place *d, const struct reassembly_fragment *f,
                   struct packet *before, size_t end)
{
    size_t num = num_buffers(f->packet);
    packet_ref(f->packet);
    f->packet->tag = (uint32_t)f->offset_bytes;
    if (before)
        list_insert_behind(&before->link, &f->packet->link);
    else
        list_push_front(&d->fragments, &f->packet->link);
    d->num_fragments++;
    d->num_packets += num;
    r->num_packets += num;
    d->got_bytes += end - f->offset_bytes;
    d->total_bytes = f->is_last ? end : d->total_bytes;
    d->codepoints |= (uint8_t)(1u << f->ecn);
    if (f->offset_bytes == 0) {
        d->protocol = f->protocol;
        d->quote = f->quote;
    }
}

/* RFC 3168 section 5.3: a mark is kept; marks on some and others that can have none do not go together. */
static bool is_contradiction(uint8_t codepoints)
{
    return (codepoints & 1u << ECN_NOT_ECT) && (codepoints & 1u << ECN_CE);
}

static uint8_t ecn_of(uint8_t codepoints)
{
    uint8_t ecn = ECN_CE;
    while (ecn > ECN_NOT_ECT && !(codepoints >> ecn & 1))
        ecn--;
    return codepoints & 1u << ECN_NOT_ECT ? ECN_NOT_ECT : ecn;
}

/* One chain of all, which holds their references. */
static struct packet *string_together(struct reassembly_place *d)
{
    struct packet *head = NULL, **end = &head;
    for (struct link *l; (l = list_pop_front(&d->fragments));) {
        *end = fragment_of(l);
        while (*end)
            end = &(*end)->next;
    }
    return head;
}

/* Ends the place with its packets in the hands of the caller. */
static struct reassembly_datagram hand_over(struct reassembly *r, struct reassembly_place *d)
{
    struct reassembly_datagram out = { .source = d->key.source, .destination = d->key.destination, .protocol = d->protocol,
                                       .ecn = ecn_of(d->codepoints),
                                       .quote = d->quote, .packet = string_together(d) };
    release(r, d);
    return out;
}

bool reassembly_input(struct reassembly *r, const struct reassembly_fragment *f, nanos now, struct reassembly_datagram *out)
{
    size_t end;
    count_up(&r->counters.fragments);
    *out = (struct reassembly_datagram){ 0 };
    struct reassembly_place *d = find(r, &f->key);
    d = d ? d : take(r, &f->key, now);
    if (!d || d->is_void)
        return false;
    bool sound = is_sound(f, &end);
    struct packet *before = neighbour_before(d, end);
    if (sound && before && before->tag == f->offset_bytes && end_of(before) == end) {
        count_up(&r->counters.duplicates);
        return false;
    }
    bool overlaps = before && end_of(before) > f->offset_bytes;
    bool contradicts = is_contradiction(d->codepoints | (uint8_t)(1u << f->ecn));
    if (!sound || overlaps || contradicts || !fits_total(d, f, end) || d->num_fragments == REASSEMBLY_FRAGMENTS_MAX ||
        !make_room(r, d, num_buffers(f->packet))) {
        make_void(r, d);
        return false;
    }
    insert(r, d, f, before, end);
    if (d->got_bytes != d->total_bytes)
        return false;
    count_up(&r->counters.whole);
    *out = hand_over(r, d);
    return true;
}

/* ---- Time */

static bool has_first(const struct reassembly_place *d)
{
    const struct packet *first = fragment_of(list_first(&d->fragments));
    return first && first->tag == 0;
}

void reassembly_tick(struct reassembly *r, nanos now)
{
    for (struct reassembly_place *d; (d = oldest(r)) && now >= d->until;) {
        if (!d->is_void)
            count_up(&r->counters.timed_out);
        if (has_first(d)) {
            list_remove(&d->in_age);
            list_push_back(&r->expired, &d->in_age);
        } else {
            release(r, d);
        }
    }
}

bool reassembly_poll(struct reassembly *r, struct reassembly_datagram *out)
{
    struct link *l = list_first(&r->expired);
    if (!l)
        return false;
    *out = hand_over(r, LINKED(l, struct reassembly_place, in_age));
    return true;
}

nanos reassembly_deadline(const struct reassembly *r)
{
    const struct reassembly_place *d = oldest(r);
    return d ? d->until : NEVER;
}

void reassembly_close(struct reassembly *r)
{
    for (size_t i = 0; i < REASSEMBLY_DATAGRAMS; i++)
        drop_fragments(r, &r->place[i]);
}
