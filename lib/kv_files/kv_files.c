// SPDX-License-Identifier: ISC
/* kv_files.c - a store over a sorted table of files. */
#include "lib/kv_files/kv_files.h"
#include "base/list.h"

static struct kv_files *files_of(struct kv *kv)
{
    return LINKED(kv, struct kv_files, kv);
}

static err kv_files_find(struct kv *kv, struct span key, struct kv_value *out)
{
    struct kv_files *f = files_of(kv);
    size_t low = 0, high = f->files.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct kv_file *file = &AT(f->files, middle);
        int order = span_order(key, file->key);
        if (order == 0) {
            *out = (struct kv_value){ .num_bytes = file->bytes.n, .bytes = file->bytes };
            (void)span_copy(MSPAN(out->digest), SPAN(file->digest));
            return OK;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return E_NOT_FOUND;
}

static err kv_files_read(struct kv *kv, struct span key, uint64_t offset_bytes, struct mspan out, size_t *num_read)
{
    struct kv_value value;
    TRY(kv_files_find(kv, key, &value));
    *num_read = span_copy(out, span_skip(value.bytes, offset_bytes));
    return OK;
}

static err kv_files_entry(struct kv *kv, size_t i, struct span *key)
{
    struct kv_files *f = files_of(kv);
    if (i >= f->files.n)
        return E_NOT_FOUND;
    *key = AT(f->files, i).key;
    return OK;
}

const struct kv_ops kv_files_ops = { kv_files_find, kv_files_read, kv_files_entry };
