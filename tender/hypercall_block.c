// SPDX-License-Identifier: ISC
/* hypercall_block.c - many requests of block devices a call: abi/hvt_extension.h. The list is copied in before anything is done with
 * it, and its results are written when all of it is done. */
#include "base/checked.h"
#include "tender/hypercall_parts.h"

static int32_t result_of(err e)
{
    return e == OK ? SOLO5_OK : e == E_UNSUPPORTED ? SOLO5_EINVAL : SOLO5_EUNSPEC;
}

static bool can(const struct hypercall_guest *g, uint64_t handle, enum extension_block_feature feature)
{
    return guest_device(g, handle, SOLO5_DEVICE_BLOCK) && (g->devices->extension[handle].block_features & feature) != 0;
}

/* As a call of its own would do it. */
static struct hypercall_result transfer(const struct hypercall_guest *g, struct hvt_request *r,
                                        struct hypercall_result (*call)(const struct hypercall_guest *g, void *arguments))
{
    struct solo5_hvt_block a = { .handle = r->handle, .offset = r->offset, .data = r->data, .num_bytes = r->num_bytes };
    struct hypercall_result result = call(g, &a);
    r->ret = a.ret;
    return result;
}

static struct hypercall_result carry_out(const struct hypercall_guest *g, struct hvt_request *r)
{
    r->ret = SOLO5_EINVAL;
    switch (r->op) {
    case HVT_BLOCK_OP_READ:
        return transfer(g, r, hypercall_block_read);
    case HVT_BLOCK_OP_WRITE:
        return transfer(g, r, hypercall_block_write);
    case HVT_BLOCK_OP_FLUSH:
        if (can(g, r->handle, EXTENSION_BLOCK_FLUSH))
            r->ret = result_of(g->host->block_flush(r->handle));
        break;
    case HVT_BLOCK_OP_DISCARD:
        if (guest_sectors(g, r->handle, r->offset, r->num_bytes) && can(g, r->handle, EXTENSION_BLOCK_DISCARD))
            r->ret = result_of(g->host->block_discard(r->handle, r->offset, r->num_bytes));
        break;
    default:
        break;
    }
    return hypercall_done;
}

struct hypercall_result hypercall_block_requests(const struct hypercall_guest *g, void *arguments)
{
    const struct hvt_requests *call = arguments;
    struct hvt_request request[HVT_REQUESTS_MAX] UNINITIALIZED;
    struct mspan list;
    if (call->num_requests > HVT_REQUESTS_MAX ||
        !guest_writable(g, call->requests, (uint64_t)call->num_requests * sizeof request[0], &list))
        return guest_fault("made a list of requests that is too long or lies where it may not write");
    (void)span_copy(MSPAN_OF(request), span_of(list));
    for (uint32_t i = 0; i < call->num_requests; i++) {
        struct hypercall_result result = carry_out(g, &request[i]);
        if (result.what != HYPERCALL_DONE)
            return result;
    }
    (void)span_copy(list, SPAN_OF(request));
    return hypercall_done;
}
