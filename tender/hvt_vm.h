// SPDX-License-Identifier: ISC
/* hvt_vm.h - a virtual machine of one CPU and a span of memory, by the host's hypervisor: hvt_kvm.c, hvt_freebsd.c,
 * hvt_openbsd.c. x86_64 or aarch64, with translation on from the first instruction. */
#ifndef TENDER_HVT_VM_H
#define TENDER_HVT_VM_H
#include "base/err.h"
#include "base/span.h"
#include "tender/hvt_registers.h"
#include "tender/message.h"

#define VM_REQUESTS_MAX 8u
struct vm {
    struct mspan memory;        /* from guest address 0: fresh and zero */
    uint64_t cycles_hz;         /* of the guest's time stamp counter, or virtual counter */
    int fd;                     /* what runs the CPU; the one descriptor that stays open */
    /* The ioctls on it that vm_run makes, and from num_run on those of the registers and of debugging. */
    unsigned request[VM_REQUESTS_MAX];
    size_t num_requests, num_run;
    void *state;                /* the back end's own */
};
/* num_bytes: whole 2 MiB, at most 4 GiB. */
MUST_CHECK err vm_open(struct vm *vm, uint64_t num_bytes, struct message *why);
/* Memory as it is when image_load has set the rights of this process's view; the hypervisor sees it from now on. */
MUST_CHECK err vm_set_entry(struct vm *vm, uint64_t entry, uint64_t stack, uint64_t boot, struct message *why);

struct vm_exit {
    enum {
        VM_EXIT_CALL,           /* a hypercall, or a kick of the ring */
        VM_EXIT_AGAIN,          /* a signal came */
        VM_EXIT_STEP,           /* the one instruction of vm_step is done */
        VM_EXIT_HALT,           /* the instruction of register_table.breakpoint: a debugger's, or the guest's own */
        VM_EXIT_FAULT,
    } what;
    uint16_t port;              /* CALL: as of x86_64, on every CPU */
    uint32_t value;
    const char *fault;          /* FAULT, HALT: what the guest did */
};
/* Runs the CPU until it wants something. */
struct vm_exit vm_run(struct vm *vm);

MUST_CHECK bool vm_get_registers(struct vm *vm, struct vm_registers *out);
MUST_CHECK bool vm_set_registers(struct vm *vm, const struct vm_registers *from);
/* Whether vm_run ends after one instruction. false: this back end cannot do that. */
MUST_CHECK bool vm_step(struct vm *vm, bool is_stepping);

#endif
