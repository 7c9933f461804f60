// SPDX-License-Identifier: ISC
/* hvt_vm.h - a virtual machine of one CPU and a span of memory, by the host's hypervisor: hvt_kvm.c, hvt_freebsd.c,
 * hvt_openbsd.c. x86_64, in 64-bit mode from the first instruction. */
#ifndef TENDER_HVT_VM_H
#define TENDER_HVT_VM_H
#include "base/err.h"
#include "base/span.h"
#include "tender/message.h"

struct vm {
    struct mspan memory;        /* from guest address 0: fresh and zero */
    uint64_t cycles_hz;         /* of the guest's time stamp counter */
    int fd;                     /* what runs the CPU; the one descriptor that stays open */
    unsigned run_request;       /* the ioctl on it */
    void *state;                /* the back end's own */
};
/* num_bytes: whole 2 MiB, at most 4 GiB. */
MUST_CHECK err vm_open(struct vm *vm, uint64_t num_bytes, struct message *why);
/* The state of Solo5's ABI, over tables that hvt_machine_prepare wrote: rip, rsp, rdi, and everything else fixed. */
MUST_CHECK err vm_set_entry(struct vm *vm, uint64_t entry, uint64_t stack, uint64_t boot, struct message *why);

struct vm_exit {
    enum { VM_EXIT_OUT, VM_EXIT_AGAIN, VM_EXIT_FAULT } what;
    uint16_t port;              /* OUT: 4 bytes of value */
    uint32_t value;
    const char *fault;          /* FAULT: what the guest did */
};
/* Runs the CPU until it wants something. AGAIN: a signal came. */
struct vm_exit vm_run(struct vm *vm);

#endif
