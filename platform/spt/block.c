// SPDX-License-Identifier: ISC
/* block.c - block devices: files or partitions of the host. A request is done at once, in as few system calls as the
 * tender allows: one a sector under Solo5's, one a megabyte under Morgana's. No discard. */
#include "base/checked.h"
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"

#define SECTORS_MAX 4096u

static struct platform_block_request *done[SOLO5_RECORDS_MAX];      /* newest first */

static bool can_flush(unsigned handle)
{
    return spt_extension.device[handle].block_features & EXTENSION_BLOCK_FLUSH;
}

err platform_block_find(struct span name, unsigned *handle, struct platform_block_info *info)
{
    TRY(record_find(spt.boot->manifest, name, SOLO5_DEVICE_BLOCK, handle));
    const struct solo5_record *r = spt_record(*handle);
    *info = (struct platform_block_info){
        .capacity_bytes = r->block.capacity_bytes,
        .sector_bytes = r->block.sector_bytes,
        .max_sectors = SECTORS_MAX,
        .can_flush = can_flush(*handle),
    };
    return OK;
}

/* Reads or writes all of it, a step at a time. */
static err transfer(unsigned handle, enum linux_call call, uint64_t offset, struct mspan bytes)
{
    int fd = spt_record(handle)->host_fd;
    while (bytes.n > 0) {
        size_t step = size_min(bytes.n, spt_extension.device[handle].block_max_transfer_bytes);
        long n = linux_call4(call, fd, (long)bytes.p, (long)step, (long)offset);
        if (n == -EINTR)
            continue;
        if (n != (long)step)        /* a file that became shorter, or a failing disk */
            return E_IO;
        bytes = mspan_skip(bytes, step);
        offset += step;
    }
    return OK;
}

static err run(unsigned handle, const struct platform_block_request *request)
{
    switch (request->op) {
    case PLATFORM_BLOCK_READ:
        return transfer(handle, LINUX_PREAD64, request->offset_bytes, request->bytes);
    case PLATFORM_BLOCK_WRITE:
        return transfer(handle, LINUX_PWRITE64, request->offset_bytes, request->bytes);
    case PLATFORM_BLOCK_FLUSH:
        return linux_call3(LINUX_FDATASYNC, spt_record(handle)->host_fd, 0, 0) == 0 ? OK : E_IO;
    case PLATFORM_BLOCK_DISCARD:
    default:
        return E_UNSUPPORTED;
    }
}

err platform_block_submit(unsigned handle, struct platform_block_request *request)
{
    const struct solo5_record *r = spt_record(handle);
    REQUIRE(r->type == SOLO5_DEVICE_BLOCK && r->is_attached);
    if (request->op == PLATFORM_BLOCK_DISCARD || (request->op == PLATFORM_BLOCK_FLUSH && !can_flush(handle)))
        return E_UNSUPPORTED;
    if (request->op != PLATFORM_BLOCK_FLUSH)
        TRY(record_check_range(r, request->offset_bytes, request->bytes.n, SECTORS_MAX));
    request->result = run(handle, request);
    request->next_done = done[handle];
    done[handle] = request;
    spt_set_ready(handle, true);
    return OK;
}

struct platform_block_request *platform_block_complete(unsigned handle)
{
    REQUIRE(spt_record(handle)->type == SOLO5_DEVICE_BLOCK);
    struct platform_block_request *list = done[handle];
    done[handle] = NULL;
    spt_set_ready(handle, false);
    return list;
}
