// SPDX-License-Identifier: ISC
/* chk_printf.c - the checked forms of snprintf, by the one of the C library behind this component. */
#include "base/panic.h"
#include <stdarg.h>
#include <stdio.h>

int __snprintf_chk(char *to, size_t n, int flag, size_t room, const char *text, ...);
int __vsnprintf_chk(char *to, size_t n, int flag, size_t room, const char *text, va_list args);

int __vsnprintf_chk(char *to, size_t n, int flag, size_t room, const char *text, va_list args)
{
    (void)flag;
    if (n > room)
        panic(__FILE__, __LINE__, "a library wrote past the end of a buffer");
    return vsnprintf(to, n, text, args);
}
int __snprintf_chk(char *to, size_t n, int flag, size_t room, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    int num = __vsnprintf_chk(to, n, flag, room, text, args);
    va_end(args);
    return num;
}
