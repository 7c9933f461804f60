// SPDX-License-Identifier: ISC
/* hypercall.h - what a guest on a virtual CPU may ask for. Pure: the guest's memory is a span and the world is a table of
 * functions, so that every address, length and handle that a guest can pass is tested without a CPU. */
#ifndef TENDER_HYPERCALL_H
#define TENDER_HYPERCALL_H
#include "abi/hvt_extension.h"
#include "base/span.h"
#include "tender/devices.h"
#include <sys/uio.h>

typedef SLICE(const struct iovec) iovecs;

enum host_net { HOST_NET_OK, HOST_NET_NOW_NOT, HOST_NET_REFUSED };
/* The world. Handles are those of attached devices of the right type; ranges lie inside the device. */
struct hypercall_host {
    uint64_t (*wall_clock)(void);
    void (*console)(struct span text);
    uint64_t (*poll)(uint64_t timeout_ns);          /* sleeps; 1 << handle of what can be received from, HVT_READY_STOP */
    /* One frame, behind its vnet header where the device has one. NOW_NOT: nothing there, or full. */
    enum host_net (*net_read)(unsigned handle, iovecs into, size_t *num_bytes);
    enum host_net (*net_write)(unsigned handle, iovecs from);
    err (*block_read)(unsigned handle, uint64_t offset, struct mspan into);
    err (*block_write)(unsigned handle, uint64_t offset, struct span from);
    err (*block_flush)(unsigned handle);
    err (*block_discard)(unsigned handle, uint64_t offset, uint64_t num_bytes);     /* a device that says it can */
};

struct guest_range {
    uint64_t start, end;
};
struct hypercall_guest {
    struct mspan memory;                            /* from guest address 0 */
    SLICE(const struct guest_range) read_only;      /* no call writes there */
    const struct devices *devices;
    const struct hypercall_host *host;
};
struct hypercall_result {
    enum { HYPERCALL_DONE, HYPERCALL_HALT, HYPERCALL_FAULT } what;
    int exit_status;            /* HALT */
    uint64_t trap_frame;        /* HALT: guest address of struct solo5_hvt_trap_frame, 0: there is none */
    const char *fault;          /* FAULT: what the guest did */
};
/* The guest wrote `address` to `port`, 4 bytes. */
struct hypercall_result hypercall(const struct hypercall_guest *g, uint16_t port, uint32_t address);

#endif
