// SPDX-License-Identifier: ISC
/* machine.c - descriptor tables (Intel SDM volume 3, sections 3.5, 6.14 and 7.7), model-specific registers. */
#include "platform/hvt/x86_64/machine.h"
#include <cpuid.h>

#define MSR_EFER 0xc0000080u
#define MSR_FS_BASE 0xc0000100u
#define EFER_NXE (UINT64_C(1) << 11)
#define CPUID_80000001_EDX_NX (1u << 20)
#define VECTORS 32u
#define FAULT_STACK_BYTES 4096u

enum { SELECTOR_CODE = 8, SELECTOR_DATA = 16, SELECTOR_TASK = 24 };
/* Accessed in advance, so that the CPU does not write to them. */
#define CODE_DESCRIPTOR UINT64_C(0x00209b0000000000)
#define DATA_DESCRIPTOR UINT64_C(0x0000930000000000)
#define TASK_TYPE UINT64_C(0x89)        /* available TSS; ltr makes it busy */
#define GATE_TYPE UINT64_C(0x8e)        /* interrupt gate */

struct gate {
    uint64_t low, high;
};
struct __attribute__((packed)) task_state {
    uint32_t reserved0;
    uint64_t rsp[3], reserved1, ist[7], reserved2;
    uint16_t reserved3, io_map;
};
_Static_assert(sizeof(struct task_state) == 104, "Intel SDM volume 3, figure 7-11");
struct tables {
    uint64_t gdt[5];            /* null, code, data, task in two */
    struct gate idt[VECTORS];
    struct task_state task;
};
_Static_assert(sizeof(struct tables) <= MACHINE_TABLES_BYTES, "one page");
struct __attribute__((packed)) table_register {
    uint16_t limit;
    uint64_t base;
};

extern uint8_t machine_traps[];         /* trap.S: 16 bytes a vector */
static uint8_t fault_stack[FAULT_STACK_BYTES] __attribute__((aligned(16)));

static void fill_gdt(struct tables *t)
{
    uint64_t base = (uintptr_t)&t->task, limit = sizeof t->task - 1;
    t->gdt[1] = CODE_DESCRIPTOR;
    t->gdt[2] = DATA_DESCRIPTOR;
    t->gdt[3] = limit | (base & 0xffffff) << 16 | TASK_TYPE << 40 | (base >> 24 & 0xff) << 56;
    t->gdt[4] = base >> 32;
    t->task.ist[0] = (uintptr_t)fault_stack + sizeof fault_stack;
    t->task.io_map = sizeof t->task;
}

static void fill_idt(struct tables *t)
{
    for (unsigned i = 0; i < VECTORS; i++) {
        uint64_t at = (uintptr_t)machine_traps + 16 * i;
        t->idt[i].low = (at & 0xffff) | SELECTOR_CODE << 16 | UINT64_C(1) << 32 | GATE_TYPE << 40 | (at >> 16 & 0xffff) << 48;
        t->idt[i].high = at >> 32;
    }
}

static void load_segments(void)
{
    __asm__ volatile("pushq %0\n leaq 1f(%%rip), %%rax\n pushq %%rax\n lretq\n"
                     "1: movw %1, %%ax\n movw %%ax, %%ss\n movw %%ax, %%ds\n movw %%ax, %%es\n"
                     "ltr %w2"
                     : : "i"(SELECTOR_CODE), "i"(SELECTOR_DATA), "r"(SELECTOR_TASK) : "rax", "memory");
}

void machine_load_tables(struct mspan page)
{
    void *at = page.p;
    struct tables *t = at;
    REQUIRE(page.n >= sizeof *t && (uintptr_t)at % 16 == 0);
    *t = (struct tables){ 0 };
    fill_gdt(t);
    fill_idt(t);
    const struct table_register gdt = { sizeof t->gdt - 1, (uintptr_t)t->gdt };
    const struct table_register idt = { sizeof t->idt - 1, (uintptr_t)t->idt };
    __asm__ volatile("lgdt %0" : : "m"(gdt));
    load_segments();
    __asm__ volatile("lidt %0" : : "m"(idt));
}

static uint64_t read_msr(uint32_t number)
{
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return (uint64_t)high << 32 | low;
}
__attribute__((no_stack_protector)) static void write_msr(uint32_t number, uint64_t value)
{
    __asm__ volatile("wrmsr" : : "c"(number), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

bool machine_enable_no_execute(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(0x80000001u, &a, &b, &c, &d) || !(d & CPUID_80000001_EDX_NX))
        return false;
    write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_NXE);
    return true;
}

__attribute__((no_stack_protector)) void machine_set_thread_pointer(uintptr_t address)
{
    write_msr(MSR_FS_BASE, address);
}
