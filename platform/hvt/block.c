// SPDX-License-Identifier: ISC
/* block.c - block devices. Morgana's tender takes a list of requests, so they are queued until the image waits, or the list is full: one
 * exit for all that many fibers ask for meanwhile. They are done in the order in which they were submitted. Other tenders get a call each;
 * under Solo5's a failing disk is the end of the image. */
#include "platform/hvt/hvt.h"

static struct hvt_request requests[HVT_REQUESTS_MAX];
static struct platform_block_request *queued[HVT_REQUESTS_MAX];
static size_t num_queued;

_Static_assert((int)HVT_BLOCK_OP_READ == PLATFORM_BLOCK_READ && (int)HVT_BLOCK_OP_WRITE == PLATFORM_BLOCK_WRITE &&
               (int)HVT_BLOCK_OP_FLUSH == PLATFORM_BLOCK_FLUSH && (int)HVT_BLOCK_OP_DISCARD == PLATFORM_BLOCK_DISCARD,
               "the extension says so");

static err result_of(int32_t ret)
{
    return ret == SOLO5_OK ? OK : ret == SOLO5_EINVAL ? E_UNSUPPORTED : E_IO;
}

/* ---- Lists */

/* Frames that were gathered do not wait for the disk. */
bool hvt_requests_run(void)
{
    struct hvt_requests list = { .requests = (uintptr_t)requests, .num_requests = (uint32_t)num_queued };
    if (num_queued == 0)
        return false;
    hvt_exchange_flush();
    hvt_call(HVT_BLOCK_REQUESTS, &list);
    for (size_t i = 0; i < num_queued; i++) {
        queued[i]->result = result_of(requests[i].ret);
        guest_block_done(requests[i].handle, queued[i]);
    }
    num_queued = 0;
    return true;
}

bool guest_block_queue(unsigned handle, struct platform_block_request *r)
{
    if (!(hvt_extension.features & HVT_BLOCK_REQUEST_LISTS))
        return false;
    if (num_queued == HVT_REQUESTS_MAX)
        (void)!hvt_requests_run();
    queued[num_queued] = r;
    requests[num_queued++] = (struct hvt_request){
        .offset = r->offset_bytes, .data = (uintptr_t)r->bytes.p, .num_bytes = r->bytes.n,
        .handle = (uint16_t)handle, .op = (uint16_t)r->op, .ret = SOLO5_EUNSPEC,
    };
    guest.num_answers = GUEST_ANSWERS_MAX;      /* the next wait is not answered from memory */
    return true;
}

/* ---- Single requests */

static err transfer(unsigned handle, enum solo5_hvt_call call, uint64_t offset, const void *p, size_t n)
{
    struct solo5_hvt_block b = { handle, offset, (uintptr_t)p, n, SOLO5_EUNSPEC, 0 };
    hvt_call(call, &b);
    return b.ret == SOLO5_OK ? OK : E_IO;
}
err guest_block_read(unsigned handle, uint64_t offset, struct mspan into)
{
    return transfer(handle, SOLO5_HVT_BLOCK_READ, offset, into.p, into.n);
}
err guest_block_write(unsigned handle, uint64_t offset, struct span from)
{
    return transfer(handle, SOLO5_HVT_BLOCK_WRITE, offset, from.p, from.n);
}
err guest_block_flush(unsigned handle)
{
    struct hvt_flush f = { .handle = handle, .ret = SOLO5_EUNSPEC };
    hvt_call(HVT_BLOCK_FLUSH, &f);
    return f.ret == SOLO5_OK ? OK : E_IO;
}
/* There is no call for it: a tender that can takes lists. */
err guest_block_discard(unsigned handle, uint64_t offset, uint64_t num_bytes)
{
    (void)handle, (void)offset, (void)num_bytes;
    return E_UNSUPPORTED;
}
