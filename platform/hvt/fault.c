// SPDX-License-Identifier: ISC
/* fault.c - what the CPU finds wrong: one line with the place, and the return addresses. Runs on a stack of its own, so that
 * an overrun stack can be told. */
#include "arch/arch.h"
#include "base/writer.h"
#include "platform/hvt/hvt.h"

#define TRACE_MAX 24

static const char *name_of(enum machine_fault_kind kind)
{
    switch (kind) {
    case FAULT_READ:        return "reading";
    case FAULT_WRITE:       return "writing";
    case FAULT_EXECUTE:     return "executing";
    case FAULT_DIVIDE:      return "division by zero";
    case FAULT_INSTRUCTION: return "trap or invalid instruction";
    case FAULT_STACK:       return "double fault";
    case FAULT_IMPOSSIBLE:  return "protection fault";
    case FAULT_ALIGNMENT:   return "misaligned access";
    case FAULT_FLOAT:
    case FAULT_OTHER:       break;
    }
    return "fault";
}

static bool has_address(const struct machine_fault_facts *f)
{
    return f->kind == FAULT_READ || f->kind == FAULT_WRITE || f->kind == FAULT_EXECUTE;
}

/* Below the stacks lie their guards. */
static bool is_guard(uint64_t address)
{
    uint64_t from = (uintptr_t)platform_stack_pool.memory.p, each = PLATFORM_GUARD_BYTES + platform_stack_pool.stack_bytes;
    return address >= from && address - from < platform_stack_pool.memory.n &&
           (address - from) % each < PLATFORM_GUARD_BYTES;
}

static void write_reason(struct wr *w, const struct machine_fault_facts *f)
{
    if (has_address(f))
        wr_bytes(w, is_guard(f->address) ? TEXT("a stack overran, ") : TEXT("page fault, "));
    wr_bytes(w, span_of_str(name_of(f->kind)));
    if (has_address(f)) {
        wr_u8(w, ' ');
        wr_hex(w, f->address);
    } else {
        wr_bytes(w, TEXT(" (exception "));
        wr_dec(w, f->number);
        wr_bytes(w, TEXT(")"));
    }
}

static struct mspan stack_of(uint64_t address)
{
    for (unsigned i = 0; i < platform_stack_pool.num; i++) {
        struct mspan stack = platform_stack(i);
        if (address - (uintptr_t)stack.p < stack.n)
            return stack;
    }
    return (struct mspan){ 0 };
}

static void write_trace(struct wr *w, const struct machine_fault_facts *f)
{
    uintptr_t address[TRACE_MAX];
    size_t num = arch_backtrace_from(f->frame, stack_of(f->frame), address, NUM_OF(address));
    wr_bytes(w, TEXT("\n  backtrace "));
    wr_hex(w, f->at);
    for (size_t i = 0; i < num; i++) {
        wr_u8(w, ' ');
        wr_hex(w, address[i]);
    }
    wr_u8(w, '\n');
}

/* The tender wants so many bytes at the address. */
NORETURN static void halt(const struct machine_fault *f)
{
    static union {
        struct solo5_hvt_trap_frame frame;
        uint8_t bytes[SOLO5_HVT_TRAP_FRAME_BYTES];
    } said;
    hvt_cpu_trap_frame(f, &said.frame);
    hvt_halt(HVT_STATUS_ABORT, &said.frame);
}

void machine_fault(struct machine_fault *f)
{
    uint8_t text[160 + TRACE_MAX * 20];
    static bool is_faulting;
    struct wr w = wr_of(MSPAN(text));
    if (!is_faulting) {
        struct machine_fault_facts facts = machine_fault_facts(f);
        is_faulting = true;         /* a fault of the fault just ends */
        wr_bytes(&w, TEXT("fault: "));
        write_reason(&w, &facts);
        wr_bytes(&w, TEXT(" at "));
        wr_hex(&w, facts.at);
        write_trace(&w, &facts);
        platform_console_write(wr_done(&w));
    }
    halt(f);
}
