// SPDX-License-Identifier: ISC
/* hvt_kvm_x86_64.c - the CPU: its features are the host's, hypercalls are accesses to ports. */
#include "tender/hvt_kvm.h"
#include "tender/hvt_machine.h"
#include <string.h>

#define CPUID_ENTRIES_MAX 256u

static const unsigned requests[] = { KVM_RUN, KVM_GET_REGS, KVM_SET_REGS, KVM_GET_SREGS, KVM_SET_GUEST_DEBUG };
_Static_assert(NUM_OF(requests) <= VM_REQUESTS_MAX, "they fit");

static err set_cpuid(const struct vm *vm, int kvm, struct message *why)
{
    static union {
        struct kvm_cpuid2 head;
        uint8_t bytes[sizeof(struct kvm_cpuid2) + CPUID_ENTRIES_MAX * sizeof(struct kvm_cpuid_entry2)];
    } cpuid;
    cpuid.head.nent = CPUID_ENTRIES_MAX;
    if (kvm_ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &cpuid) != 0 || kvm_ioctl(vm->fd, KVM_SET_CPUID2, &cpuid) != 0)
        return kvm_failed(why, "CPUID");
    return OK;
}

err kvm_cpu_open(struct vm *vm, int kvm, int machine, struct message *why)
{
    (void)machine;
    vm->num_run = 1;
    vm->num_requests = NUM_OF(requests);
    memcpy(vm->request, requests, sizeof requests);
    TRY(set_cpuid(vm, kvm, why));
    int khz = kvm_ioctl(vm->fd, KVM_GET_TSC_KHZ, NULL);
    if (khz <= 0)
        return kvm_failed(why, "time stamp counter");
    vm->cycles_hz = (uint64_t)khz * 1000;
    return OK;
}

static err set_segments(const struct vm *vm, struct message *why)
{
    struct kvm_sregs s;
    struct kvm_segment data = { .limit = 0xffffffff, .selector = MACHINE_DATA_SELECTOR, .type = 3, .present = 1, .db = 1,
                                .s = 1, .g = 1 };
    if (kvm_ioctl(vm->fd, KVM_GET_SREGS, &s) != 0)
        return kvm_failed(why, "registers");
    s.cs = (struct kvm_segment){ .limit = 0xffffffff, .selector = MACHINE_CODE_SELECTOR, .type = 9, .present = 1, .l = 1,
                                 .s = 1, .g = 1 };
    s.ds = s.es = s.fs = s.gs = s.ss = data;
    s.tr = (struct kvm_segment){ .type = 11, .present = 1 };
    s.ldt = (struct kvm_segment){ .unusable = 1 };
    s.gdt = (struct kvm_dtable){ .base = SOLO5_HVT_GDT, .limit = MACHINE_GDT_LIMIT };
    s.cr0 = MACHINE_CR0;
    s.cr3 = SOLO5_HVT_PML4;
    s.cr4 = MACHINE_CR4;
    s.efer = MACHINE_EFER;
    return kvm_ioctl(vm->fd, KVM_SET_SREGS, &s) == 0 ? OK : kvm_failed(why, "registers");
}

err vm_set_entry(struct vm *vm, uint64_t entry, uint64_t stack, uint64_t boot, struct message *why)
{
    struct kvm_regs regs = { .rip = entry, .rsp = stack, .rdi = boot, .rflags = MACHINE_RFLAGS };
    TRY(set_segments(vm, why));
    return kvm_ioctl(vm->fd, KVM_SET_REGS, &regs) == 0 ? OK : kvm_failed(why, "registers");
}

/* The value lies in the page of kvm_run, where the kernel says. */
static struct vm_exit port_access(const struct kvm_run *run)
{
    struct vm_exit e = { .what = VM_EXIT_CALL, .port = run->io.port };
    if (run->io.direction != KVM_EXIT_IO_OUT || run->io.size != sizeof e.value || run->io.count != 1)
        return kvm_fault("touched an I/O port in a way that there is not");
    memcpy(&e.value, (const void *)((uintptr_t)run + run->io.data_offset), sizeof e.value);
    return e;
}

struct vm_exit kvm_cpu_exit(struct vm *vm, const struct kvm_run *run)
{
    (void)vm;
    switch (run->exit_reason) {
    case KVM_EXIT_IO:
        return port_access(run);
    case KVM_EXIT_DEBUG:
        return (struct vm_exit){ .what = VM_EXIT_STEP };
    case KVM_EXIT_HLT:
        return (struct vm_exit){ .what = VM_EXIT_HALT, .fault = "halted its CPU, which nothing can wake" };
    case KVM_EXIT_MMIO:
        return kvm_fault("touched an address outside memory");
    default:
        return kvm_fault("stopped for a reason that the tender does not know");
    }
}

/* ---- For a debugger and dumps */

bool vm_get_registers(struct vm *vm, struct vm_registers *out)
{
    struct kvm_regs r;
    struct kvm_sregs s;
    if (kvm_ioctl(vm->fd, KVM_GET_REGS, &r) != 0 || kvm_ioctl(vm->fd, KVM_GET_SREGS, &s) != 0)
        return false;
    *out = (struct vm_registers){ { r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11, r.r12,
                                    r.r13, r.r14, r.r15, r.rip, r.rflags, s.cs.selector, s.ss.selector, s.ds.selector,
                                    s.es.selector, s.fs.selector, s.gs.selector } };
    return true;
}

/* Segments stay as they are. */
bool vm_set_registers(struct vm *vm, const struct vm_registers *from)
{
    struct kvm_regs r = {
        .rax = from->value[0], .rbx = from->value[1], .rcx = from->value[2], .rdx = from->value[3],
        .rsi = from->value[4], .rdi = from->value[5], .rbp = from->value[6], .rsp = from->value[7],
        .r8 = from->value[8], .r9 = from->value[9], .r10 = from->value[10], .r11 = from->value[11],
        .r12 = from->value[12], .r13 = from->value[13], .r14 = from->value[14], .r15 = from->value[15],
        .rip = from->value[16], .rflags = from->value[17],
    };
    return kvm_ioctl(vm->fd, KVM_SET_REGS, &r) == 0;
}

bool vm_step(struct vm *vm, bool is_stepping)
{
    struct kvm_guest_debug d = { .control = is_stepping ? KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP : 0 };
    return kvm_ioctl(vm->fd, KVM_SET_GUEST_DEBUG, &d) == 0;
}
