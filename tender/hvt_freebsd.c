// SPDX-License-Identifier: ISC
/* hvt_freebsd.c - FreeBSD's bhyve, by vmm(4). Never run: compiled for FreeBSD, and tested against a recorded kernel. The machine
 * lives until hw.vmm.destroy names it; the host's mapping has no rights by segment. */
#include "tender/hvt_freebsd.h"
#include "base/writer.h"
#include "tender/hvt_machine.h"
#include "tender/hvt_vm.h"
#include <errno.h>
#include <string.h>

#define DEVICES_FOLDER "/dev/vmm/"

static char device[64];                         /* /dev/vmm/morgana-PROCESS */
static struct span name;                        /* of the machine, in it */

static err failed(struct message *why, const char *what)
{
    return refuse(why, E_UNSUPPORTED, "bhyve: %s: %s: load the module vmm, and run the tender as root", what, strerror(errno));
}

static void make_name(void)
{
    struct wr w = wr_of(mspan_first(MSPAN(device), sizeof device - 1));
    wr_bytes(&w, TEXT(DEVICES_FOLDER "morgana-"));
    wr_dec(&w, (uint64_t)bsd_process());
    name = span_skip(wr_done(&w), sizeof DEVICES_FOLDER - 1);
}

static err make_machine(struct vm *vm, struct message *why)
{
    make_name();
    if (!bsd_sysctl("hw.vmm.create", (struct mspan){ 0 }, name))
        return failed(why, "machine");
    vm->fd = bsd_open(device);
    return vm->fd >= 0 ? OK : failed(why, device);
}

void bsd_destroy_machine(void)
{
    (void)bsd_sysctl("hw.vmm.destroy", (struct mspan){ 0 }, name);
}

static err make_memory(struct vm *vm, uint64_t num_bytes, struct message *why)
{
    struct vmm_segment_of_memory segment = { .num_bytes = num_bytes };
    struct vmm_map map = { .num_bytes = num_bytes, .rights = VMM_RIGHTS_ALL };
    if (bsd_ioctl(vm->fd, VMM_ALLOC_MEMSEG, &segment) != 0 || bsd_ioctl(vm->fd, VMM_MMAP_MEMSEG, &map) != 0)
        return failed(why, "memory");
    vm->memory = (struct mspan){ bsd_map(vm->fd, num_bytes), num_bytes };
    return vm->memory.p ? OK : failed(why, "memory");
}

static err read_clock(struct vm *vm, struct message *why)
{
    int invariant = 0;
    if (!bsd_sysctl("machdep.tsc_freq", MSPAN_OF(vm->cycles_hz), (struct span){ 0 }) ||
        !bsd_sysctl("kern.timecounter.invariant_tsc", MSPAN_OF(invariant), (struct span){ 0 }) || vm->cycles_hz == 0)
        return failed(why, "time stamp counter");
    return invariant ? OK : refuse(why, E_UNSUPPORTED, "bhyve: the CPU's time stamp counter changes its rate: it cannot be used");
}

static bool set_capability(const struct vm *vm, enum vmm_capability type, bool on)
{
    struct vmm_set_capability c = { .type = (int32_t)type, .value = on };
    return bsd_ioctl(vm->fd, VMM_SET_CAPABILITY, &c) == 0;
}

err vm_open(struct vm *vm, uint64_t num_bytes, struct message *why)
{
    static const unsigned requests[] = { VMM_RUN, VMM_GET_REGISTER, VMM_SET_REGISTER, VMM_SET_CAPABILITY };
    static struct vmm_run run;
    TRY(make_machine(vm, why));
    vm->state = &run;
    vm->num_run = 1;
    vm->num_requests = NUM_OF(requests);
    (void)span_copy(MSPAN_OF(vm->request), SPAN_OF(requests));
    TRY(make_memory(vm, num_bytes, why));
    if (!set_capability(vm, VMM_CAP_HALT_EXIT, true))
        return failed(why, "halting");
    return read_clock(vm, why);
}

/* ---- Registers */

static bool set_register(const struct vm *vm, enum vmm_register number, uint64_t value)
{
    struct vmm_set_register r = { .number = (int32_t)number, .value = value };
    return bsd_ioctl(vm->fd, VMM_SET_REGISTER, &r) == 0;
}

static bool set_segment(const struct vm *vm, enum vmm_register number, uint64_t base, uint32_t limit, uint32_t access)
{
    struct vmm_set_segment s = { .number = (int32_t)number, .base = base, .limit = limit, .access = access };
    return bsd_ioctl(vm->fd, VMM_SET_SEGMENT, &s) == 0;
}

