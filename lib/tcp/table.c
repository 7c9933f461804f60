// SPDX-License-Identifier: ISC
/* table.c - see table.h. Buckets are chains; there are as many buckets as entries at most, and the hash is keyed, so
 * that a peer cannot make chains long. */
#include "lib/tcp/table.h"
#include "base/siphash.h"

/* SipHash-1-3 where only the length of a chain is at stake, -2-4 where a guess would be an attack. The first halves of IPv4 addresses are
 * zero, and left out. */
uint64_t tcp_hash(struct span key16, const struct tcp_tuple *tuple, enum tcp_hash_purpose purpose)
{
    unsigned rounds = purpose == TCP_HASH_TABLE ? 1 : 2;
    struct siphash h = siphash_of(key16, purpose);
    uint64_t word[] = { span_le64(SPAN(tuple->remote.byte), 0), span_le64(SPAN(tuple->local.byte), 0),
                        span_le64(SPAN(tuple->remote.byte), 8), span_le64(SPAN(tuple->local.byte), 8),
                        (uint64_t)tuple->remote_port << 16 | tuple->local_port };
    for (size_t i = (word[0] | word[1]) != 0 ? 0 : 2; i < NUM_OF(word); i++)
        siphash_word(&h, word[i], rounds);
    return siphash_end(&h, rounds + 2);
}

static struct tcp_entry **bucket_of(const struct tcp_table *t, uint32_t hash)
{
    return &AT(t->bucket, hash & (t->bucket.n - 1));
}

struct tcp_entry *tcp_table_find(const struct tcp_table *t, const struct tcp_tuple *tuple)
{
    uint32_t hash = (uint32_t)tcp_hash(SPAN(t->key), tuple, TCP_HASH_TABLE);
    for (struct tcp_entry *e = *bucket_of(t, hash); e; e = e->next)
        if (e->hash == hash && tcp_tuple_eq(&e->tuple, tuple))
            return e;
    return NULL;
}

void tcp_table_insert(struct tcp_table *t, struct tcp_entry *e)
{
    REQUIRE(!e->is_in_table);
    e->hash = (uint32_t)tcp_hash(SPAN(t->key), &e->tuple, TCP_HASH_TABLE);
    struct tcp_entry **head = bucket_of(t, e->hash);
    e->next = *head;
    e->is_in_table = true;
    *head = e;
}

void tcp_table_remove(struct tcp_table *t, struct tcp_entry *e)
{
    if (!e->is_in_table)
        return;
    struct tcp_entry **at = bucket_of(t, e->hash);
    while (*at != e) {
        REQUIRE(*at != NULL);
        at = &(*at)->next;
    }
    *at = e->next;
    e->next = NULL;
    e->is_in_table = false;
}
