// SPDX-License-Identifier: ISC
/* memory.c - see memory.h: carves the engine out of the lent memory, and reaches the room behind a view. The only
 * file of lib/tcp that turns bytes into other types or computes with pointers. */
#include "lib/tcp/memory.h"
#include "lib/tcp/engine.h"

#define CHUNKS_BEYOND_COPIES 8      /* for static spans between them */
#define CHUNKS_FIRST 4u              /* side by side with those of other connections: few pages for many that say little */
#define ALIGNMENT 64
#define CONNS_FOR_EACH_RANGES 16      /* as one in so many may lose much at a time */
#define RANGES_MIN 4
#define RANGES_MAX 512

struct layout {
    size_t conns, half_opens, time_waits, ranges, buckets, first_chunks, chunks, total;   /* offsets */
    size_t num_buckets, num_ranges, chunks_each;
};

static size_t power_of_two(size_t at_least)
{
    size_t n = 1;
    while (n < at_least)
        n *= 2;
    return n;
}
static size_t take(size_t *at, size_t bytes)
{
    size_t here = *at;
    REQUIRE(size_add(here, (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1), at));
    return here;
}
static struct layout layout_of(const struct tcp_config *cfg)
{
    struct layout l = { 0 };
    size_t at = 0;
    l.num_buckets = power_of_two(cfg->num_conns + cfg->num_half_open + cfg->num_time_wait);
    l.chunks_each = power_of_two(cfg->send_buffer_bytes / PACKET_DATA_BYTES + CHUNKS_BEYOND_COPIES);
    l.num_ranges = size_min(cfg->num_conns / CONNS_FOR_EACH_RANGES + RANGES_MIN, RANGES_MAX);
    (void)take(&at, sizeof(struct tcp));
    l.conns = take(&at, cfg->num_conns * sizeof(struct tcp_conn));
    l.half_opens = take(&at, cfg->num_half_open * sizeof(struct tcp_half_open));
    l.time_waits = take(&at, cfg->num_time_wait * sizeof(struct tcp_time_wait));
    l.ranges = take(&at, l.num_ranges * sizeof(struct tcp_ranges));
    l.buckets = take(&at, l.num_buckets * sizeof(struct tcp_entry *));
    l.first_chunks = take(&at, cfg->num_conns * CHUNKS_FIRST * sizeof(struct tcp_chunk));
    l.chunks = take(&at, cfg->num_conns * l.chunks_each * sizeof(struct tcp_chunk));
    l.total = at;
    return l;
}
size_t tcp_memory_bytes(const struct tcp_config *cfg)
{
    return layout_of(cfg).total;
}

/* Places that were never used are not touched: an engine for 100,000 connections starts as fast as one for ten. */
struct tcp_conn *tcp_fresh_conn(struct tcp *t)
{
    if (t->num_conns_used == t->conns.n)
        return NULL;
    size_t i = t->num_conns_used++;
    struct tcp_conn *c = &AT(t->conns, i);
    c->send.first.p = (struct tcp_chunk *)(void *)(t->first_chunks.p + i * CHUNKS_FIRST * sizeof(struct tcp_chunk));
    c->send.first.n = CHUNKS_FIRST;
    c->send.chunks.p = (struct tcp_chunk *)(void *)(t->chunks.p + i * t->chunks_each * sizeof(struct tcp_chunk));
    c->send.chunks.n = t->chunks_each;
    return c;
}
struct tcp *tcp_carve(const struct tcp_config *cfg, struct mspan memory)
{
    struct layout l = layout_of(cfg);
    REQUIRE(memory.n >= l.total && (uintptr_t)memory.p % ALIGNMENT == 0);
    struct tcp *t = (struct tcp *)(void *)memory.p;
    *t = (struct tcp){ .cfg = *cfg };
    t->half_opens.p = (struct tcp_half_open *)(void *)(memory.p + l.half_opens);
    t->half_opens.n = cfg->num_half_open;
    t->time_waits.p = (struct tcp_time_wait *)(void *)(memory.p + l.time_waits);
    t->time_waits.n = cfg->num_time_wait;
    t->ranges.p = (struct tcp_ranges *)(void *)(memory.p + l.ranges);
    t->ranges.n = l.num_ranges;
    t->table.bucket.p = (struct tcp_entry **)(void *)(memory.p + l.buckets);
    t->table.bucket.n = l.num_buckets;
    t->conns.p = (struct tcp_conn *)(void *)(memory.p + l.conns);
    t->conns.n = cfg->num_conns;
    t->first_chunks = mspan_skip(memory, l.first_chunks);
    t->chunks = mspan_skip(memory, l.chunks);
    t->chunks_each = l.chunks_each;
    return t;
}

struct tcp_ranges *tcp_ranges_take(struct tcp *t)
{
    struct link *l = list_pop_front(&t->free_ranges);
    if (l)
        return LINKED(l, struct tcp_ranges, place);
    return t->num_ranges_used < t->ranges.n ? &AT(t->ranges, t->num_ranges_used++) : NULL;
}

size_t tcp_index(const struct tcp *t, const struct tcp_conn *c)
{
    size_t i = (size_t)(c - t->conns.p);
    REQUIRE(i < t->conns.n);
    return i;
}

/* A view in the packet's own bytes ends within them. */
struct mspan tcp_packet_room(struct packet *p)
{
    size_t end = (size_t)(p->view.p - p->data) + p->view.n;
    REQUIRE(end <= packet_data(p).n);
    return mspan_skip(packet_data(p), end);
}
void tcp_packet_extend(struct packet *p, size_t n)
{
    REQUIRE(n <= tcp_packet_room(p).n);
    p->view.n += n;
}
