// SPDX-License-Identifier: ISC
/* say.c - messages and texts of the command. */
#include "cli/say.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

NORETURN static void end(const char *format, va_list args, const char *last)
{
    fflush(stdout);
    fputs("morgana: ", stderr);
    vfprintf(stderr, format, args);
    fputs(last, stderr);
    exit(1);
}

void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    end(format, args, "\n");
}

void fail_usage(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    end(format, args, " (see: morgana help)\n");
}

char *text(const char *format, ...)
{
    char *made;
    va_list args;
    va_start(args, format);
    if (vasprintf(&made, format, args) < 0)
        fail("no memory is left");
    va_end(args);
    return made;
}

char *text_of_span(struct span s)
{
    return text("%.*s", (int)s.n, (const char *)s.p);
}

bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool begins(const char *s, const char *prefix)
{
    return span_starts(span_of_str(s), span_of_str(prefix));
}

void grow_(void **p, size_t num_bytes)
{
    *p = realloc(*p, num_bytes);
    if (!*p)
        fail("no memory is left");
}

void *new_bytes(size_t num_bytes)
{
    void *p = calloc(1, num_bytes);
    if (!p)
        fail("no memory is left");
    return p;
}
