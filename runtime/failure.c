// SPDX-License-Identifier: ISC
/* What compiled code and third-party libraries call when they find a bug of ours or theirs: a panic. */
#include "base/panic.h"

NORETURN void __stack_chk_fail(void);
NORETURN void __assert_fail(const char *condition, const char *file, int line, const char *function);
NORETURN void abort(void);

void __stack_chk_fail(void)
{
    UNREACHABLE("a function wrote past its variables on the stack");
}

void __assert_fail(const char *condition, const char *file, int line, const char *function)
{
    (void)function;
    panic(file, line, condition);
}

void abort(void)
{
    UNREACHABLE("abort was called");
}
