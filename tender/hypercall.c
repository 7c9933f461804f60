// SPDX-License-Identifier: ISC
/* hypercall.c - Solo5's calls; Morgana's are in hypercall_net.c and hypercall_block.c. A call's argument is copied in, acted upon
 * and copied back, so that nothing the guest has it point to changes it under way. */
#include "tender/hypercall.h"
#include "tender/hypercall_parts.h"

const struct hypercall_result hypercall_done = { .what = HYPERCALL_DONE };

struct hypercall_result guest_fault(const char *what)
{
    return (struct hypercall_result){ .what = HYPERCALL_FAULT, .fault = what };
}

bool guest_readable(const struct hypercall_guest *g, uint64_t address, uint64_t num_bytes, struct span *out)
{
    if (address > g->memory.n || num_bytes > g->memory.n - address)
        return false;
    *out = span_of(mspan_sub(g->memory, (size_t)address, (size_t)num_bytes));
    return true;
}

bool guest_writable(const struct hypercall_guest *g, uint64_t address, uint64_t num_bytes, struct mspan *out)
{
    if (address > g->memory.n || num_bytes > g->memory.n - address)
        return false;
    for (size_t i = 0; i < g->read_only.n; i++) {
        const struct guest_range *r = &AT(g->read_only, i);
        if (address < r->end && r->start < address + num_bytes)
            return false;
    }
    *out = mspan_sub(g->memory, (size_t)address, (size_t)num_bytes);
    return true;
}

bool guest_device(const struct hypercall_guest *g, uint64_t handle, enum solo5_device type)
{
    const struct solo5_manifest *m = &g->devices->manifest;
    return handle >= 1 && handle < m->entries && handle < SOLO5_RECORDS_MAX &&
           m->record[handle].type == (uint32_t)type && m->record[handle].is_attached;
}

bool guest_sectors(const struct hypercall_guest *g, uint64_t handle, uint64_t offset, uint64_t num_bytes)
{
    if (!guest_device(g, handle, SOLO5_DEVICE_BLOCK))
        return false;
    const struct solo5_record *r = &g->devices->manifest.record[handle];
    return offset % r->block.sector_bytes == 0 && num_bytes % r->block.sector_bytes == 0 &&
           offset < r->block.capacity_bytes && num_bytes <= r->block.capacity_bytes - offset;
}

/* ---- The calls: *arguments is a copy of the guest's struct. */

static struct hypercall_result walltime(const struct hypercall_guest *g, void *arguments)
{
    struct solo5_hvt_walltime *a = arguments;
    a->nsecs = g->host->wall_clock();
    return hypercall_done;
}

static struct hypercall_result puts_call(const struct hypercall_guest *g, void *arguments)
{
    const struct solo5_hvt_puts *a = arguments;
    struct span text;
    if (!guest_readable(g, a->data, a->num_bytes, &text))
        return guest_fault("wrote a text that lies outside memory");
    g->host->console(text);
    return hypercall_done;
}

static struct hypercall_result poll_call(const struct hypercall_guest *g, void *arguments)
{
    struct solo5_hvt_poll *a = arguments;
    a->ready_set = g->host->poll(a->timeout_nsecs);
    a->ret = __builtin_popcountll(a->ready_set);
    return hypercall_done;
}

struct hypercall_result hypercall_block_write(const struct hypercall_guest *g, void *arguments)
{
    struct solo5_hvt_block *a = arguments;
    struct span from;
    a->ret = SOLO5_EINVAL;
    if (!guest_sectors(g, a->handle, a->offset, a->num_bytes))
        return hypercall_done;
    if (!guest_readable(g, a->data, a->num_bytes, &from))
        return guest_fault("wrote sectors from outside memory");
    a->ret = g->host->block_write((unsigned)a->handle, a->offset, from) == OK ? SOLO5_OK : SOLO5_EUNSPEC;
    return hypercall_done;
}

struct hypercall_result hypercall_block_read(const struct hypercall_guest *g, void *arguments)
{
    struct solo5_hvt_block *a = arguments;
    struct mspan into;
    a->ret = SOLO5_EINVAL;
    if (!guest_sectors(g, a->handle, a->offset, a->num_bytes))
        return hypercall_done;
    if (!guest_writable(g, a->data, a->num_bytes, &into))
        return guest_fault("read sectors to where it may not write");
    a->ret = g->host->block_read((unsigned)a->handle, a->offset, into) == OK ? SOLO5_OK : SOLO5_EUNSPEC;
    return hypercall_done;
}

/* Plain frames: a device that has the extension's header in front takes part in its calls only. */
static bool is_plain_net(const struct hypercall_guest *g, uint64_t handle)
{
    return guest_device(g, handle, SOLO5_DEVICE_NET) &&
           g->devices->extension[handle].net_kind != EXTENSION_NET_TAP_VIRTIO;
}

