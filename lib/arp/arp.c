// SPDX-License-Identifier: ISC
/* arp.c - the cache and what changes it. An entry is in one bucket and in one of the lists by age; while it is asked
 * for, also in `asking`; with its end, and packets to be taken, in `settled`. */
#include "lib/arp/arp.h"
#include "base/checked.h"

static struct list *bucket_of(struct arp *a, uint32_t ip)
{
    return &a->bucket[(ip ^ ip >> 8 ^ ip >> 16) % ARP_BUCKETS];
}

static struct arp_entry *lookup(struct arp *a, uint32_t ip)
{
    struct list *bucket = bucket_of(a, ip);
    for (struct link *l = list_first(bucket); l; l = list_next(bucket, l)) {
        struct arp_entry *e = LINKED(l, struct arp_entry, in_bucket);
        if (e->ip == ip)
            return e;
    }
    return NULL;
}

void arp_init(struct arp *a, const struct arp_config *cfg)
{
    *a = (struct arp){ .cfg = *cfg, .random = cfg->seed | 1, .address_at = NEVER };
    a->outbox = ring_of(ARP_OUTBOX);
    for (size_t i = 0; i < ARP_ENTRIES; i++)
        list_push_back(&a->free, &a->entry[i].in_age);
}

/* ---- Messages out */

static void post(struct arp *a, struct mac destination, uint16_t operation, uint32_t sender_ip, struct mac target_mac,
                 uint32_t target_ip)
{
    if (ring_is_full(&a->outbox)) {
        count_up(&a->counters.outbox_full);
        return;
    }
    struct arp_outgoing *out = &a->out[ring_push(&a->outbox)];
    *out = (struct arp_outgoing){ .destination = destination,
                                  .message = { .operation = operation, .sender_mac = a->cfg.mac, .sender_ip = sender_ip,
                                               .target_mac = target_mac, .target_ip = target_ip } };
}

/* The address of ours that has the other for a neighbour; NULL: none has. */
static const struct arp_address *network_of(const struct arp *a, uint32_t ip)
{
    for (size_t i = 0; i < ARP_ADDRESSES; i++) {
        const struct arp_address *own = &a->address[i];
        if (own->state == ARP_ADDRESS_OURS && ip != 0 && ((ip ^ own->ip) & own->mask) == 0)
            return own;
    }
    return NULL;
}

/* The first requests go to everybody; whether an entry is right is asked of its owner (RFC 1122 section 2.3.2.1 (2)). */
static void ask(struct arp *a, struct arp_entry *e, nanos now)
{
    struct mac whom = e->state == ARP_CHECKING ? e->mac : ETHERNET_BROADCAST;
    const struct arp_address *own = network_of(a, e->ip);
    post(a, whom, ARP_REQUEST, own ? own->ip : 0, (struct mac){ 0 }, e->ip);
    e->tries_left--;
    e->retry_at = nanos_add(now, ARP_RETRY_NS);
    list_remove(&e->in_asking);
    list_push_back(&a->asking, &e->in_asking);      /* one interval for all keeps the list in order */
}

bool arp_output(struct arp *a, struct arp_outgoing *out)
{
    if (ring_is_empty(&a->outbox))
        return false;
    *out = a->out[ring_pop(&a->outbox)];
    return true;
}

/* ---- Entries */

static void become(struct arp *a, struct arp_entry *e, enum arp_state state)
{
    a->num_asking += (size_t)(state == ARP_ASKING) - (size_t)(e->state == ARP_ASKING);
    e->state = state;
}

static void forget(struct arp *a, struct arp_entry *e)
{
    REQUIRE(e->num_waiting == 0);
    become(a, e, ARP_FREE);
    list_remove(&e->in_bucket);
    list_remove(&e->in_age);
    list_remove(&e->in_asking);
    *e = (struct arp_entry){ 0 };
    list_push_back(&a->free, &e->in_age);
}

/* The oldest of a list that can go: nobody waits for it. */
static struct arp_entry *oldest(struct list *ages)
{
    for (struct link *l = list_first(ages); l; l = list_next(ages, l)) {
        struct arp_entry *e = LINKED(l, struct arp_entry, in_age);
        if (e->state == ARP_KNOWN && e->num_waiting == 0)
            return e;
    }
    return NULL;
}

static struct arp_entry *new_entry(struct arp *a, uint32_t ip, bool is_used)
{
    if (list_is_empty(&a->free)) {
        struct arp_entry *old = oldest(&a->strangers);
        old = old ? old : oldest(&a->peers);
        if (!old)
            return NULL;
        count_up(&a->counters.evicted);
        forget(a, old);
    }
    struct arp_entry *e = LINKED(list_pop_front(&a->free), struct arp_entry, in_age);
    e->ip = ip;
    e->is_used = is_used;
    list_push_back(bucket_of(a, ip), &e->in_bucket);
    list_push_back(is_used ? &a->peers : &a->strangers, &e->in_age);
    return e;
}

