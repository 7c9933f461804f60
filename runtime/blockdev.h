// SPDX-License-Identifier: ISC
/* blockdev.h - a block device of the platform as a struct block. Any number of fibers may use it at once; their
 * requests are then under way together, as far as the target takes them. A call whose request has begun ends when
 * the device has done it: a cancelled fiber notices at its next blocking call. */
#ifndef RUNTIME_BLOCKDEV_H
#define RUNTIME_BLOCKDEV_H
#include "interface/block.h"
#include "base/list.h"

struct blockdev {
    struct block block;
    unsigned handle;
    uint64_t max_bytes;         /* per request; longer calls are cut */
    bool can_flush;
    uint64_t max_discard_bytes; /* per request; 0: it cannot */
    uint32_t discard_bytes;     /* only whole pieces of this size, at multiples of it, are */
    bool is_watched;            /* one of the waiting fibers waits for the device, the others for it */
    unsigned num_under_way;
    struct list waiters;
};
/* E_NOT_FOUND: the manifest names no such block device. E_IN_USE: it is open. Otherwise *out is filled, and must
 * stay where it is. */
MUST_CHECK err blockdev_open(struct span name, struct blockdev *out);
/* Idempotent; no call may be under way. */
void blockdev_close(struct blockdev *d);

#endif
