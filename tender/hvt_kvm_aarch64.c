// SPDX-License-Identifier: ISC
/* hvt_kvm_aarch64.c - the CPU: the host's own kind, at EL1 with translation on; hypercalls are stores to where no memory is. */
#include "tender/hvt_kvm.h"
#include "tender/hvt_machine.h"
#include <string.h>

#define CALLS_MAX 256u
#define INSTRUCTION_BYTES 4u
#define CLASS_OF(syndrome) ((syndrome) >> 26 & 0x3f)
#define CLASS_BREAKPOINT 0x3cu          /* brk */
#define MODE_EL1T 4u                    /* EL1 on SP_EL0 */
#define CORE_REGISTER(field) (KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(field))
#define GENERAL_REGISTERS 31u
enum { SP = GENERAL_REGISTERS, PC, PSTATE };    /* in struct vm_registers */

static const unsigned requests[] = { KVM_RUN, KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_SET_GUEST_DEBUG };
_Static_assert(NUM_OF(requests) <= VM_REQUESTS_MAX, "they fit");

static bool set_register(const struct vm *vm, uint64_t id, uint64_t value)
{
    struct kvm_one_reg r = { .id = id, .addr = (uintptr_t)&value };
    return kvm_ioctl(vm->fd, KVM_SET_ONE_REG, &r) == 0;
}
static bool get_register(const struct vm *vm, uint64_t id, uint64_t *value)
{
    struct kvm_one_reg r = { .id = id, .addr = (uintptr_t)value };
    return kvm_ioctl(vm->fd, KVM_GET_ONE_REG, &r) == 0;
}

static uint64_t counter_hz(void)
{
    uint64_t hz;
    __asm__("mrs %0, cntfrq_el0" : "=r"(hz));
    return hz;
}

err kvm_cpu_open(struct vm *vm, int kvm, int machine, struct message *why)
{
    struct kvm_vcpu_init init = { 0 };
    (void)kvm;
    vm->num_run = 1;
    vm->num_requests = NUM_OF(requests);
    memcpy(vm->request, requests, sizeof requests);
    vm->cycles_hz = counter_hz();
    bool is_made = kvm_ioctl(machine, KVM_ARM_PREFERRED_TARGET, &init) == 0 && kvm_ioctl(vm->fd, KVM_ARM_VCPU_INIT, &init) == 0;
    return is_made ? OK : kvm_failed(why, "kind of CPU");
}

err vm_set_entry(struct vm *vm, uint64_t entry, uint64_t stack, uint64_t boot, struct message *why)
{
    const struct { uint64_t id, value; } state[] = {
        { ARM64_SYS_REG(3, 0, 10, 2, 0), MACHINE_MAIR },
        { ARM64_SYS_REG(3, 0, 2, 0, 2), MACHINE_TCR },
        { ARM64_SYS_REG(3, 0, 2, 0, 0), SOLO5_HVT_LEVEL0 },     /* TTBR0 */
        { ARM64_SYS_REG(3, 0, 1, 0, 2), MACHINE_CPACR },
        { ARM64_SYS_REG(3, 0, 1, 0, 0), MACHINE_SCTLR },
        { CORE_REGISTER(regs.pstate), MACHINE_PSTATE },
        { CORE_REGISTER(regs.pc), entry },
        { CORE_REGISTER(sp_el1), stack },
        { CORE_REGISTER(regs.regs[0]), boot },
    };
    for (size_t i = 0; i < NUM_OF(state); i++)
        if (!set_register(vm, state[i].id, state[i].value))
            return kvm_failed(why, "registers");
    return OK;
}

/* ---- What it stops for */

static struct vm_exit store(const struct kvm_run *run)
{
    uint64_t offset = run->mmio.phys_addr - SOLO5_HVT_CALLS;
    struct vm_exit e = { .what = VM_EXIT_CALL, .port = (uint16_t)(SOLO5_HVT_PORT + offset / SOLO5_HVT_CALL_BYTES) };
    if (!run->mmio.is_write || run->mmio.len != sizeof e.value || offset % SOLO5_HVT_CALL_BYTES != 0 ||
        offset / SOLO5_HVT_CALL_BYTES >= CALLS_MAX)
        return kvm_fault("touched an address outside memory");
    memcpy(&e.value, run->mmio.data, sizeof e.value);
    return e;
}

/* A brk stops the CPU in front of itself, and only where there is a debugger. */
static struct vm_exit debugged(const struct vm *vm, const struct kvm_run *run)
{
    uint64_t pc;
    if (CLASS_OF(run->debug.arch.hsr) != CLASS_BREAKPOINT)
        return (struct vm_exit){ .what = VM_EXIT_STEP };
    if (!get_register(vm, CORE_REGISTER(regs.pc), &pc) || !set_register(vm, CORE_REGISTER(regs.pc), pc + INSTRUCTION_BYTES))
        return kvm_fault("stopped at a breakpoint and cannot be moved");
    return (struct vm_exit){ .what = VM_EXIT_HALT, .fault = "ran into a breakpoint of its own" };
}

struct vm_exit kvm_cpu_exit(struct vm *vm, const struct kvm_run *run)
{
    switch (run->exit_reason) {
    case KVM_EXIT_MMIO:
        return store(run);
    case KVM_EXIT_DEBUG:
        return debugged(vm, run);
    default:
        return kvm_fault("stopped for a reason that the tender does not know");
    }
}

/* ---- For a debugger and dumps */

/* Which of the two stack pointers is in use, pstate says. */
static uint64_t id_of(size_t i, uint64_t pstate)
{
    switch (i) {
    case SP:     return (pstate & 15) == MODE_EL1T ? CORE_REGISTER(regs.sp) : CORE_REGISTER(sp_el1);
    case PC:     return CORE_REGISTER(regs.pc);
    case PSTATE: return CORE_REGISTER(regs.pstate);
    default:     return CORE_REGISTER(regs.regs[0]) + i * (sizeof(uint64_t) / sizeof(uint32_t));
    }
}

bool vm_get_registers(struct vm *vm, struct vm_registers *out)
{
    *out = (struct vm_registers){ { 0 } };
    bool is_read = get_register(vm, CORE_REGISTER(regs.pstate), &out->value[PSTATE]);
    for (size_t i = 0; is_read && i < PSTATE; i++)
        is_read = get_register(vm, id_of(i, out->value[PSTATE]), &out->value[i]);
    return is_read;
}

bool vm_set_registers(struct vm *vm, const struct vm_registers *from)
{
    bool is_written = true;
    for (size_t i = 0; is_written && i <= PSTATE; i++)
        is_written = set_register(vm, id_of(i, from->value[PSTATE]), from->value[i]);
    return is_written;
}

bool vm_step(struct vm *vm, bool is_stepping)
{
    struct kvm_guest_debug d = { .control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP | (is_stepping ? KVM_GUESTDBG_SINGLESTEP : 0) };
    return kvm_ioctl(vm->fd, KVM_SET_GUEST_DEBUG, &d) == 0;
}
