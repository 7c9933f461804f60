// SPDX-License-Identifier: ISC
/* fault.c - what the CPU finds wrong: memory of the heap appears where it was first used; everything else prints the registers and has
 * the interrupted flow go on with a panic, so that the backtrace is that of the culprit. Runs on a stack of its own. */
#include "arch/machine.h"
#include "platform/platform.h"
#include "platform/virtio/machine.h"

static bool is_in_guard_page(uint64_t at)
{
    const struct platform_stack_pool *pool = &platform_stack_pool;
    uint64_t offset = at - (uintptr_t)pool->memory.p;
    return offset < pool->memory.n && offset % (PLATFORM_GUARD_BYTES + pool->stack_bytes) < PLATFORM_GUARD_BYTES;
}

static bool has_address(const struct machine_fault_facts *f)
{
    return f->kind == FAULT_READ || f->kind == FAULT_WRITE || f->kind == FAULT_EXECUTE;
}

static bool is_overrun(const struct machine_fault_facts *f)
{
    return f->kind == FAULT_STACK || is_in_guard_page(has_address(f) ? f->address : f->stack);
}

/* Of the faults that our own mistakes cause. */
static const char *mistake(const struct machine_fault_facts *f)
{
    switch (f->kind) {
    case FAULT_DIVIDE:      return "a division by zero";
    case FAULT_INSTRUCTION: return "an instruction that is none, or a check of the compiler's";
    case FAULT_IMPOSSIBLE:  return "an access to an impossible address";
    case FAULT_ALIGNMENT:   return "an access to an address that is not aligned";
    case FAULT_FLOAT:       return "an exception of floating-point numbers";
    case FAULT_READ:
    case FAULT_WRITE:
    case FAULT_EXECUTE:     break;
    case FAULT_STACK:
    case FAULT_OTHER:       return "an exception";
    }
    if (f->address < PAGE_BYTES)
        return "a null pointer was used";
    if (!pages_are_there(f->address))
        return "an access to memory that is not there";
    return f->kind == FAULT_EXECUTE ? "data was to be executed" : "memory that is only read was written to";
}

static void write_registers(const struct machine_fault *fault, const struct machine_fault_facts *f)
{
    uint8_t text[1280];
    struct wr w = wr_of(MSPAN(text));
    wr_bytes(&w, TEXT("exception "));
    wr_dec(&w, f->number);
    machine_fault_write(fault, &w);
    wr_u8(&w, '\n');
    platform_console_write(wr_done(&w));
}

/* In the place of the interrupted function, which is its caller by what it finds. */
NORETURN static void panic_there(const char *what)
{
    panic("exception", 0, what);
}

void machine_fault(struct machine_fault *fault)
{
    static bool is_trapped;
    struct machine_fault_facts f = machine_fault_facts(fault);
    if ((f.kind == FAULT_READ || f.kind == FAULT_WRITE) && pages_appear(f.address))
        return;
    if (machine_provoked(fault, f.at))
        return;
    if (is_trapped)
        platform_abort();               /* a second one is of the panic itself */
    is_trapped = true;
    write_registers(fault, &f);
    if (is_overrun(&f))
        panic("exception", 0, "a fiber's stack is too small");      /* and has no room for this call */
    machine_fault_call(fault, panic_there, mistake(&f));
}
