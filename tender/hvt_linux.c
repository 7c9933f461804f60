// SPDX-License-Identifier: ISC
/* hvt_linux.c - waiting by an epoll set, confinement by an empty root, no user and a filter. */
#include "base/nanos.h"
#include "tender/events.h"
#include "tender/filter.h"
#include "tender/hvt_system.h"
#include "tender/privilege.h"
#include "tender/watch.h"
#include <limits.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

static int epoll = -1, signals = -1;

static void end_by_operator(int number)
{
    static const char text[] = "morgana-hvt: ended by a signal\n";
    (void)number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(1);
    _exit(1);
}

/* A guest with the extension receives until there is nothing, so that an edge is enough: a device that was taken away is
 * seen once. */
static err watch_net(const struct devices *d, unsigned handle, struct message *why)
{
    bool is_stream = d->extension[handle].net_kind == EXTENSION_NET_STREAM;
    uint32_t events = EPOLLIN | (d->has_extension ? EPOLLET : 0) | (is_stream ? EPOLLOUT : 0);
    return events_add(epoll, d->manifest.record[handle].host_fd, events, handle, why);
}

err hvt_wait_open(const struct devices *d, struct message *why)
{
    TRY(events_open(&epoll, why));
    if (d->has_extension) {
        TRY(events_add_stop(epoll, 0, &signals, why));
    } else {
        (void)signal(SIGTERM, end_by_operator);
        (void)signal(SIGINT, end_by_operator);
    }
    for (unsigned i = 1; i < d->manifest.entries; i++)
        if (d->manifest.record[i].type == SOLO5_DEVICE_NET)
            TRY(watch_net(d, i, why));
    return OK;
}

uint64_t hvt_wait(uint64_t timeout_ns)
{
    struct epoll_event events[SOLO5_RECORDS_MAX];
    uint64_t ready = 0;
    int n = epoll_pwait(epoll, events, NUM_OF(events), hvt_timeout_ms(timeout_ns), NULL);
    for (int i = 0; i < n; i++)
        if (events[i].data.u64 < SOLO5_RECORDS_MAX && events[i].events != EPOLLOUT)
            ready |= UINT64_C(1) << events[i].data.u64;
    return ready;
}

/* The descriptor of the CPU keeps the machine. */
err hvt_confine(const struct tender *t, const struct hvt_rights *r, struct message *why)
{
    static struct filter filter;
    const int kept[] = { r->vm->fd, epoll, signals, r->debugger, r->core, r->core_folder };
    tender_close_others(t, kept, NUM_OF(kept));
    privilege_leave_files();
    privilege_drop(r->core_folder < 0);
    watch_die_with_it();
    filter_hvt(&filter, &t->devices, epoll, r);
    return filter_install(&filter, why);
}
