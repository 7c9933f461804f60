// SPDX-License-Identifier: ISC
/* block.h - a block device: whole sectors at byte offsets. Calls block the fiber, not the unikernel,
 * where the target works asynchronously. */
#ifndef INTERFACE_BLOCK_H
#define INTERFACE_BLOCK_H
#include "base/err.h"
#include "base/span.h"

struct block;
struct block_ops {
    err (*read)(struct block *b, uint64_t offset_bytes, struct mspan out);
    err (*write)(struct block *b, uint64_t offset_bytes, struct span in);
    err (*flush)(struct block *b);
    err (*discard)(struct block *b, uint64_t offset_bytes, uint64_t num_bytes);
};
struct block {                  /* first member of every implementation */
    const struct block_ops *ops;
    uint64_t capacity_bytes;
    uint32_t sector_bytes;
};

/* Offset and length must be multiples of sector_bytes (E_INVALID) inside the device (E_RANGE). Any number of
 * sectors at once. On E_IO the bytes read, or the sectors written, are unspecified. */
MUST_CHECK static inline err block_read(struct block *b, uint64_t offset_bytes, struct mspan out)
{
    return b->ops->read(b, offset_bytes, out);
}
MUST_CHECK static inline err block_write(struct block *b, uint64_t offset_bytes, struct span in)
{
    return b->ops->write(b, offset_bytes, in);
}
/* Returns when all that was written is on stable storage. E_UNSUPPORTED: the target cannot promise that. */
MUST_CHECK static inline err block_flush(struct block *b)
{
    return b->ops->flush(b);
}
/* Nobody needs these sectors any more: what is read there is unspecified until they are written. What lies below may have larger blocks,
 * and keeps those of which only a part is discarded. E_UNSUPPORTED: the target, or what lies below it, cannot be told. */
MUST_CHECK static inline err block_discard(struct block *b, uint64_t offset_bytes, uint64_t num_bytes)
{
    return b->ops->discard(b, offset_bytes, num_bytes);
}

#endif
