// SPDX-License-Identifier: ISC
/* spt.h - private to platform/spt: the image's view of its tender. Under Solo5's tender eight or nine system calls with
 * contiguous frames and single sectors are all there is; under Morgana's there are vectors, offloads and the
 * vDSO's clock. What differs is a table of functions, chosen once at the start. */
#ifndef PLATFORM_SPT_SPT_H
#define PLATFORM_SPT_SPT_H
#include "abi/spt_extension.h"
#include "platform/solo5/guest.h"
#include <sys/uio.h>

#define SPT_STDOUT 1

typedef SLICE(const struct iovec) iovecs;

struct spt_way {
    nanos (*clock)(int clock_id);
    /* One frame, or some bytes of a stream; the result is the system call's. */
    long (*read)(int fd, iovecs into);
    long (*write)(int fd, iovecs from);
};
extern const struct spt_way spt_way_solo5, spt_way_morgana;

struct spt {
    const struct spt_way *way;
    const struct solo5_spt_boot *boot;
};
extern struct spt spt;

/* Filled in by Morgana's tender before the first instruction, by guest_start under Solo5's: but for version and
 * features the code above the ways sees no difference. */
extern struct spt_extension spt_extension;

/* Called before there is a canary, in the CPU's folder. */
void spt_set_thread_pointer(uintptr_t address);
void spt_net_init(void);
/* What epoll_pwait says of a network device: EPOLLIN and so on. */
void spt_net_event(unsigned handle, uint32_t events);

#endif
