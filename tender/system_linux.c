// SPDX-License-Identifier: ISC
/* system_linux.c - an outer filter is reckoned with, and a parent takes offloads back when the guest ends. */
#include "tender/system.h"
#include "tender/outer.h"
#include "tender/watch.h"
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 1024u           /* so far it is looked where the kernel does not close ranges */

void system_start(void)
{
    outer_expect();
}

err system_outlive(struct devices *d, struct message *why)
{
    return devices_need_reset(d) ? watch_guest(d, why) : OK;
}

uint32_t system_discard_bytes(int fd)
{
    int num_bytes = 0;
    return ioctl(fd, BLKSSZGET, &num_bytes) == 0 && num_bytes > 0 ? (uint32_t)num_bytes : 0;
}

static void close_range_or_each(unsigned first, unsigned last)
{
    if (syscall(SYS_close_range, first, last, 0) == 0)
        return;
    for (unsigned fd = first; fd <= last && fd < DESCRIPTORS_MAX; fd++)
        (void)close((int)fd);
}

void system_close_others(descriptors kept)
{
    unsigned from = 3;
    for (size_t i = 0; i < kept.n; i++) {
        unsigned fd = (unsigned)AT(kept, i);
        if (fd > from)
            close_range_or_each(from, fd - 1);
        from = fd + 1;
    }
    close_range_or_each(from, ~0u);
}
