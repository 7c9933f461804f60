// SPDX-License-Identifier: ISC
/* hvt_openbsd.c - OpenBSD's VMM, by vmm(4). Never run: compiled for OpenBSD, and tested against a recorded kernel. The machine ends
 * with the tender's process. An exit comes with the registers, which go back with the next run. No steps: the kernel has none, and
 * keeps hlt to itself. */
#include "tender/hvt_openbsd.h"
#include "base/writer.h"
#include "tender/hvt_machine.h"
#include "tender/hvt_vm.h"
#include <errno.h>
#include <string.h>

static struct vmm_exit exit_data;
static struct vmm_run run = { .exit = &exit_data };

static err failed(struct message *why, const char *what)
{
    return refuse(why, E_UNSUPPORTED, "VMM: %s: %s: the tender needs a CPU that vmm(4) knows, and root", what, strerror(errno));
}

static err make_machine(struct vm *vm, uint64_t num_bytes, struct message *why)
{
    static struct vmm_create c;
    struct wr w = wr_of(mspan_first(MSPAN(c.name), sizeof c.name - 1));
    c.num_cpus = c.num_ranges = 1;
    c.range[0].num_bytes = num_bytes;
    wr_bytes(&w, TEXT("morgana-"));
    wr_dec(&w, (uint64_t)bsd_process());
    if (bsd_ioctl(vm->fd, VMM_CREATE, &c) != 0)
        return failed(why, "machine");
    vm->memory = (struct mspan){ (uint8_t *)(uintptr_t)c.range[0].address, num_bytes };
    run.vm = c.id;
    return vm->memory.p ? OK : failed(why, "memory");
}

err vm_open(struct vm *vm, uint64_t num_bytes, struct message *why)
{
    static const unsigned requests[] = { VMM_RUN, VMM_READREGS, VMM_WRITEREGS };
    vm->fd = bsd_open(VMM_NODE);
    if (vm->fd < 0)
        return failed(why, VMM_NODE);
    vm->num_run = 1;
    vm->num_requests = NUM_OF(requests);
    (void)span_copy(MSPAN_OF(vm->request), SPAN_OF(requests));
    if (!bsd_sysctl("machdep.tscfreq", MSPAN_OF(vm->cycles_hz), (struct span){ 0 }) || vm->cycles_hz == 0)
        return failed(why, "time stamp counter");
    return make_machine(vm, num_bytes, why);
}

void bsd_destroy_machine(void)
{
    /* it ended with the descriptor */
}

err vm_set_entry(struct vm *vm, uint64_t entry, uint64_t stack, uint64_t boot, struct message *why)
{
    static const struct vmm_segment data = { MACHINE_DATA_SELECTOR, UINT32_MAX, MACHINE_DATA_ACCESS, 0 };
    static const struct vmm_segment code = { MACHINE_CODE_SELECTOR, UINT32_MAX, MACHINE_CODE_ACCESS, 0 };
    struct vmm_reset reset = {
        .vm = run.vm,
        .registers = {
            .general = { [VMM_RIP] = entry, [VMM_RSP] = stack, [VMM_RDI] = boot, [VMM_RFLAGS] = MACHINE_RFLAGS },
            .control = { [VMM_CR0] = MACHINE_CR0, [VMM_CR3] = SOLO5_HVT_PML4, [VMM_CR4] = MACHINE_CR4, [VMM_XCR0] = 1 },
            .msr = { [VMM_EFER] = MACHINE_EFER },
            .segment = { [VMM_CS] = code, [VMM_SS] = data, [VMM_DS] = data, [VMM_ES] = data, [VMM_FS] = data, [VMM_GS] = data,
                         [VMM_LDTR] = { .access = VMM_UNUSABLE }, [VMM_TR] = { .access = MACHINE_TASK_ACCESS } },
            .gdtr = { .limit = MACHINE_GDT_LIMIT, .base = SOLO5_HVT_GDT },
        },
    };
    return bsd_ioctl(vm->fd, VMM_RESETCPU, &reset) == 0 ? OK : failed(why, "registers");
}

/* ---- Registers, in gdb's order */

static const uint8_t numbers[] = { VMM_RAX, VMM_RBX, VMM_RCX, VMM_RDX, VMM_RSI, VMM_RDI, VMM_RBP, VMM_RSP, 8, 9, 10, 11, 12, 13, 14,
                                   15, VMM_RIP, VMM_RFLAGS };
static const uint8_t segments[] = { VMM_CS, VMM_SS, VMM_DS, VMM_ES, VMM_FS, VMM_GS };

bool vm_get_registers(struct vm *vm, struct vm_registers *out)
{
    struct vmm_transfer t = { .vm = run.vm, .which = VMM_WHICH_GENERAL | VMM_WHICH_SEGMENTS };
    if (bsd_ioctl(vm->fd, VMM_READREGS, &t) != 0)
        return false;
    for (size_t i = 0; i < NUM_OF(numbers); i++)
        out->value[i] = t.registers.general[numbers[i]];
    for (size_t i = 0; i < NUM_OF(segments); i++)
        out->value[NUM_OF(numbers) + i] = t.registers.segment[segments[i]].selector;
    return true;
}

bool vm_set_registers(struct vm *vm, const struct vm_registers *from)
{
    struct vmm_transfer t = { .vm = run.vm, .which = VMM_WHICH_GENERAL };
    for (size_t i = 0; i < NUM_OF(numbers); i++)
        t.registers.general[numbers[i]] = exit_data.registers.general[numbers[i]] = from->value[i];
    return bsd_ioctl(vm->fd, VMM_WRITEREGS, &t) == 0;
}

bool vm_step(struct vm *vm, bool is_stepping)
{
    (void)vm;
    return !is_stepping;
}

/* ---- Running */

static struct vm_exit fault(const char *what)
{
    return (struct vm_exit){ .what = VM_EXIT_FAULT, .fault = what };
}

/* The kernel goes on where the registers say. */
static struct vm_exit port_access(void)
{
    if (exit_data.io.is_in || exit_data.io.is_string || exit_data.io.is_repeated || exit_data.io.num_bytes != 4)
        return fault("touched an I/O port in a way that there is not");
    exit_data.registers.general[VMM_RIP] += exit_data.io.instruction_bytes;
    return (struct vm_exit){ .what = VM_EXIT_CALL, .port = exit_data.io.port, .value = exit_data.io.data };
}

struct vm_exit vm_run(struct vm *vm)
{
    if (bsd_ioctl(vm->fd, VMM_RUN, &run) != 0)
        return errno == EINTR || errno == EAGAIN ? (struct vm_exit){ .what = VM_EXIT_AGAIN } : fault("cannot be run by VMM");
    switch (run.reason) {
    case VMM_NONE:
        return (struct vm_exit){ .what = VM_EXIT_AGAIN };
    case VMX_IO:
    case SVM_IO:
        return port_access();
    case VMX_HLT:
    case SVM_HLT:
        return (struct vm_exit){ .what = VM_EXIT_HALT, .fault = "halted its CPU, which nothing can wake" };
    case VMX_EPT_VIOLATION:
    case SVM_NPF:
        return fault("touched an address outside memory");
    case VMX_TRIPLE_FAULT:
    case SVM_SHUTDOWN:
        return fault("had a fault that it does not handle");
    case VMM_TERMINATED:
        return fault("was ended by the operator");
    default:
        return fault("stopped for a reason that the tender does not know");
    }
}
