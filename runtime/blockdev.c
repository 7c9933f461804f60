// SPDX-License-Identifier: ISC
/* blockdev.c - checks, cuts into requests that the target takes, and waits for each of them.
 *
 * The target keeps a request and its bytes until it is complete, so a fiber that is cancelled meanwhile may not
 * leave: it then waits with the whole unikernel, for the short time that a disk takes. */
#include "runtime/blockdev.h"
#include "base/checked.h"
#include "platform/platform.h"
#include "runtime/clock.h"

/* A cancelled fiber may take away the completions that the watching one sleeps for; so it looks by itself. */
#define WATCH_NS (100ull * NS_PER_MS)

struct transfer {
    struct platform_block_request request;
    bool is_done;
};
static uint64_t open_handles;

/* ---- Waiting */

static void reap(struct blockdev *d)
{
    struct platform_block_request *next, *r = platform_block_complete(d->handle);
    if (r)
        waitq_wake_all(&d->waiters);
    for (; r; r = next) {
        next = r->next_done;
        LINKED(r, struct transfer, request)->is_done = true;
        d->num_under_way--;
    }
}
/* Until something may have been completed. Whoever comes first watches the device for all; its end, however it
 * comes, wakes another one to go on with that. */
static err wait_some(struct blockdev *d)
{
    if (d->is_watched)
        return waitq_wait(&d->waiters, NEVER);
    d->is_watched = true;
    err e = device_wait(d->handle, nanos_add(clock_now(), WATCH_NS));
    d->is_watched = false;
    reap(d);
    waitq_wake_all(&d->waiters);
    return e == E_TIMEDOUT ? OK : e;
}
static void wait_without_leaving(struct blockdev *d, const struct transfer *t)
{
    while (!t->is_done) {
        (void)platform_wait(nanos_add(clock_now(), WATCH_NS));
        reap(d);
    }
}
static err finish(struct blockdev *d, struct transfer *t)
{
    err e = OK;
    if (!d->is_watched)
        reap(d);                /* a target that works at once is done here */
    while (!t->is_done && e == OK)
        e = wait_some(d);
    wait_without_leaving(d, t);
    return e != OK ? e : t->request.result;
}
static err transfer(struct blockdev *d, enum platform_block_op op, uint64_t offset_bytes, struct mspan bytes)
{
    struct transfer t = { .request = { .op = op, .offset_bytes = offset_bytes, .bytes = bytes } };
    err e;
    while ((e = platform_block_submit(d->handle, &t.request)) == E_NOMEM && d->num_under_way > 0)
        TRY(wait_some(d));
    TRY(e);
    d->num_under_way++;
    return finish(d, &t);
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
err blockdev_open(struct span name, struct blockdev *out)
{
    static const struct block_ops ops = { .read = read, .write = write, .flush = flush };
    struct platform_block_info info;
    unsigned handle;
    *out = (struct blockdev){ 0 };
    TRY(platform_block_find(name, &handle, &info));
    REQUIRE(handle >= 1 && handle <= 63 && info.sector_bytes > 0 && info.max_sectors > 0);
    if ((open_handles >> handle & 1) != 0)
        return E_IN_USE;
    open_handles |= 1ull << handle;
    *out = (struct blockdev){ .block = { &ops, info.capacity_bytes, info.sector_bytes }, .handle = handle,
                              .max_bytes = (uint64_t)info.max_sectors * info.sector_bytes, .can_flush = info.can_flush };
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
