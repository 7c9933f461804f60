// SPDX-License-Identifier: ISC
/* block.c - block devices: files or partitions of the host. A request is done at once, in as few calls as the tender allows.
 * No discard. */
#include "base/checked.h"
#include "platform/solo5/guest.h"

#define SECTORS_MAX 4096u

static struct platform_block_request *done[SOLO5_RECORDS_MAX];      /* newest first */

static bool can_flush(unsigned handle)
{
    return guest_extension(handle)->block_features & EXTENSION_BLOCK_FLUSH;
}

err platform_block_find(struct span name, unsigned *handle, struct platform_block_info *info)
{
    TRY(guest_find(name, SOLO5_DEVICE_BLOCK, handle));
    const struct solo5_record *r = guest_record(*handle);
    *info = (struct platform_block_info){
        .capacity_bytes = r->block.capacity_bytes,
        .sector_bytes = r->block.sector_bytes,
        .max_sectors = SECTORS_MAX,
        .can_flush = can_flush(*handle),
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
static err check_range(const struct solo5_record *r, uint64_t offset, size_t num_bytes)
{
    size_t sector = r->block.sector_bytes;
    if (offset % sector != 0 || num_bytes % sector != 0 || num_bytes / sector > SECTORS_MAX)
        return E_INVALID;
    if (offset > r->block.capacity_bytes || num_bytes > r->block.capacity_bytes - offset)
        return E_RANGE;
    return OK;
}

err platform_block_submit(unsigned handle, struct platform_block_request *request)
{
    const struct solo5_record *r = guest_device(handle, SOLO5_DEVICE_BLOCK);
    bool is_flush = request->op == PLATFORM_BLOCK_FLUSH;
    if (request->op == PLATFORM_BLOCK_DISCARD || (is_flush && !can_flush(handle)))
        return E_UNSUPPORTED;
    if (!is_flush)
        TRY(check_range(r, request->offset_bytes, request->bytes.n));
    request->result = is_flush ? guest_block_flush(handle) : transfer(handle, request);
    request->next_done = done[handle];
    done[handle] = request;
    guest_set_ready(handle, true);
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
