// SPDX-License-Identifier: ISC
/* say.c - messages and texts of the command. */
#include "cli/say.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct manner manner = { .color = "auto" };

static bool has_color(int fd)
{
    const char *no = getenv("NO_COLOR");
    return same(manner.color, "always") || (same(manner.color, "auto") && isatty(fd) && !(no && *no));
}

bool action(const char *format, ...)
{
    va_list args;
    if (!manner.is_dry && !manner.is_verbose)
        return true;
    FILE *to = manner.is_dry ? stdout : stderr;
    va_start(args, format);
    vfprintf(to, format, args);
    fputc('\n', to);
    va_end(args);
    return !manner.is_dry;
}

void tell(const char *format, ...)
{
    va_list args;
    if (manner.is_quiet)
        return;
    va_start(args, format);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

NORETURN static void end(const char *format, va_list args, const char *last)
{
    fflush(stdout);
    bool is_colored = has_color(STDERR_FILENO);
    fprintf(stderr, "%smorgana:%s ", is_colored ? "\033[1;31m" : "", is_colored ? "\033[0m" : "");
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
