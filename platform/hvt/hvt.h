// SPDX-License-Identifier: ISC
/* hvt.h - private to platform/hvt: the image's view of its tender. Under Solo5's tender a call moves one contiguous
 * frame; under Morgana's it moves many, in parts and with offloads. */
#ifndef PLATFORM_HVT_HVT_H
#define PLATFORM_HVT_HVT_H
#include "abi/hvt_extension.h"
#include "arch/x86_64/machine.h"
#include "platform/common/lent.h"
#include "platform/common/records.h"
#include "platform/platform.h"

struct hvt {
    const struct solo5_hvt_boot *boot;
    const struct solo5_manifest *manifest;
    struct mspan memory;        /* free memory; what the devices need is cut from its end before the heap gets it */
    struct mspan frame;         /* one contiguous frame, where the tender wants that */
    struct solo5_ring *ring;    /* NULL: none */
    uint64_t ready;             /* devices known to be ready without asking: 1 << handle */
    bool stop;                  /* the operator asked for an end */
};
extern struct hvt hvt;

/* Filled in by Morgana's tender before the first instruction, by hvt_start under Solo5's: but for its version the
 * code above the calls sees no difference. */
extern struct hvt_extension hvt_extension;

/* `arguments` lies below 4 GiB, as all memory does. */
static inline void hvt_call(unsigned number, void *arguments)
{
    machine_out32((uint16_t)(SOLO5_HVT_PORT + number), (uint32_t)(uintptr_t)arguments);
}
static inline const struct solo5_record *hvt_record(unsigned handle)
{
    return record_at(hvt.manifest, handle);
}
static inline void hvt_set_ready(unsigned handle, bool ready)
{
    uint64_t bit = (uint64_t)1 << handle;
    hvt.ready = ready ? hvt.ready | bit : hvt.ready & ~bit;
}
NORETURN void hvt_memory_is_too_small(void);
void hvt_clock_init(void);
/* Start-up only: num_bytes from the end of free memory; empty where there is not enough. */
struct mspan hvt_take_memory(size_t num_bytes);
void hvt_net_init(void);
/* Replaces the tender's page tables by ours, which lie behind the image; the rest is hvt.memory. */
void hvt_protect_memory(void);

/* Many frames a call, in net_batch.c; one, in net_single.c. */
void hvt_receive_batch(unsigned handle, struct lent *l, bool *has_more);
size_t hvt_send_batch(unsigned handle, const struct tx_frame *frames, size_t num);
void hvt_receive_single(unsigned handle, struct lent *l, bool *has_more);
size_t hvt_send_single(unsigned handle, const struct tx_frame *frames, size_t num);
void hvt_ring_init(void);
/* Whether the frame, which is at most a slot long, was put into the ring. */
bool hvt_ring_send(unsigned handle, const struct tx_frame *frame, size_t num_bytes);
/* Copies the parts one behind the other; false: they do not fit. */
bool hvt_gather(struct mspan into, const struct tx_frame *frame);
/* Until the tender has taken all that lies in the ring. */
void hvt_ring_drain(void);

#endif
