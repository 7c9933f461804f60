// SPDX-License-Identifier: ISC
/* hvt.h - private to platform/hvt: the image's view of its tender. Under Solo5's tender a call moves one contiguous
 * frame; under Morgana's it moves many, in parts and with offloads. */
#ifndef PLATFORM_HVT_HVT_H
#define PLATFORM_HVT_HVT_H
#include "abi/hvt_extension.h"
#include "platform/common/lent.h"
#include "platform/hvt/cpu.h"
#include "platform/solo5/guest.h"

struct hvt {
    const struct solo5_hvt_boot *boot;
    struct solo5_ring *ring;    /* NULL: none */
};
extern struct hvt hvt;

/* Filled in by Morgana's tender before the first instruction, by guest_start under Solo5's: but for its version the
 * code above the calls sees no difference. */
extern struct hvt_extension hvt_extension;

#define HVT_STATUS_ABORT 255
/* frame: where a fault was, for a core dump; its page is at hand. NULL: none. */
NORETURN void hvt_halt(int status, const struct solo5_hvt_trap_frame *frame);
void hvt_clock_init(void);
void hvt_net_init(void);
/* Replaces the tender's page tables by ours, which lie behind the image; the rest is guest.memory. */
void hvt_protect_memory(void);

/* Carries out what was queued; false: that is nothing. In block.c. */
MUST_CHECK bool hvt_requests_run(void);

/* Many frames a call, in net_exchange.c. */
void hvt_exchange_init(void);
void hvt_receive_exchange(unsigned handle, struct lent *l);
size_t hvt_send_exchange(unsigned handle, const struct tx_frame *frames, size_t num);
/* Sleeps as POLL does, and sends and receives around it. *ready_set: as POLL's, without what guest.ready tells already. false: no network
 * was used yet. */
MUST_CHECK bool hvt_exchange_wait(uint64_t timeout_ns, uint64_t *ready_set);
/* What was gathered goes. */
void hvt_exchange_flush(void);

/* One, in net_single.c. */
void hvt_receive_single(unsigned handle, struct lent *l);
size_t hvt_send_single(unsigned handle, const struct tx_frame *frames, size_t num);
void hvt_ring_init(void);
/* Whether the frame, which is at most a slot long, was put into the ring. */
bool hvt_ring_send(unsigned handle, const struct tx_frame *frame, size_t num_bytes);
/* Until the tender has taken all that lies in the ring. */
void hvt_ring_drain(void);

#endif
