// SPDX-License-Identifier: ISC
/* block.c - block devices: files or partitions of the host. A request is done at once, by one call a megabyte. Under
 * Solo5's tender a failing disk is the end of the image. No discard. */
#include "base/checked.h"
#include "platform/hvt/hvt.h"

#define SECTORS_MAX 4096u

static struct platform_block_request *done[SOLO5_RECORDS_MAX];      /* newest first */

static bool can_flush(unsigned handle)
{
    return hvt_extension.device[handle].block_features & EXTENSION_BLOCK_FLUSH;
}

err platform_block_find(struct span name, unsigned *handle, struct platform_block_info *info)
{
    TRY(record_find(hvt.manifest, name, SOLO5_DEVICE_BLOCK, handle));
    const struct solo5_record *r = hvt_record(*handle);
    *info = (struct platform_block_info){
        .capacity_bytes = r->block.capacity_bytes,
        .sector_bytes = r->block.sector_bytes,
        .max_sectors = SECTORS_MAX,
        .can_flush = can_flush(*handle),
    };
    return OK;
}

/* Reads or writes all of it, a step at a time. */
static err transfer(unsigned handle, enum solo5_hvt_call call, uint64_t offset, struct mspan bytes)
{
    while (bytes.n > 0) {
        size_t step = size_min(bytes.n, hvt_extension.device[handle].block_max_transfer_bytes);
        struct solo5_hvt_block b = { handle, offset, (uintptr_t)bytes.p, step, SOLO5_EUNSPEC, 0 };
        hvt_call(call, &b);
        if (b.ret != SOLO5_OK)
            return E_IO;
        bytes = mspan_skip(bytes, step);
        offset += step;
    }
    return OK;
}

static err flush(unsigned handle)
{
    struct hvt_flush f = { .handle = handle, .ret = SOLO5_EUNSPEC };
    hvt_call(HVT_BLOCK_FLUSH, &f);
    return f.ret == SOLO5_OK ? OK : E_IO;
}

static err run(unsigned handle, const struct platform_block_request *request)
{
    switch (request->op) {
    case PLATFORM_BLOCK_READ:
        return transfer(handle, SOLO5_HVT_BLOCK_READ, request->offset_bytes, request->bytes);
    case PLATFORM_BLOCK_WRITE:
        return transfer(handle, SOLO5_HVT_BLOCK_WRITE, request->offset_bytes, request->bytes);
    case PLATFORM_BLOCK_FLUSH:
        return flush(handle);
    case PLATFORM_BLOCK_DISCARD:
    default:
        return E_UNSUPPORTED;
    }
}

err platform_block_submit(unsigned handle, struct platform_block_request *request)
{
    const struct solo5_record *r = hvt_record(handle);
    REQUIRE(r->type == SOLO5_DEVICE_BLOCK && r->is_attached);
    if (request->op == PLATFORM_BLOCK_DISCARD || (request->op == PLATFORM_BLOCK_FLUSH && !can_flush(handle)))
        return E_UNSUPPORTED;
    if (request->op != PLATFORM_BLOCK_FLUSH)
        TRY(record_check_range(r, request->offset_bytes, request->bytes.n, SECTORS_MAX));
    request->result = run(handle, request);
    request->next_done = done[handle];
    done[handle] = request;
    hvt_set_ready(handle, true);
    return OK;
}

struct platform_block_request *platform_block_complete(unsigned handle)
{
    REQUIRE(hvt_record(handle)->type == SOLO5_DEVICE_BLOCK);
    struct platform_block_request *list = done[handle];
    done[handle] = NULL;
    hvt_set_ready(handle, false);
    return list;
}
