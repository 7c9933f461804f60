// SPDX-License-Identifier: ISC
/* hvt_kvm.c - Linux KVM. No interrupt controller and no clock: the guest has none. */
#include "tender/hvt_machine.h"
#include "tender/hvt_vm.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CPUID_ENTRIES_MAX 256u

/* C libraries disagree on the type of a request. */
static int kvm_ioctl(int fd, unsigned request, void *argument)
{
    return (int)syscall(SYS_ioctl, fd, request, argument);
}

static err failed(struct message *why, const char *what)
{
    return refuse(why, E_UNSUPPORTED, "KVM: %s: %s: the tender needs a kernel with KVM for this CPU", what, strerror(errno));
}

static err open_kvm(int *fd, struct message *why)
{
    *fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (*fd < 0)
        return refuse(why, E_UNSUPPORTED, "/dev/kvm: %s: load the module kvm_intel or kvm_amd, and join the group of the device",
                      strerror(errno));
    return kvm_ioctl(*fd, KVM_GET_API_VERSION, NULL) == KVM_API_VERSION ? OK : failed(why, "API version");
}

static err map_memory(struct vm *vm, int machine, uint64_t num_bytes, struct message *why)
{
    void *p = mmap(NULL, num_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return refuse(why, E_NOMEM, "memory of %llu MB: %s: give a smaller --mem", (unsigned long long)num_bytes >> 20,
                      strerror(errno));
    vm->memory = (struct mspan){ p, num_bytes };
    struct kvm_userspace_memory_region region = { .memory_size = num_bytes, .userspace_addr = (uintptr_t)p };
    return kvm_ioctl(machine, KVM_SET_USER_MEMORY_REGION, &region) == 0 ? OK : failed(why, "memory");
}

/* The CPU is the host's. */
static err set_cpuid(const struct vm *vm, int kvm, struct message *why)
{
    static union {
        struct kvm_cpuid2 head;
        uint8_t bytes[sizeof(struct kvm_cpuid2) + CPUID_ENTRIES_MAX * sizeof(struct kvm_cpuid_entry2)];
    } cpuid;
    cpuid.head.nent = CPUID_ENTRIES_MAX;
    if (kvm_ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &cpuid) != 0 || kvm_ioctl(vm->fd, KVM_SET_CPUID2, &cpuid) != 0)
        return failed(why, "CPUID");
    return OK;
}

static const unsigned requests[] = { KVM_RUN, KVM_GET_REGS, KVM_SET_REGS, KVM_GET_SREGS, KVM_SET_GUEST_DEBUG };
_Static_assert(NUM_OF(requests) <= VM_REQUESTS_MAX, "they fit");

static err open_cpu(struct vm *vm, int kvm, int machine, struct message *why)
{
    int run_bytes = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL);
    vm->fd = kvm_ioctl(machine, KVM_CREATE_VCPU, NULL);
    vm->num_run = 1;
    vm->num_requests = NUM_OF(requests);
    memcpy(vm->request, requests, sizeof requests);
    if (vm->fd < 0 || run_bytes < (int)sizeof(struct kvm_run))
        return failed(why, "CPU");
    vm->state = mmap(NULL, (size_t)run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vm->fd, 0);
    if (vm->state == MAP_FAILED)
        return failed(why, "CPU");
    TRY(set_cpuid(vm, kvm, why));
    int khz = kvm_ioctl(vm->fd, KVM_GET_TSC_KHZ, NULL);
    if (khz <= 0)
        return failed(why, "time stamp counter");
    vm->cycles_hz = (uint64_t)khz * 1000;
    return OK;
}

err vm_open(struct vm *vm, uint64_t num_bytes, struct message *why)
{
    int kvm;
    TRY(open_kvm(&kvm, why));
    int machine = kvm_ioctl(kvm, KVM_CREATE_VM, NULL);
    if (machine < 0)
        return failed(why, "machine");
    TRY(map_memory(vm, machine, num_bytes, why));
    return open_cpu(vm, kvm, machine, why);
}

static err set_segments(const struct vm *vm, struct message *why)
{
    struct kvm_sregs s;
    struct kvm_segment data = { .limit = 0xffffffff, .selector = MACHINE_DATA_SELECTOR, .type = 3, .present = 1, .db = 1,
                                .s = 1, .g = 1 };
    if (kvm_ioctl(vm->fd, KVM_GET_SREGS, &s) != 0)
        return failed(why, "registers");
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
    return kvm_ioctl(vm->fd, KVM_SET_SREGS, &s) == 0 ? OK : failed(why, "registers");
}

err vm_set_entry(struct vm *vm, uint64_t entry, uint64_t stack, uint64_t boot, struct message *why)
{
    struct kvm_regs regs = { .rip = entry, .rsp = stack, .rdi = boot, .rflags = MACHINE_RFLAGS };
    TRY(set_segments(vm, why));
    return kvm_ioctl(vm->fd, KVM_SET_REGS, &regs) == 0 ? OK : failed(why, "registers");
}

static struct vm_exit fault(const char *what)
{
    return (struct vm_exit){ .what = VM_EXIT_FAULT, .fault = what };
}

/* The value lies in the page of kvm_run, where the kernel says. */
static struct vm_exit port_access(const struct kvm_run *run)
{
    struct vm_exit e = { .what = VM_EXIT_CALL, .port = run->io.port };
    if (run->io.direction != KVM_EXIT_IO_OUT || run->io.size != sizeof e.value || run->io.count != 1)
        return fault("touched an I/O port in a way that there is not");
    memcpy(&e.value, (const void *)((uintptr_t)run + run->io.data_offset), sizeof e.value);
    return e;
}

struct vm_exit vm_run(struct vm *vm)
{
    struct kvm_run *run = vm->state;
    if (kvm_ioctl(vm->fd, KVM_RUN, NULL) != 0) {
        if (errno == EINTR || errno == EAGAIN)
            return (struct vm_exit){ .what = VM_EXIT_AGAIN };
        return fault(errno == EFAULT ? "touched memory in a way that its segments forbid" : "cannot be run by KVM");
    }
    switch (run->exit_reason) {
    case KVM_EXIT_IO:
        return port_access(run);
    case KVM_EXIT_DEBUG:
        return (struct vm_exit){ .what = VM_EXIT_STEP };
    case KVM_EXIT_INTR:
        return (struct vm_exit){ .what = VM_EXIT_AGAIN };
    case KVM_EXIT_MMIO:
        return fault("touched an address outside memory");
    case KVM_EXIT_SHUTDOWN:
        return fault("had a fault that it does not handle");
    case KVM_EXIT_HLT:
        return (struct vm_exit){ .what = VM_EXIT_HALT };
    case KVM_EXIT_INTERNAL_ERROR:
        return fault("ran an instruction that KVM cannot emulate");
    default:
        return fault("stopped for a reason that the tender does not know");
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
