// SPDX-License-Identifier: ISC
/* kv.h - a read-only store from keys to values. A key is a path: segments split by '/', no leading
 * slash, no empty, "." or ".." segment, bytes compared as they are. */
#ifndef INTERFACE_KV_H
#define INTERFACE_KV_H
#include "base/err.h"
#include "base/span.h"

#define KV_DIGEST_BYTES 16

bool kv_key_is_valid(struct span key);

struct kv_value {
    uint64_t num_bytes;
    struct span bytes;          /* the whole value where the store has it in memory for good, else empty */
    uint8_t digest[KV_DIGEST_BYTES];    /* changes when the value does; the same bytes give the same digest */
};
struct kv;
struct kv_ops {
    err (*find)(struct kv *kv, struct span key, struct kv_value *out);
    err (*read)(struct kv *kv, struct span key, uint64_t offset_bytes, struct mspan out, size_t *num_read);
    err (*entry)(struct kv *kv, size_t i, struct span *key);
};
struct kv {                     /* first member of every implementation */
    const struct kv_ops *ops;
};

/* E_NOT_FOUND: no value at that key (a folder is not a value). */
MUST_CHECK static inline err kv_find(struct kv *kv, struct span key, struct kv_value *out)
{
    return kv->ops->find(kv, key, out);
}
/* Copies from the offset, as much as there is and fits; 0 at the end. */
MUST_CHECK static inline err kv_read(struct kv *kv, struct span key, uint64_t offset_bytes, struct mspan out, size_t *num_read)
{
    return kv->ops->read(kv, key, offset_bytes, out, num_read);
}
/* The i-th key in ascending byte order, borrowed for good; E_NOT_FOUND behind the last. */
MUST_CHECK static inline err kv_entry(struct kv *kv, size_t i, struct span *key)
{
    return kv->ops->entry(kv, i, key);
}

#endif
