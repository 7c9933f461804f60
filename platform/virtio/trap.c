// SPDX-License-Identifier: ISC
/* trap.c - exceptions (Intel SDM volume 3, chapter 6). The handler runs on a stack of its own, prints the registers, and
 * has the interrupted flow go on with a panic, so that the backtrace is that of the culprit. */
#include "base/writer.h"
#include "platform/platform.h"
#include "platform/virtio/machine.h"

#define NUM_VECTORS 32u
#define TRAP_STACK_BYTES 8192u
#define INTERRUPT_GATE 0x8e00u
#define CODE_SELECTOR 0x08u
#define TASK_SELECTOR 0x18u
#define TASK_PRESENT 0x89u
#define PAGE_FAULT 14u
#define FAULT_NO_DEMAND 0x19u           /* the page was there, a reserved bit was set, or it was to be executed */
#define RED_ZONE_BYTES 256u

struct trap_frame {                     /* as boot.S pushes it */
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

void virtio_trapped(struct trap_frame *f);

static struct gate gate_to(uintptr_t at, unsigned ist)
{
    return (struct gate){ .offset_low = (uint16_t)at, .selector = CODE_SELECTOR, .ist_and_type_low = (uint16_t)(INTERRUPT_GATE | ist),
                          .offset_mid = (uint16_t)(at >> 16), .offset_high = (uint32_t)(at >> 32) };
}

void traps_init(void)
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

/* ---- What is printed */

static void write_hex(struct wr *w, const char *name, uint64_t v)
{
    static const char digits[] = "0123456789abcdef";
    wr_bytes(w, span_of_str(name));
    for (unsigned shift = 64; shift > 0; shift -= 4)
        wr_u8(w, (uint8_t)digits[v >> (shift - 4) & 15]);
}

static void write_registers(const struct trap_frame *f, uint64_t cr2)
{
    const struct { const char *name; uint64_t v; } list[] = {
        { "\n  rip ", f->rip }, { " rsp ", f->rsp }, { " rbp ", f->rbp }, { " cr2 ", cr2 },
        { "\n  rax ", f->rax }, { " rbx ", f->rbx }, { " rcx ", f->rcx }, { " rdx ", f->rdx },
        { "\n  rsi ", f->rsi }, { " rdi ", f->rdi }, { " r8  ", f->r8 }, { " r9  ", f->r9 },
        { "\n  r10 ", f->r10 }, { " r11 ", f->r11 }, { " r12 ", f->r12 }, { " r13 ", f->r13 },
        { "\n  r14 ", f->r14 }, { " r15 ", f->r15 }, { " flags ", f->rflags },
    };
    uint8_t text[768];
    struct wr w = wr_of(MSPAN(text));
    wr_bytes(&w, TEXT("exception "));
    wr_dec(&w, f->vector);
    wr_bytes(&w, TEXT(" code "));
    wr_dec(&w, f->code);
    for (size_t i = 0; i < NUM_OF(list); i++)
        write_hex(&w, list[i].name, list[i].v);
    wr_u8(&w, '\n');
    platform_console_write(wr_done(&w));
}

static bool is_in_guard_page(uint64_t at)
{
    const struct platform_stack_pool *pool = &platform_stack_pool;
    uint64_t offset = at - (uintptr_t)pool->memory.p;
    return offset < pool->memory.n && offset % (PLATFORM_GUARD_BYTES + pool->stack_bytes) < PLATFORM_GUARD_BYTES;
}

/* Of the vectors that our own mistakes cause. */
static const char *mistake(uint64_t vector, uint64_t code, uint64_t cr2)
{
    switch (vector) {
    case 0:  return "a division by zero";
    case 6:  return "an instruction that is none, or a check of the compiler's";
    case 8:  return "an exception inside an exception";
    case 13: return "an access to an impossible address";
    case 16:
    case 19: return "an exception of floating-point numbers";
    case PAGE_FAULT:
        return cr2 < PAGE_BYTES ? "a null pointer was used" : (code & 16) ? "data was to be executed" :
               (code & 3) == 3 ? "memory that is only read was written to" : "an access to memory that is not there";
    default: return "an exception";
    }
}

/* In the place of the interrupted function, which is its caller by what lies on the stack. */
NORETURN static void panic_there(const char *what)
{
    panic("exception", 0, what);
}

void virtio_trapped(struct trap_frame *f)
{
    uint64_t cr2;
    static bool is_trapped;
    __asm__ volatile("mov %%cr2, %0" : "=r"(cr2));
    if (f->vector == PAGE_FAULT && (f->code & FAULT_NO_DEMAND) == 0 && pages_appear(cr2))
        return;
    if (is_trapped)
        platform_abort();               /* a second one is of the panic itself */
    is_trapped = true;
    write_registers(f, cr2);
    if (is_in_guard_page(f->vector == PAGE_FAULT ? cr2 : f->rsp) || f->vector == 8)
        panic("exception", 0, "a fiber's stack is too small");      /* and has no room for this call */
    uint64_t *sp = (uint64_t *)((f->rsp - RED_ZONE_BYTES) / 16 * 16 - sizeof *sp);
    *sp = f->rip;
    f->rsp = (uintptr_t)sp;
    f->rdi = (uintptr_t)mistake(f->vector, f->code, cr2);
    f->rip = (uintptr_t)panic_there;
}
