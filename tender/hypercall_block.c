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

/* One request. NULL, or what the guest did. */
static const char *carry_out(const struct hypercall_guest *g, struct hvt_request *r)
{
    struct mspan into;
    struct span from;
    bool has_sectors = guest_sectors(g, r->handle, r->offset, r->num_bytes);
    r->ret = SOLO5_EINVAL;
    switch (r->op) {
    case HVT_BLOCK_OP_READ:
        if (has_sectors && !guest_writable(g, r->data, r->num_bytes, &into))
            return "read sectors to where it may not write";
        if (has_sectors)
            r->ret = result_of(g->host->block_read(r->handle, r->offset, into));
        break;
    case HVT_BLOCK_OP_WRITE:
        if (has_sectors && !guest_readable(g, r->data, r->num_bytes, &from))
            return "wrote sectors from outside memory";
        if (has_sectors)
            r->ret = result_of(g->host->block_write(r->handle, r->offset, from));
        break;
    case HVT_BLOCK_OP_FLUSH:
        if (can(g, r->handle, EXTENSION_BLOCK_FLUSH))
            r->ret = result_of(g->host->block_flush(r->handle));
        break;
    case HVT_BLOCK_OP_DISCARD:
        if (has_sectors && can(g, r->handle, EXTENSION_BLOCK_DISCARD))
            r->ret = result_of(g->host->block_discard(r->handle, r->offset, r->num_bytes));
        break;
    default:
        break;
    }
    return NULL;
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
        const char *fault = carry_out(g, &request[i]);
        if (fault)
            return guest_fault(fault);
    }
    (void)span_copy(list, SPAN_OF(request));
    return hypercall_done;
}
