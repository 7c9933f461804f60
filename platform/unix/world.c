// SPDX-License-Identifier: ISC
/* Console, clocks, entropy, end. */
#include "platform/unix/host.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Writes all of it, waiting where the reader is slow. What the descriptor refuses is lost. */
static void write_all(int fd, struct span text)
{
    while (text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);
        if (n >= 0)
            text = span_skip(text, (size_t)n);
        else if (errno == EAGAIN)
            (void)poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
        else if (errno != EINTR)
            return;
    }
}

void platform_console_write(struct span text)
{
    write_all(STDOUT_FILENO, text);
}

void unix_refuse(const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line - 1, format, args);
    va_end(args);
    write_all(STDERR_FILENO, span_of_str(line));
    write_all(STDERR_FILENO, TEXT("\n"));
    platform_exit(1);
}

static nanos read_clock(clockid_t id)
{
    struct timespec t;
    REQUIRE(clock_gettime(id, &t) == 0);
    return (nanos)t.tv_sec * NS_PER_S + (nanos)t.tv_nsec;
}

nanos platform_clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

nanos platform_clock_wall(void)
{
    return read_clock(CLOCK_REALTIME);
}

err platform_entropy(struct mspan out)
{
    return unix_host_entropy(out) ? OK : E_UNSUPPORTED;
}

void platform_exit(int status)
{
    unix_net_restore();
    _exit(status);
}

void platform_abort(void)
{
    unix_net_restore();
    (void)signal(SIGABRT, SIG_DFL);
    (void)raise(SIGABRT);
    _exit(255);
}