static struct hypercall_result net_write(const struct hypercall_guest *g, void *arguments)
{
    struct solo5_hvt_net *a = arguments;
    struct span from;
    a->ret = SOLO5_EINVAL;
    if (!is_plain_net(g, a->handle))
        return hypercall_done;
    if (!guest_readable(g, a->data, a->num_bytes, &from))
        return guest_fault("sent a frame from outside memory");
    const struct iovec part = { (void *)from.p, from.n };
    (void)g->host->net_write((unsigned)a->handle, (iovecs){ &part, 1 });    /* what a full network drops is lost */
    a->ret = SOLO5_OK;
    return hypercall_done;
}

static struct hypercall_result net_read(const struct hypercall_guest *g, void *arguments)
{
    struct solo5_hvt_net *a = arguments;
    struct mspan into;
    size_t num_bytes = 0;
    a->ret = SOLO5_EINVAL;
    if (!is_plain_net(g, a->handle))
        return hypercall_done;
    if (!guest_writable(g, a->data, a->num_bytes, &into))
        return guest_fault("received a frame to where it may not write");
    const struct iovec part = { into.p, into.n };
    bool is_there = g->host->net_read((unsigned)a->handle, (iovecs){ &part, 1 }, &num_bytes) == HOST_NET_OK;
    a->ret = is_there ? SOLO5_OK : SOLO5_AGAIN;
    a->num_bytes = is_there ? num_bytes : a->num_bytes;
    return hypercall_done;
}

static struct hypercall_result halt(const struct hypercall_guest *g, void *arguments)
{
    const struct solo5_hvt_halt *a = arguments;
    struct span frame;
    bool has_frame = a->cookie != 0 && guest_readable(g, a->cookie, SOLO5_HVT_TRAP_FRAME_BYTES, &frame);
    return (struct hypercall_result){ .what = HYPERCALL_HALT, .exit_status = a->exit_status,
                                      .trap_frame = has_frame ? a->cookie : 0 };
}

static struct hypercall_result block_flush(const struct hypercall_guest *g, void *arguments)
{
    struct hvt_flush *a = arguments;
    a->ret = SOLO5_EINVAL;
    if (guest_device(g, a->handle, SOLO5_DEVICE_BLOCK))
        a->ret = g->host->block_flush((unsigned)a->handle) == OK ? SOLO5_OK : SOLO5_EUNSPEC;
    return hypercall_done;
}

/* ---- The table */

struct call {
    size_t num_bytes;
    struct hypercall_result (*run)(const struct hypercall_guest *g, void *arguments);
    bool is_extension;
};
static const struct call calls[] = {
    [SOLO5_HVT_WALLTIME] = { sizeof(struct solo5_hvt_walltime), walltime, false },
    [SOLO5_HVT_PUTS] = { sizeof(struct solo5_hvt_puts), puts_call, false },
    [SOLO5_HVT_POLL] = { sizeof(struct solo5_hvt_poll), poll_call, false },
    [SOLO5_HVT_BLOCK_WRITE] = { sizeof(struct solo5_hvt_block), hypercall_block_write, false },
    [SOLO5_HVT_BLOCK_READ] = { sizeof(struct solo5_hvt_block), hypercall_block_read, false },
    [SOLO5_HVT_NET_WRITE] = { sizeof(struct solo5_hvt_net), net_write, false },
    [SOLO5_HVT_NET_READ] = { sizeof(struct solo5_hvt_net), net_read, false },
    [SOLO5_HVT_HALT] = { sizeof(struct solo5_hvt_halt), halt, false },
    [HVT_NET_EXCHANGE] = { sizeof(struct hvt_net), hypercall_net_exchange, true },
    [HVT_BLOCK_FLUSH] = { sizeof(struct hvt_flush), block_flush, true },
    [HVT_BLOCK_REQUESTS] = { sizeof(struct hvt_requests), hypercall_block_requests, true },
};
#define ARGUMENTS_BYTES_MAX 104u
_Static_assert(sizeof(struct hvt_net) <= ARGUMENTS_BYTES_MAX && sizeof(struct solo5_hvt_block) <= ARGUMENTS_BYTES_MAX,
               "the largest arguments fit");

struct hypercall_result hypercall(const struct hypercall_guest *g, uint16_t port, uint32_t address)
{
    _Alignas(8) uint8_t copy[ARGUMENTS_BYTES_MAX] = { 0 };
    unsigned number = (unsigned)port - SOLO5_HVT_PORT;
    struct mspan arguments;
    if (port < SOLO5_HVT_PORT || number >= NUM_OF(calls) || calls[number].run == NULL ||
        (calls[number].is_extension && !g->devices->has_extension))
        return guest_fault("made a call that there is not");
    if (!guest_writable(g, address, calls[number].num_bytes, &arguments))
        return guest_fault("made a call with arguments where it may not write");
    struct mspan used = mspan_first(MSPAN(copy), arguments.n);
    (void)span_copy(used, span_of(arguments));
    struct hypercall_result result = calls[number].run(g, copy);
    if (result.what == HYPERCALL_DONE)
        (void)span_copy(arguments, span_of(used));
    return result;
}
