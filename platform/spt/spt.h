// SPDX-License-Identifier: ISC
/* spt.h - private to platform/spt: the image's view of its tender. Under Solo5's tender eight or nine system calls with
 * contiguous frames and single sectors are all there is; under Morgana's there are offloads, larger transfers and the
 * vDSO's clock. */
#ifndef PLATFORM_SPT_SPT_H
#define PLATFORM_SPT_SPT_H
#include "abi/spt_extension.h"
#include "platform/solo5/guest.h"

#define SPT_STDOUT 1

extern const struct solo5_spt_boot *spt_boot;

/* Filled in by Morgana's tender before the first instruction, by guest_start under Solo5's: but for version and
 * features the code sees no difference. */
extern struct spt_extension spt_extension;

/* CLOCK_MONOTONIC or CLOCK_REALTIME, in nanoseconds. */
nanos spt_clock(int clock_id);

/* Called before there is a canary, in the CPU's folder. */
void spt_set_thread_pointer(uintptr_t address);
void spt_net_init(void);
/* What epoll_pwait says of a network device: EPOLLIN and so on. */
void spt_net_event(unsigned handle, uint32_t events);

#endif
