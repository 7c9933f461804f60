// SPDX-License-Identifier: ISC
/* The end of a unikernel with a bug: one line that says where, the fiber, the return addresses. It uses no
 * heap, no log and no fiber call, since any of them may be what is broken. */
#include "arch/arch.h"
#include "base/panic.h"
#include "base/writer.h"
#include "platform/platform.h"
#include "runtime/scheduler.h"

#define TRACE_MAX 24

static void write_place(const char *file, int line, const char *what)
{
    uint8_t text[512];
    struct wr w = wr_of(MSPAN(text));
    wr_bytes(&w, TEXT("panic: "));
    wr_bytes(&w, span_first(span_of_str(file), 128));
    wr_u8(&w, ':');
    wr_dec(&w, line < 0 ? 0 : (unsigned)line);
    struct span why = span_of_str(what);
    if (why.n > 0)
        wr_bytes(&w, TEXT(": "));
    wr_bytes(&w, span_first(why, 256));
    wr_bytes(&w, TEXT("\n  in fiber "));
    wr_bytes(&w, span_first(span_of_str(fiber_name()), 64));
    wr_u8(&w, '\n');
    platform_console_write(wr_done(&w));
}

static void write_trace(void)
{
    uintptr_t address[TRACE_MAX];
    uint8_t text[32 + TRACE_MAX * 20];
    struct wr w = wr_of(MSPAN(text));
    size_t num = arch_backtrace(fiber_stack(), address, NUM_OF(address));
    wr_bytes(&w, TEXT("  backtrace"));
    for (size_t i = 0; i < num; i++) {
        wr_u8(&w, ' ');
        wr_hex(&w, address[i]);
    }
    wr_u8(&w, '\n');
    platform_console_write(wr_done(&w));
}

void panic(const char *file, int line, const char *what)
{
    static bool is_panicking;
    if (!is_panicking) {
        is_panicking = true;        /* a panic of the panic just ends */
        write_place(file, line, what);
        write_trace();
    }
    platform_abort();
}
