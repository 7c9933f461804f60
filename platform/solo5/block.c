// SPDX-License-Identifier: ISC
/* block.c - block devices: files or partitions of the host. A request is queued where the target does that, and else done at once, in
 * as few calls as the tender allows. */
#include "base/checked.h"
#include "platform/solo5/guest.h"

#define SECTORS_MAX 4096u

static struct platform_block_request *done[SOLO5_RECORDS_MAX];      /* newest first */

static bool can(unsigned handle, enum extension_block_feature feature)
{
    return guest_extension(handle)->block_features & feature;
}

err platform_block_find(struct span name, unsigned *handle, struct platform_block_info *info)
{
    TRY(guest_find(name, SOLO5_DEVICE_BLOCK, handle));
    const struct solo5_record *r = guest_record(*handle);
    *info = (struct platform_block_info){
        .capacity_bytes = r->block.capacity_bytes,
        .sector_bytes = r->block.sector_bytes,
        .max_sectors = SECTORS_MAX,
        .can_flush = can(*handle, EXTENSION_BLOCK_FLUSH),
        .can_discard = can(*handle, EXTENSION_BLOCK_DISCARD),
        .max_discard_bytes = r->block.capacity_bytes,
        .discard_bytes = guest_extension(*handle)->block_discard_bytes,
    };
    return OK;
}

/* Reads or writes all of it, a step at a time. */
static err transfer(unsigned handle, const struct platform_block_request *request)
{
    struct mspan bytes = request->bytes;
    uint64_t offset = request->offset_bytes;
    while (bytes.n > 0) {
        struct mspan step = mspan_first(bytes, guest_extension(handle)->block_max_transfer_bytes);
        if (request->op == PLATFORM_BLOCK_READ)
            TRY(guest_block_read(handle, offset, step));
        else
            TRY(guest_block_write(handle, offset, span_of(step)));
        bytes = mspan_skip(bytes, step.n);
        offset += step.n;
    }
    return OK;
}

/* Whether the device can do it. */
static err check(unsigned handle, const struct platform_block_request *request)
{
    const struct solo5_record *r = guest_device(handle, SOLO5_DEVICE_BLOCK);
    size_t sector = r->block.sector_bytes, num_bytes = request->bytes.n;
    if (request->op == PLATFORM_BLOCK_FLUSH)
        return can(handle, EXTENSION_BLOCK_FLUSH) ? OK : E_UNSUPPORTED;
    if (request->op == PLATFORM_BLOCK_DISCARD && !can(handle, EXTENSION_BLOCK_DISCARD))
        return E_UNSUPPORTED;
    if (request->offset_bytes % sector != 0 || num_bytes % sector != 0 ||
        (request->op != PLATFORM_BLOCK_DISCARD && num_bytes / sector > SECTORS_MAX))
        return E_INVALID;
    if (request->offset_bytes > r->block.capacity_bytes || num_bytes > r->block.capacity_bytes - request->offset_bytes)
        return E_RANGE;
    return OK;
}

static err carry_out(unsigned handle, const struct platform_block_request *request)
{
    switch (request->op) {
    case PLATFORM_BLOCK_READ:
    case PLATFORM_BLOCK_WRITE:
        return transfer(handle, request);
    case PLATFORM_BLOCK_FLUSH:
        return guest_block_flush(handle);
    case PLATFORM_BLOCK_DISCARD:
        return request->bytes.n > 0 ? guest_block_discard(handle, request->offset_bytes, request->bytes.n) : OK;
    }
    UNREACHABLE("an unknown block operation");
}

void guest_block_done(unsigned handle, struct platform_block_request *request)
{
    request->next_done = done[handle];
    done[handle] = request;
    guest_set_ready(handle, true);
}

err platform_block_submit(unsigned handle, struct platform_block_request *request)
{
    TRY(check(handle, request));
    if (guest_block_queue(handle, request))
        return OK;
    request->result = carry_out(handle, request);
    guest_block_done(handle, request);
    return OK;
}

struct platform_block_request *platform_block_complete(unsigned handle)
{
    (void)guest_device(handle, SOLO5_DEVICE_BLOCK);
    struct platform_block_request *list = done[handle];
    done[handle] = NULL;
    guest_set_ready(handle, false);
    return list;
}
