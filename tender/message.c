// SPDX-License-Identifier: ISC
#include "tender/message.h"
#include <stdarg.h>
#include <stdio.h>

err refuse(struct message *why, err e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return e;
}