static void touch(struct arp *a, struct arp_entry *e)
{
    e->is_used = true;
    if (list_last(&a->peers) == &e->in_age)
        return;
    list_remove(&e->in_age);
    list_push_back(&a->peers, &e->in_age);
}

static void learn(struct arp *a, struct arp_entry *e, struct mac mac, nanos now)
{
    e->mac = mac;
    e->fresh_until = nanos_add(now, ARP_FRESH_NS);
    list_remove(&e->in_asking);
    become(a, e, ARP_KNOWN);
    if (e->num_waiting > 0)
        list_push_back(&a->settled, &e->in_asking);
    count_up(&a->counters.learned);
}

/* ---- Addresses of ours (RFC 5227) */

static struct arp_address *own_address(struct arp *a, uint32_t ip)
{
    for (size_t i = 0; i < ARP_ADDRESSES; i++)
        if (a->address[i].state != ARP_ADDRESS_NONE && a->address[i].ip == ip)
            return &a->address[i];
    return NULL;
}

/* Section 3: an announcement is a request for one's own address; a probe (section 2.1.1) comes from nobody. */
static void speak(struct arp *a, const struct arp_address *own)
{
    post(a, ETHERNET_BROADCAST, ARP_REQUEST, own->state == ARP_ADDRESS_OURS ? own->ip : 0, (struct mac){ 0 }, own->ip);
}

static void plan(struct arp *a)
{
    a->address_at = NEVER;
    for (size_t i = 0; i < ARP_ADDRESSES; i++) {
        const struct arp_address *own = &a->address[i];
        if (own->left > 0 || own->state == ARP_ADDRESS_PROBING)
            a->address_at = nanos_min(a->address_at, own->at);
    }
}

/* Section 2.4: until it is ours, it is the other's. One that was probed for is defended once per interval, and given up when it is claimed
 * again within that (b); one that somebody gave us, whom others know to be there, is never given up (c). */
static void conflict(struct arp *a, struct arp_address *own, nanos now)
{
    count_up(&a->counters.conflicts);
    bool is_soon = own->has_defended && nanos_sub(now, own->defended_at) < ARP_DEFEND_INTERVAL_NS;
    if (own->state == ARP_ADDRESS_PROBING || (is_soon && own->yields)) {
        *own = (struct arp_address){ .ip = own->ip, .is_news = true };
        plan(a);
        return;
    }
    if (is_soon)
        return;
    own->has_defended = true;
    own->defended_at = now;
    count_up(&a->counters.defended);
    speak(a, own);
}

static nanos random_below(struct arp *a, nanos max)
{
    a->random ^= a->random << 13;
    a->random ^= a->random >> 17;
    a->random ^= a->random << 5;
    return a->random % max;
}

/* How long the next probe waits after this one; the last wait is for answers alone. */
static nanos until_next(struct arp *a, const struct arp_address *own)
{
    if (own->state == ARP_ADDRESS_OURS)
        return ARP_ANNOUNCE_INTERVAL_NS;
    return own->left > 0 ? ARP_PROBE_MIN_NS + random_below(a, ARP_PROBE_MIN_NS) : ARP_ANNOUNCE_WAIT_NS;
}

static void tick_address(struct arp *a, struct arp_address *own, nanos now)
{
    bool is_probing = own->state == ARP_ADDRESS_PROBING;
    if ((own->left == 0 && !is_probing) || now < own->at)
        return;
    if (own->left == 0) {
        own->state = ARP_ADDRESS_OURS;
        own->is_news = true;
        own->left = ARP_ANNOUNCE_NUM;
    }
    own->left--;
    own->at = nanos_add(now, until_next(a, own));
    speak(a, own);
}

bool arp_add_address(struct arp *a, uint32_t ip, uint32_t mask, bool probe, nanos now)
{
    for (size_t i = 0; i < ARP_ADDRESSES && !own_address(a, ip); i++) {
        struct arp_address *own = &a->address[i];
        if (own->state != ARP_ADDRESS_NONE || own->is_news)
            continue;
        *own = (struct arp_address){ .state = probe ? ARP_ADDRESS_PROBING : ARP_ADDRESS_OURS, .ip = ip, .mask = mask,
                                     .yields = probe, .left = probe ? ARP_PROBE_NUM : ARP_ANNOUNCE_NUM,
                                     .at = probe ? nanos_add(now, random_below(a, ARP_PROBE_WAIT_NS)) : now };
        plan(a);
        return true;
    }
    return false;
}

/* ---- Messages in */

