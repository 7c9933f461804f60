// SPDX-License-Identifier: ISC
/* abort.c - the ends that a library may come to are panics. */
#include "base/panic.h"
#include <assert.h>
#include <signal.h>
#include <stdlib.h>

void abort(void)
{
    panic(__FILE__, __LINE__, "a library called abort");
}
void __assert_fail(const char *what, const char *file, int line, const char *function)
{
    (void)function;
    panic(file, line, what);
}
int raise(int number)
{
    (void)number;
    panic(__FILE__, __LINE__, "a library raised a signal");
}
