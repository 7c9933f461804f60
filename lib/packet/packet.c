// SPDX-License-Identifier: ISC
#include "lib/packet/packet.h"
#include "base/poison.h"

void packet_pool_init(struct packet_pool *pool, struct packet *memory, size_t num)
{
    REQUIRE(num <= UINT32_MAX);
    *pool = (struct packet_pool){ .num_free = (uint32_t)num, .low_water = (uint32_t)num };
    unpoison(memory, num * sizeof *memory);
    pool->all.p = memory;
    pool->all.n = num;
}

void packet_pool_init_large(struct packet_pool *pool, struct packet_large *memory, size_t num)
{
    packet_pool_init(pool, NULL, 0);
    unpoison(memory, num * sizeof *memory);
    pool->large.p = memory;
    pool->large.n = num;
    pool->num_free = pool->low_water = (uint32_t)num;
}

struct mspan packet_data(struct packet *p)
{
    if (p->pool->large.n == 0)
        return MSPAN(p->data);
    struct packet_large *l = LINKED(p, struct packet_large, packet);
    return mspan_skip(MSPAN_OF(*l), offsetof(struct packet, data));
}

/* One that was used before, else the next that never was: memory that is not needed is not touched. */
static struct packet *take(struct packet_pool *pool)
{
    struct packet *p = pool->free;
    if (p) {
        REQUIRE(p->num_refs == 0);
        pool->free = p->next;
        return p;
    }
    if (pool->num_used == pool->all.n + pool->large.n)
        return NULL;
    p = pool->large.n > 0 ? &AT(pool->large, pool->num_used).packet : &AT(pool->all, pool->num_used);
    pool->num_used++;
    p->pool = pool;
    return p;
}

struct packet *packet_alloc(struct packet_pool *pool)
{
    struct packet *p = take(pool);
    if (!p)
        return NULL;
    pool->num_free--;
    if (pool->num_free < pool->low_water)
        pool->low_water = pool->num_free;
    p->next = NULL;
    p->num_refs = 1;
    p->tag = 0;
    unpoison(packet_data(p).p, packet_data(p).n);
    p->view = (struct span){ 0 };
    p->link = (struct link){ 0 };
    return p;
}

void packet_ref(struct packet *p)
{
    REQUIRE(p->num_refs > 0 && p->num_refs < UINT32_MAX);
    p->num_refs++;
}

void packet_unref(struct packet *p)
{
    while (p) {
        REQUIRE(p->num_refs > 0);
        if (--p->num_refs > 0)
            return;
        REQUIRE(!link_is_in_list(&p->link));
        struct packet *next = p->next;
        p->next = p->pool->free;
        p->pool->free = p;
        p->pool->num_free++;
        poison(packet_data(p).p, packet_data(p).n);
        p = next;
    }
}

size_t packet_chain_bytes(const struct packet *p)
{
    size_t n = 0;
    for (; p; p = p->next)
        n += p->view.n;
    return n;
}

void packet_chain_skip(struct packet *p, size_t n)
{
    for (; p && n > 0; p = p->next) {
        size_t here = n < p->view.n ? n : p->view.n;
        p->view = span_skip(p->view, here);
        n -= here;
    }
}

void packet_chain_first(struct packet *p, size_t n)
{
    for (; p; p = p->next) {
        p->view = span_first(p->view, n);
        n -= p->view.n;
    }
}
