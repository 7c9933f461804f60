// SPDX-License-Identifier: ISC
/* Waiting: poll over the signals and the devices. */
#include "platform/unix/host.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

static struct {
    int fd;                     /* 0: not in use */
    bool stop_was_asked;
} signals;

void unix_signals_init(void)
{
    signals.stop_was_asked = false;
    signals.fd = unix_host_signals_open();
    if (signals.fd < 0)
        unix_refuse("cannot watch for signals: %s", strerror(errno));
    (void)signal(SIGPIPE, SIG_IGN);     /* a closed socket is an error of its write, */
    (void)signal(SIGXFSZ, SIG_IGN);     /* and a file that may not grow */
}

/* The first signal asks for an orderly end; the next one has its default effect. */
static void read_signal(void)
{
    if (!unix_host_signals_take(signals.fd))
        return;
    signals.stop_was_asked = true;
    signals.fd = 0;
}

static int watched = -1;

void platform_watch(int descriptor)
{
    watched = descriptor;
}

struct waiting {                /* descriptors and whose they are; entry 0 is the signals', entry 1 what is watched */
    struct pollfd poll[UNIX_HANDLES + 1];
    unsigned num;
    unsigned handle[UNIX_HANDLES + 1];
    uint64_t ready;             /* without asking the kernel */
};

static void collect(struct waiting *w)
{
    w->poll[0] = (struct pollfd){ .fd = signals.fd > 0 ? signals.fd : -1, .events = POLLIN };
    w->poll[1] = (struct pollfd){ .fd = watched, .events = POLLIN };
    w->num = 2;
    w->ready = 0;
    for (unsigned h = 1; h <= platform_manifest.devices.n; h++) {
        short events = 0;
        int fd = unix_net_poll(h, &events);
        if (unix_net_is_ready(h) || unix_block_is_ready(h))
            w->ready |= 1ull << h;
        if (fd < 0)
            continue;
        w->handle[w->num] = h;
        w->poll[w->num++] = (struct pollfd){ .fd = fd, .events = events };
    }
}

static uint64_t ready_set(const struct waiting *w)
{
    uint64_t set = w->ready;
    if (w->poll[1].revents != 0)
        set |= 1ull << PLATFORM_WATCHED;
    for (unsigned i = 2; i < w->num; i++) {
        short revents = w->poll[i].revents;
        if (revents == 0)
            continue;
        unix_net_polled(w->handle[i], revents);
        if ((revents & ~POLLOUT) != 0)
            set |= 1ull << w->handle[i];
    }
    return set | (signals.stop_was_asked ? PLATFORM_READY_STOP : 0);
}

uint64_t platform_wait(nanos deadline)
{
    struct waiting w;
    collect(&w);
    int n = unix_host_poll(w.poll, w.num, w.ready != 0 ? 0 : deadline);
    if (n <= 0)                 /* time has passed, or a signal that means nothing to us */
        for (unsigned i = 0; i < w.num; i++)
            w.poll[i].revents = 0;
    if (w.poll[0].revents != 0)
        read_signal();
    return ready_set(&w);
}