static bool set_segments(const struct vm *vm)
{
    static const enum vmm_register data[] = { VMM_SS, VMM_DS, VMM_ES, VMM_FS, VMM_GS };
    bool good = set_segment(vm, VMM_CS, 0, UINT32_MAX, MACHINE_CODE_ACCESS) && set_register(vm, VMM_CS, MACHINE_CODE_SELECTOR);
    for (size_t i = 0; i < NUM_OF(data); i++)
        good = good && set_segment(vm, data[i], 0, UINT32_MAX, MACHINE_DATA_ACCESS) &&
               set_register(vm, data[i], MACHINE_DATA_SELECTOR);
    return good && set_segment(vm, VMM_GDTR, SOLO5_HVT_GDT, MACHINE_GDT_LIMIT, 0) &&
           set_segment(vm, VMM_TR, 0, 0, MACHINE_TASK_ACCESS) && set_register(vm, VMM_TR, 0) &&
           set_segment(vm, VMM_LDTR, 0, 0, VMM_UNUSABLE) && set_register(vm, VMM_LDTR, 0);
}

err vm_set_entry(struct vm *vm, uint64_t entry, uint64_t stack, uint64_t boot, struct message *why)
{
    struct vmm_activate cpu = { 0 };
    bool good = set_register(vm, VMM_CR0, MACHINE_CR0) && set_register(vm, VMM_CR3, SOLO5_HVT_PML4) &&
                set_register(vm, VMM_CR4, MACHINE_CR4) && set_register(vm, VMM_EFER, MACHINE_EFER) && set_segments(vm) &&
                set_register(vm, VMM_RIP, entry) && set_register(vm, VMM_RSP, stack) && set_register(vm, VMM_RDI, boot) &&
                set_register(vm, VMM_RFLAGS, MACHINE_RFLAGS) && bsd_ioctl(vm->fd, VMM_ACTIVATE_CPU, &cpu) == 0;
    return good ? OK : failed(why, "registers");
}

/* In gdb's order. */
static const enum vmm_register numbers[] = {
    VMM_RAX, VMM_RBX, VMM_RCX, VMM_RDX, VMM_RSI, VMM_RDI, VMM_RBP, VMM_RSP, VMM_R8, VMM_R9, VMM_R10, VMM_R11, VMM_R12, VMM_R13,
    VMM_R14, VMM_R15, VMM_RIP, VMM_RFLAGS, VMM_CS, VMM_SS, VMM_DS, VMM_ES, VMM_FS, VMM_GS,
};
#define NUM_WRITTEN 18u                         /* segments stay as they are */

bool vm_get_registers(struct vm *vm, struct vm_registers *out)
{
    for (size_t i = 0; i < NUM_OF(numbers); i++) {
        struct vmm_set_register r = { .number = (int32_t)numbers[i] };
        if (bsd_ioctl(vm->fd, VMM_GET_REGISTER, &r) != 0)
            return false;
        out->value[i] = r.value;
    }
    return true;
}

bool vm_set_registers(struct vm *vm, const struct vm_registers *from)
{
    bool good = true;
    for (size_t i = 0; i < NUM_WRITTEN; i++)
        good = good && set_register(vm, numbers[i], from->value[i]);
    return good;
}

bool vm_step(struct vm *vm, bool is_stepping)
{
    return set_capability(vm, VMM_CAP_MTRAP_EXIT, is_stepping) || !is_stepping;
}

/* ---- Running */

static struct vm_exit fault(const char *what)
{
    return (struct vm_exit){ .what = VM_EXIT_FAULT, .fault = what };
}

struct vm_exit vm_run(struct vm *vm)
{
    struct vmm_run *run = vm->state;
    if (bsd_ioctl(vm->fd, VMM_RUN, run) != 0)
        return errno == EINTR ? (struct vm_exit){ .what = VM_EXIT_AGAIN } : fault("cannot be run by bhyve");
    switch (run->code) {
    case VMM_EXIT_INOUT:
        if (run->inout.how != VMM_PLAIN_OUT)
            return fault("touched an I/O port in a way that there is not");
        return (struct vm_exit){ .what = VM_EXIT_CALL, .port = run->inout.port, .value = run->inout.eax };
    case VMM_EXIT_BOGUS:                        /* a signal, or nothing */
        return (struct vm_exit){ .what = VM_EXIT_AGAIN };
    case VMM_EXIT_HLT:
        return (struct vm_exit){ .what = VM_EXIT_HALT, .fault = "halted its CPU, which nothing can wake" };
    case VMM_EXIT_MTRAP:
        return (struct vm_exit){ .what = VM_EXIT_STEP };
    case VMM_EXIT_PAGING:
    case VMM_EXIT_INST_EMUL:
        return fault("touched an address outside memory");
    case VMM_EXIT_SUSPENDED:
        return fault("had a fault that it does not handle");
    default:
        return fault("stopped for a reason that the tender does not know");
    }
}
