// SPDX-License-Identifier: ISC
/* kv_embed.c - binary search in the sorted table; values are constants, so they are never copied. */
#include "lib/kv_embed/kv_embed.h"
#include "base/list.h"

static struct kv_embed_table table_of(struct kv *kv)
{
    return LINKED(kv, struct kv_embed, kv)->table;
}
static const struct kv_embed_entry *search(struct kv_embed_table table, struct span key)
{
    size_t from = 0, to = table.n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct kv_embed_entry *entry = &AT(table, middle);
        int order = span_order(key, entry->key);
        if (order == 0)
            return entry;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}
static err find(struct kv *kv, struct span key, struct kv_value *out)
{
    const struct kv_embed_entry *entry = search(table_of(kv), key);
    *out = (struct kv_value){ 0 };
    if (!entry)
        return E_NOT_FOUND;
    out->num_bytes = entry->bytes.n;
    out->bytes = entry->bytes;
    (void)span_copy(MSPAN(out->digest), SPAN(entry->digest));
    return OK;
}
static err read(struct kv *kv, struct span key, uint64_t offset_bytes, struct mspan out, size_t *num_read)
{
    const struct kv_embed_entry *entry = search(table_of(kv), key);
    *num_read = 0;
    if (!entry)
        return E_NOT_FOUND;
    if (offset_bytes < entry->bytes.n)
        *num_read = span_copy(out, span_skip(entry->bytes, (size_t)offset_bytes));
    return OK;
}
static err entry(struct kv *kv, size_t i, struct span *key)
{
    struct kv_embed_table table = table_of(kv);
    *key = i < table.n ? AT(table, i).key : (struct span){ 0 };
    return i < table.n ? OK : E_NOT_FOUND;
}
void kv_embed_init(struct kv_embed *e, struct kv_embed_table table)
{
    static const struct kv_ops ops = { .find = find, .read = read, .entry = entry };
    for (size_t i = 0; i < table.n; i++) {
        REQUIRE(kv_key_is_valid(AT(table, i).key));
        REQUIRE(i == 0 || span_order(AT(table, i - 1).key, AT(table, i).key) < 0);
    }
    *e = (struct kv_embed){ .kv = { .ops = &ops }, .table = table };
}