/* RFC 826, packet reception: an entry that exists is updated by any message, a new one made only by those to us. */
void arp_input(struct arp *a, struct span payload, nanos now)
{
    struct arp_message m;
    if (arp_decode(payload, &m) != WIRE_OK) {
        count_up(&a->counters.malformed);
        return;
    }
    if (mac_eq(&m.sender_mac, &a->cfg.mac))
        return;                                 /* our own, reflected */
    struct arp_address *target = own_address(a, m.target_ip), *same = own_address(a, m.sender_ip);
    if (target && target->state == ARP_ADDRESS_PROBING && m.sender_ip == 0)
        same = target;                          /* who probes as well is a conflict (RFC 5227 section 2.1.1) */
    if (same) {
        conflict(a, same, now);
        return;
    }
    bool is_for_us = target && target->state == ARP_ADDRESS_OURS, is_neighbour = network_of(a, m.sender_ip);
    struct arp_entry *e = is_neighbour ? lookup(a, m.sender_ip) : NULL;
    if (!e && is_for_us && m.operation == ARP_REQUEST && is_neighbour)
        e = new_entry(a, m.sender_ip, false);
    if (e)
        learn(a, e, m.sender_mac, now);
    if (!is_for_us)
        count_up(&a->counters.not_for_us);
    else if (m.operation == ARP_REQUEST)
        post(a, m.sender_mac, ARP_REPLY, m.target_ip, m.sender_mac, m.sender_ip);
}

/* ---- Time */

static void retry(struct arp *a, struct arp_entry *e, nanos now)
{
    if (e->tries_left > 0) {
        ask(a, e, now);
        return;
    }
    count_up(&a->counters.failed);
    list_remove(&e->in_asking);
    if (e->num_waiting == 0) {
        forget(a, e);
        return;
    }
    become(a, e, ARP_FREE);                 /* arp_poll hands its packets over and forgets it */
    list_push_back(&a->settled, &e->in_asking);
}

void arp_tick(struct arp *a, nanos now)
{
    for (size_t i = 0; i < ARP_ADDRESSES; i++)
        tick_address(a, &a->address[i], now);
    plan(a);
    for (struct link *l; (l = list_first(&a->asking));) {
        struct arp_entry *e = LINKED(l, struct arp_entry, in_asking);
        if (now < e->retry_at)
            break;
        retry(a, e, now);
    }
}

nanos arp_deadline(const struct arp *a)
{
    struct link *first = list_first(&a->asking);
    return nanos_min(a->address_at, first ? LINKED(first, struct arp_entry, in_asking)->retry_at : NEVER);
}

bool arp_poll(struct arp *a, struct arp_news *out)
{
    struct link *l = list_pop_front(&a->settled);
    if (!l)
        return false;
    struct arp_entry *e = LINKED(l, struct arp_entry, in_asking);
    *out = (struct arp_news){ .is_found = e->state != ARP_FREE, .ip = e->ip, .mac = e->mac, .num_waiting = e->num_waiting };
    for (size_t i = 0; i < e->num_waiting; i++)
        out->waiting[i] = e->waiting[i];
    e->num_waiting = 0;
    if (e->state == ARP_FREE)
        forget(a, e);
    return true;
}

/* ---- Above */

static void start_asking(struct arp *a, uint32_t ip, nanos now)
{
    struct arp_entry *e = a->num_asking < ARP_ASKING_MAX ? new_entry(a, ip, true) : NULL;
    if (!e) {
        count_up(&a->counters.asking_full);
        return;
    }
    become(a, e, ARP_ASKING);
    e->tries_left = ARP_TRIES;
    ask(a, e, now);
}

bool arp_find(struct arp *a, uint32_t ip, struct mac *out, nanos now)
{
    struct arp_entry *e = lookup(a, ip);
    if (!e) {
        start_asking(a, ip, now);
        return false;
    }
    if (e->state != ARP_KNOWN && e->state != ARP_CHECKING)
        return false;
    touch(a, e);
    if (e->state == ARP_KNOWN && now >= e->fresh_until && e->num_waiting == 0) {
        become(a, e, ARP_CHECKING);
        e->tries_left = ARP_TRIES;
        ask(a, e, now);
    }
    *out = e->mac;
    return true;
}

bool arp_hold(struct arp *a, uint32_t ip, struct packet *p)
{
    struct arp_entry *e = lookup(a, ip);
    if (!e || e->state != ARP_ASKING || e->num_waiting == ARP_WAITING_MAX) {
        count_up(&a->counters.waiting_full);
        return false;
    }
    e->waiting[e->num_waiting++] = p;
    return true;
}

void arp_confirm(struct arp *a, uint32_t ip, nanos now)
{
    struct arp_entry *e = lookup(a, ip);
    if (e && e->state == ARP_KNOWN)
        e->fresh_until = nanos_add(now, ARP_FRESH_NS);
}

void arp_close(struct arp *a)
{
    for (size_t i = 0; i < ARP_ENTRIES; i++)
        while (a->entry[i].num_waiting > 0)
            packet_unref(a->entry[i].waiting[--a->entry[i].num_waiting]);
}
