// SPDX-License-Identifier: ISC
/* blockdev.c - checks, cuts into requests that the target takes, and waits for each of them.
 *
 * The target keeps a request and its bytes until it is complete, so nobody may leave before that, cancelled or not.
 * Of the fibers that wait for a device the first watches it for all. */
#include "runtime/blockdev.h"
#include "base/checked.h"
#include "platform/platform.h"
#include "runtime/scheduler.h"

struct transfer {
    struct platform_block_request request;
    bool is_done;
};
struct waiter {
    struct link link;
    struct fiber *fiber;
};
static uint64_t open_handles;

/* ---- Waiting */

static void reap(struct blockdev *d)
{
    struct platform_block_request *next, *r = platform_block_complete(d->handle);
    for (; r; r = next) {
        next = r->next_done;
        LINKED(r, struct transfer, request)->is_done = true;
        d->num_under_way--;
    }
}
static void wake_waiters(struct blockdev *d)
{
    for (struct link *l; (l = list_pop_front(&d->waiters)) != NULL;)
        fiber_wake(LINKED(l, struct waiter, link)->fiber, OK);
}
/* A cancelled fiber cannot wait for a device, so the unikernel waits: as short as a disk takes. */
static void watch(struct blockdev *d)
{
    d->is_watched = true;
    if (device_wait(d->handle, NEVER) != OK)
        (void)platform_wait(NEVER);
    d->is_watched = false;
}
/* Until something may have been completed. Those who wake go on with the watch where theirs was not. */
static void wait_some(struct blockdev *d)
{
    if (d->is_watched) {
        struct waiter w = { .fiber = fiber_running() };
        list_push_back(&d->waiters, &w.link);
        fiber_block_until_woken();
        return;
    }
    watch(d);
    reap(d);
    wake_waiters(d);
}
static err transfer(struct blockdev *d, enum platform_block_op op, uint64_t offset_bytes, struct mspan bytes)
{
    struct transfer t = { .request = { .op = op, .offset_bytes = offset_bytes, .bytes = bytes } };
    err e;
    while ((e = platform_block_submit(d->handle, &t.request)) == E_NOMEM && d->num_under_way > 0)
        wait_some(d);
    TRY(e);
    d->num_under_way++;
    if (!d->is_watched)
        reap(d);                /* a target that works at once is done here */
    while (!t.is_done)
        wait_some(d);
    return t.request.result;
}

/* ---- The interface */

static err check(const struct blockdev *d, uint64_t offset_bytes, uint64_t num_bytes)
{
    const struct block *b = &d->block;
    if (offset_bytes % b->sector_bytes != 0 || num_bytes % b->sector_bytes != 0)
        return E_INVALID;
    if (offset_bytes > b->capacity_bytes || num_bytes > b->capacity_bytes - offset_bytes)
        return E_RANGE;
    return OK;
}
static err transfer_all(struct blockdev *d, enum platform_block_op op, uint64_t offset_bytes, struct mspan bytes)
{
    TRY(check(d, offset_bytes, bytes.n));
    while (bytes.n > 0) {
        struct mspan piece = mspan_first(bytes, (size_t)(d->max_bytes < SIZE_MAX ? d->max_bytes : SIZE_MAX));
        TRY(transfer(d, op, offset_bytes, piece));
        offset_bytes += piece.n;
        bytes = mspan_skip(bytes, piece.n);
    }
    return OK;
}
static err read(struct block *b, uint64_t offset_bytes, struct mspan out)
{
    return transfer_all(LINKED(b, struct blockdev, block), PLATFORM_BLOCK_READ, offset_bytes, out);
}
static err write(struct block *b, uint64_t offset_bytes, struct span in)
{
    struct mspan only_read = { (uint8_t *)in.p, in.n };         /* the one shape that a request has */
    return transfer_all(LINKED(b, struct blockdev, block), PLATFORM_BLOCK_WRITE, offset_bytes, only_read);
}
static err flush(struct block *b)
{
    struct blockdev *d = LINKED(b, struct blockdev, block);
    return d->can_flush ? transfer(d, PLATFORM_BLOCK_FLUSH, 0, (struct mspan){ 0 }) : E_UNSUPPORTED;
}
/* A disk whose blocks are larger than a sector keeps those of which only a part is discarded. */
static err discard(struct block *b, uint64_t offset_bytes, uint64_t num_bytes)
{
    struct blockdev *d = LINKED(b, struct blockdev, block);
    if (d->max_discard_bytes == 0)
        return E_UNSUPPORTED;
    TRY(check(d, offset_bytes, num_bytes));
    uint64_t unit = d->discard_bytes, kept = (unit - offset_bytes % unit) % unit;
    if (num_bytes < kept)
        return OK;
    offset_bytes += kept;
    num_bytes = (num_bytes - kept) / unit * unit;
    while (num_bytes > 0) {
        uint64_t piece = num_bytes < d->max_discard_bytes ? num_bytes : d->max_discard_bytes;
        TRY(transfer(d, PLATFORM_BLOCK_DISCARD, offset_bytes, (struct mspan){ NULL, (size_t)piece }));
        offset_bytes += piece;
        num_bytes -= piece;
    }
    return OK;
}
err blockdev_open(struct span name, struct blockdev *out)
{
    static const struct block_ops ops = { .read = read, .write = write, .flush = flush, .discard = discard };
    struct platform_block_info info;
    unsigned handle;
    *out = (struct blockdev){ 0 };
    TRY(platform_block_find(name, &handle, &info));
    REQUIRE(handle >= 1 && handle <= 63 && info.sector_bytes > 0 && info.max_sectors > 0);
    if ((open_handles >> handle & 1) != 0)
        return E_IN_USE;
    open_handles |= 1ull << handle;
    *out = (struct blockdev){ .block = { &ops, info.capacity_bytes, info.sector_bytes }, .handle = handle,
                              .max_bytes = (uint64_t)info.max_sectors * info.sector_bytes, .can_flush = info.can_flush,
                              .max_discard_bytes = info.can_discard ? info.max_discard_bytes : 0,
                              .discard_bytes = u32_max(info.discard_bytes, info.sector_bytes) };
    return OK;
}
void blockdev_close(struct blockdev *d)
{
    if (d->handle == 0)
        return;
    REQUIRE(d->num_under_way == 0);
    open_handles &= ~(1ull << d->handle);
    *d = (struct blockdev){ 0 };
}
