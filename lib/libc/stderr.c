// SPDX-License-Identifier: ISC
/* stderr.c - what a library has to say in distress goes to the log, as an error of the source "libc": formats as
 * they stand, without their arguments, since they use more of printf than the log's formatter has. There
 * are no other streams. */
#include "runtime/log.h"
#include <stdio.h>

LOG_SOURCE(libc);

FILE *const (stderr) = NULL;        /* whoever gets it only hands it on to the functions here */

int __fprintf_chk(FILE *f, int flag, const char *text, ...);
int __vfprintf_chk(FILE *f, int flag, const char *text, va_list args);

static void say(struct span text)
{
    if (text.n > 0 && span_at(text, text.n - 1) == '\n')
        text = span_first(text, text.n - 1);
    log_error(libc, "%b", &text);
}
size_t fwrite(const void *restrict bytes, size_t element_bytes, size_t num, FILE *restrict f)
{
    (void)f;
    size_t num_bytes;
    if (__builtin_mul_overflow(element_bytes, num, &num_bytes))
        return 0;
    say((struct span){ bytes, num_bytes });
    return num;
}
int fputs(const char *restrict text, FILE *restrict f)
{
    (void)f;
    say(span_of_str(text));
    return 0;
}
int __vfprintf_chk(FILE *f, int flag, const char *text, va_list args)
{
    (void)flag;
    (void)args;
    return fputs(text, f);
}
int __fprintf_chk(FILE *f, int flag, const char *text, ...)
{
    (void)flag;
    return fputs(text, f);
}
