// SPDX-License-Identifier: ISC
/* fault.c - what the CPU finds wrong: one line with the place, and the return addresses. Runs on a stack of its own, so that
 * an overrun stack can be told. */
#include "arch/arch.h"
#include "base/writer.h"
#include "platform/hvt/hvt.h"

#define TRACE_MAX 24

static const char *vector_name(uint64_t vector)
{
    switch (vector) {
    case VECTOR_DIVIDE:         return "division by zero";
    case VECTOR_INVALID_OPCODE: return "trap or invalid instruction";
    case VECTOR_DOUBLE_FAULT:   return "double fault";
    case VECTOR_PROTECTION:     return "protection fault";
    default:                    return "fault";
    }
}

static const char *access_name(uint64_t error)
{
    return error & PAGE_FAULT_EXECUTE ? "executing" : error & PAGE_FAULT_WRITE ? "writing" : "reading";
}

/* Below the stacks lie their guards. */
static bool is_guard(uint64_t address)
{
    uint64_t from = (uintptr_t)platform_stack_pool.memory.p, each = PLATFORM_GUARD_BYTES + platform_stack_pool.stack_bytes;
    return address >= from && address - from < platform_stack_pool.memory.n &&
           (address - from) % each < PLATFORM_GUARD_BYTES;
}

static void write_reason(struct wr *w, const struct machine_fault *f)
{
    uint64_t address = machine_fault_address();
    if (f->vector != VECTOR_PAGE_FAULT) {
        wr_bytes(w, span_of_str(vector_name(f->vector)));
        wr_bytes(w, TEXT(" (vector "));
        wr_dec(w, f->vector);
        wr_bytes(w, TEXT(")"));
        return;
    }
    wr_bytes(w, is_guard(address) ? TEXT("a stack overran, ") : TEXT("page fault, "));
    wr_bytes(w, span_of_str(access_name(f->error)));
    wr_u8(w, ' ');
    wr_hex(w, address);
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

static void write_trace(struct wr *w, const struct machine_fault *f)
{
    uintptr_t address[TRACE_MAX];
    size_t num = arch_backtrace_from(f->rbp, stack_of(f->rbp), address, NUM_OF(address));
    wr_bytes(w, TEXT("\n  backtrace "));
    wr_hex(w, f->rip);
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
    said.frame = (struct solo5_hvt_trap_frame){ .cr2 = machine_fault_address(), .error = f->error, .rip = f->rip, .cs = f->cs,
                                                .rflags = f->rflags, .rsp = f->rsp, .ss = f->ss, .rbp = f->rbp };
    hvt_halt(HVT_STATUS_ABORT, &said.frame);
}

void machine_fault(const struct machine_fault *f)
{
    uint8_t text[160 + TRACE_MAX * 20];
    static bool is_faulting;
    struct wr w = wr_of(MSPAN(text));
    if (!is_faulting) {
        is_faulting = true;         /* a fault of the fault just ends */
        wr_bytes(&w, TEXT("fault: "));
        write_reason(&w, f);
        wr_bytes(&w, TEXT(" at "));
        wr_hex(&w, f->rip);
        write_trace(&w, f);
        platform_console_write(wr_done(&w));
    }
    halt(f);
}
