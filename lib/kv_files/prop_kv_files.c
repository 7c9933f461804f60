// SPDX-License-Identifier: ISC
/* A store over a table of files: a key is found where, and only where, the table has it, with its bytes and digest; a part of it is
 * that part, and the keys come in their order. Input: a key that is looked for, then those that there are, each with a first byte for
 * its length. */
#include "base/cursor.h"
#include "check/any.h"
#include "lib/kv_files/kv_files.h"

enum { FILES = 24 };

static struct kv_file table[FILES];
static size_t num_files;

/* Into its place, once. */
static void add(struct span key)
{
    size_t at = 0;
    while (at < num_files && span_order(table[at].key, key) < 0)
        at++;
    if (num_files == FILES || (at < num_files && span_eq(table[at].key, key)))
        return;
    for (size_t i = num_files++; i > at; i--)
        table[i] = table[i - 1];
    table[at] = (struct kv_file){ .key = key, .bytes = span_skip(key, 1), .digest = { (uint8_t)key.n, 7 } };
}
static struct span take_key(struct cur *c)
{
    size_t n = cur_u8(c) % 8;
    return cur_bytes(c, n < c->left.n ? n : c->left.n);
}
static void look_for(struct kv *kv, struct span key, const struct kv_file *file)
{
    uint8_t part[4];
    struct kv_value v;
    size_t n;
    CHECK(kv_find(kv, key, &v) == (file ? OK : E_NOT_FOUND));
    for (uint64_t at = 0; at < 9; at += 3) {
        CHECK(kv_read(kv, key, at, MSPAN(part), &n) == (file ? OK : E_NOT_FOUND));
        CHECK(!file || span_eq(span_first(SPAN(part), n), span_sub(file->bytes, at, sizeof part)));
    }
    CHECK(!file || (v.num_bytes == file->bytes.n && span_eq(v.bytes, file->bytes) && span_eq(SPAN(v.digest), SPAN(file->digest))));
}

PROPERTY(prop_kv_files, 120)
{
    struct cur c = cur_of(in);
    struct span key, wanted = take_key(&c);
    const struct kv_file *there = NULL;
    num_files = 0;
    while (cur_more(&c))
        add(take_key(&c));
    struct kv_files store = { .kv = { &kv_files_ops }, .files = { table, num_files } };
    for (size_t i = 0; i < num_files; i++) {
        CHECK(kv_entry(&store.kv, i, &key) == OK && span_eq(key, table[i].key));
        look_for(&store.kv, table[i].key, &table[i]);
        there = span_eq(table[i].key, wanted) ? &table[i] : there;
    }
    CHECK(kv_entry(&store.kv, num_files, &key) == E_NOT_FOUND);
    look_for(&store.kv, wanted, there);
}
