// SPDX-License-Identifier: ISC
/* trap.c - exceptions (Intel SDM volume 3, chapter 6), on a stack of their own. */
#include "arch/machine.h"
#include "arch/common/registers.h"
#include "platform/virtio/x86_64/pc.h"

#define NUM_VECTORS 32u
#define TRAP_STACK_BYTES 8192u
#define INTERRUPT_GATE 0x8e00u
#define CODE_SELECTOR 0x08u
#define TASK_SELECTOR 0x18u
#define TASK_PRESENT 0x89u
#define CODE_WRITE 2u                   /* of a page fault */
#define CODE_EXECUTE 16u
#define RED_ZONE_BYTES 256u

enum {
    DIVIDE = 0,
    INVALID_OPCODE = 6,
    DOUBLE_FAULT = 8,
    PROTECTION = 13,
    PAGE_FAULT = 14,
    FLOAT_X87 = 16,
    FLOAT_SIMD = 19,
};
struct machine_fault {                  /* as boot.S pushes it */
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t vector, code, rip, cs, rflags, rsp, ss;
};
struct gate {
    uint16_t offset_low, selector, ist_and_type_low, offset_mid;
    uint32_t offset_high, reserved;
};
#define VECTOR_BYTES 16u                /* each stub of boot.S */

struct task_state {
    uint32_t reserved0;
    uint64_t rsp[3], reserved1, ist[7], reserved2;
    uint16_t reserved3, io_map;
} __attribute__((packed));

static struct gate gates[256];
static struct task_state task_state;
static uint8_t trap_stack[TRAP_STACK_BYTES] __attribute__((aligned(16)));

static struct gate gate_to(uintptr_t at, unsigned ist)
{
    return (struct gate){ .offset_low = (uint16_t)at, .selector = CODE_SELECTOR, .ist_and_type_low = (uint16_t)(INTERRUPT_GATE | ist),
                          .offset_mid = (uint16_t)(at >> 16), .offset_high = (uint32_t)(at >> 32) };
}

void machine_catch_faults(void)
{
    struct {
        uint16_t last;
        uint64_t at;
    } __attribute__((packed)) table = { sizeof gates - 1, (uintptr_t)gates };
    uintptr_t task = (uintptr_t)&task_state;
    task_state.ist[0] = (uintptr_t)trap_stack + sizeof trap_stack;
    task_state.io_map = sizeof task_state;
    virtio_gdt[3] = (sizeof task_state - 1) | (task & 0xffffff) << 16 | (uint64_t)TASK_PRESENT << 40 | (task >> 24 & 0xff) << 56;
    virtio_gdt[4] = task >> 32;
    for (unsigned i = 0; i < NUM_VECTORS; i++)
        gates[i] = gate_to((uintptr_t)virtio_vectors + i * VECTOR_BYTES, 1);
    for (unsigned i = NUM_VECTORS; i < NUM_OF(gates); i++)
        gates[i] = gate_to((uintptr_t)virtio_interrupt, 0);
    gates[INTERRUPT_DEVICE] = gate_to((uintptr_t)virtio_device_interrupt, 0);
    gates[INTERRUPT_POWER] = gate_to((uintptr_t)virtio_power_interrupt, 0);
    __asm__ volatile("lidt %0" : : "m"(table));
    __asm__ volatile("ltr %w0" : : "r"(TASK_SELECTOR));
}

/* ---- What they say */

static enum machine_fault_kind kind_of(const struct machine_fault *f)
{
    switch (f->vector) {
    case DIVIDE:         return FAULT_DIVIDE;
    case INVALID_OPCODE: return FAULT_INSTRUCTION;
    case DOUBLE_FAULT:   return FAULT_STACK;
    case PROTECTION:     return FAULT_IMPOSSIBLE;
    case PAGE_FAULT:     return f->code & CODE_EXECUTE ? FAULT_EXECUTE : f->code & CODE_WRITE ? FAULT_WRITE : FAULT_READ;
    case FLOAT_X87:
    case FLOAT_SIMD:     return FAULT_FLOAT;
    default:             return FAULT_OTHER;
    }
}

static uint64_t fault_address(void)
{
    uint64_t cr2;
    __asm__ volatile("mov %%cr2, %0" : "=r"(cr2));
    return cr2;
}

struct machine_fault_facts machine_fault_facts(const struct machine_fault *f)
{
    return (struct machine_fault_facts){
        .kind = kind_of(f), .number = f->vector, .at = f->rip, .address = fault_address(), .frame = f->rbp, .stack = f->rsp,
    };
}

void machine_fault_write(const struct machine_fault *f, struct wr *w)
{
    const struct { const char *name; uint64_t v; } list[] = {
        { "\n  rip ", f->rip }, { " rsp ", f->rsp }, { " rbp ", f->rbp }, { " cr2 ", fault_address() },
        { "\n  rax ", f->rax }, { " rbx ", f->rbx }, { " rcx ", f->rcx }, { " rdx ", f->rdx },
        { "\n  rsi ", f->rsi }, { " rdi ", f->rdi }, { " r8  ", f->r8 }, { " r9  ", f->r9 },
        { "\n  r10 ", f->r10 }, { " r11 ", f->r11 }, { " r12 ", f->r12 }, { " r13 ", f->r13 },
        { "\n  r14 ", f->r14 }, { " r15 ", f->r15 }, { " flags ", f->rflags }, { " code ", f->code },
    };
    for (size_t i = 0; i < NUM_OF(list); i++)
        arch_write_register(w, list[i].name, list[i].v);
}

void machine_fault_call(struct machine_fault *f, void (*function)(const char *), const char *text)
{
    uint64_t *sp = (uint64_t *)((f->rsp - RED_ZONE_BYTES) / 16 * 16 - sizeof *sp);
    *sp = f->rip;
    f->rsp = (uintptr_t)sp;
    f->rdi = (uintptr_t)text;
    f->rip = (uintptr_t)function;
}
