// SPDX-License-Identifier: ISC
/* guest.h - what platform/spt and platform/hvt share: an image under a Solo5 tender, Morgana's or its own. Of
 * platform.h this keeps what is found by name, blocks, entropy and platform_wait; the target keeps the rest, and the functions
 * at the end of this header. */
#ifndef PLATFORM_SOLO5_GUEST_H
#define PLATFORM_SOLO5_GUEST_H
#include "abi/extension.h"
#include "platform/platform.h"

/* How often platform_wait may answer from memory before it looks at the other devices and the wish for an end. */
#define GUEST_ANSWERS_MAX 64

struct guest {
    const struct solo5_manifest *manifest;
    struct extension_device (*devices)[SOLO5_RECORDS_MAX];  /* by handle: the tender's, or guest_assume_devices' */
    struct mspan entropy;       /* what is left of the tender's; empty: there is none */
    struct mspan memory;        /* free memory; what the devices need is cut from its end before the heap gets it */
    struct mspan frame;         /* one contiguous frame with its header, where the tender wants that */
    uint64_t ready;             /* devices known to be ready without asking: 1 << handle */
    unsigned num_answers;       /* of platform_wait, from memory, since guest_poll */
    bool stop;                  /* the operator asked for an end */
};
extern struct guest guest;

const struct solo5_record *guest_record(unsigned handle);
/* The record of an attached device of this type: anything else is the caller's bug. */
const struct solo5_record *guest_device(unsigned handle, enum solo5_device type);
/* The attached device of this type and name. */
MUST_CHECK err guest_find(struct span name, enum solo5_device type, unsigned *handle);
static inline struct extension_device *guest_extension(unsigned handle)
{
    return &(*guest.devices)[handle];
}
void guest_set_ready(unsigned handle, bool ready);
/* A request is complete. */
void guest_block_done(unsigned handle, struct platform_block_request *request);

/* ---- Start-up only */

/* Solo5's tender says nothing about devices: plain frames, blocks of max_transfer_bytes a call, 0: of one sector. */
void guest_assume_devices(uint32_t max_transfer_bytes);
/* The canary, unpredictable to a peer. salt: what the target can add where there is no random number. */
uint64_t guest_make_canary(uint64_t salt);
void guest_run_constructors(void);
/* num_bytes from the end of free memory; where there is not enough the image ends. */
struct mspan guest_take_memory(size_t num_bytes);

/* ---- The target's. entry.S calls the first two, with nothing initialised. */

/* boot: the target's own information, of which the size of memory comes first. */
NORETURN void guest_start(const void *boot);
NORETURN void guest_memory_is_too_small(void);
/* Whether the request was taken, to be done when the image waits. Otherwise it is done at once by the calls below. */
MUST_CHECK bool guest_block_queue(unsigned handle, struct platform_block_request *request);
/* One call, at most the device's max_transfer_bytes: all of it, or E_IO. */
MUST_CHECK err guest_block_read(unsigned handle, uint64_t offset, struct mspan into);
MUST_CHECK err guest_block_write(unsigned handle, uint64_t offset, struct span from);
MUST_CHECK err guest_block_flush(unsigned handle);
MUST_CHECK err guest_block_discard(unsigned handle, uint64_t offset, uint64_t num_bytes);
/* Sleeps until the deadline (0: only looks) and adds to guest.ready and guest.stop. */
void guest_poll(nanos deadline);

#endif
