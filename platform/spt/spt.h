// SPDX-License-Identifier: ISC
/* spt.h - private to platform/spt: the image's view of its tender. Under Solo5's tender nine system calls with
 * contiguous frames and single sectors are all there is; under Morgana's there are vectors, offloads and the
 * vDSO's clock. What differs is a table of functions, chosen once at the start. */
#ifndef PLATFORM_SPT_SPT_H
#define PLATFORM_SPT_SPT_H
#include "abi/spt_extension.h"
#include "platform/common/records.h"
#include "platform/platform.h"
#include <sys/uio.h>

#define SPT_STDOUT 1

typedef SLICE(const struct iovec) iovecs;

struct spt_way {
    void (*set_thread_pointer)(uintptr_t address);
    nanos (*clock)(int clock_id);
    /* One frame, or some bytes of a stream; the result is the system call's. */
    long (*read)(int fd, iovecs into);
    long (*write)(int fd, iovecs from);
};
extern const struct spt_way spt_way_solo5, spt_way_morgana;

struct spt {
    const struct spt_way *way;
    const struct solo5_spt_boot *boot;
    struct mspan memory;        /* free memory; what the devices need is cut from its end before the heap gets it */
    struct mspan frame;         /* one contiguous frame, where the tender wants that */
    uint64_t ready;             /* devices known to be ready without asking: 1 << handle */
    bool stop;                  /* the operator asked for an end */
};
extern struct spt spt;

/* Filled in by Morgana's tender before the first instruction, by spt_start under Solo5's: but for version and
 * features the code above the ways sees no difference. */
extern struct spt_extension spt_extension;

static inline const struct solo5_record *spt_record(unsigned handle)
{
    return record_at(spt.boot->manifest, handle);
}
static inline void spt_set_ready(unsigned handle, bool ready)
{
    uint64_t bit = (uint64_t)1 << handle;
    spt.ready = ready ? spt.ready | bit : spt.ready & ~bit;
}
/* Start-up only: num_bytes from the end of free memory; empty where there is not enough. */
struct mspan spt_take_memory(size_t num_bytes);
void spt_net_init(void);
/* What epoll_pwait says of a network device: EPOLLIN and so on. */
void spt_net_event(unsigned handle, uint32_t events);

#endif
