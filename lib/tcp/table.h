// SPDX-License-Identifier: ISC
/* table.h - which connection a segment belongs to: a hash table over local and remote endpoint. Connections,
 * half-open ones and those in TIME-WAIT are entries of the one table, so a segment costs one look-up. */
#ifndef LIB_TCP_TABLE_H
#define LIB_TCP_TABLE_H
#include "interface/address.h"

struct tcp_tuple {
    struct ip local, remote;
    uint16_t local_port, remote_port;
};
enum tcp_entry_kind { TCP_ENTRY_CONN, TCP_ENTRY_HALF_OPEN, TCP_ENTRY_TIME_WAIT };
struct tcp_entry {
    struct tcp_entry *next;         /* of the same bucket */
    uint32_t hash;
    uint8_t kind;
    bool is_in_table;
    struct tcp_tuple tuple;
};
struct tcp_table {
    SLICE(struct tcp_entry *) bucket;   /* a power of two of them */
    uint8_t key[16];
};

/* Fields that a tuple is hashed for; each purpose has hashes of its own. */
enum tcp_hash_purpose { TCP_HASH_TABLE = 1, TCP_HASH_ISN, TCP_HASH_TIMESTAMP, TCP_HASH_PORT, TCP_HASH_COOKIE };
uint64_t tcp_hash(struct span key16, const struct tcp_tuple *tuple, enum tcp_hash_purpose purpose);

struct tcp_entry *tcp_table_find(const struct tcp_table *t, const struct tcp_tuple *tuple);     /* NULL: none */
/* The entry's kind and tuple are set; the tuple is not in the table. */
void tcp_table_insert(struct tcp_table *t, struct tcp_entry *e);
void tcp_table_remove(struct tcp_table *t, struct tcp_entry *e);                                /* idempotent */

static inline bool tcp_tuple_eq(const struct tcp_tuple *a, const struct tcp_tuple *b)
{
    return a->local_port == b->local_port && a->remote_port == b->remote_port && ip_eq(&a->remote, &b->remote) &&
           ip_eq(&a->local, &b->local);
}

#endif
