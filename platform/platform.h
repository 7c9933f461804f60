// SPDX-License-Identifier: ISC
/* platform.h - the contract with the world below. One folder beside this file keeps it for each target,
 * nothing above it makes a system call or touches a device.
 *
 * What a target cannot do it says, and the caller falls back; correctness never depends on an extension.
 * No function here blocks but platform_wait. Devices are named in the image's manifest; a handle is the
 * index of a device there, 1..63. All buffers are borrowed until return unless it says otherwise. */
#ifndef PLATFORM_PLATFORM_H
#define PLATFORM_PLATFORM_H
#include "base/err.h"
#include "base/frame.h"
#include "base/nanos.h"
#include "base/span.h"

/* ---- Start: the target's entry code calls platform_main once, on stack 0 of the pool, with the
 * stack canary set and memory zeroed. It is kept by the runtime and does not return. */

struct platform_start {
    const char *target;             /* "unix", "spt", ... */
    struct span command_line;       /* without the program's name; words split by blanks */
    struct mspan memory;            /* free memory for the heap, zero-filled */
};
NORETURN void platform_main(const struct platform_start *start);

/* ---- Stacks: the generated main.c defines the pool. Below each stack lies a guard page that the
 * target makes inaccessible before platform_main runs; stack 0 is the scheduler's. */

#define PLATFORM_GUARD_BYTES 4096u
struct platform_stack_pool {
    struct mspan memory;            /* num x (guard + stack_bytes), page-aligned */
    size_t stack_bytes;             /* a multiple of the page */
    unsigned num;
};
extern const struct platform_stack_pool platform_stack_pool;
/* The stack without its guard. */
static inline struct mspan platform_stack(unsigned i)
{
    const struct platform_stack_pool *pool = &platform_stack_pool;
    REQUIRE(i < pool->num);
    return mspan_sub(pool->memory, i * (PLATFORM_GUARD_BYTES + pool->stack_bytes) + PLATFORM_GUARD_BYTES, pool->stack_bytes);
}
/* Defines the pool; used once, by the generated main.c. */
#define PLATFORM_STACK_POOL(num_, stack_bytes_)                                                          \
    static uint8_t fiber_stacks[(num_) * (PLATFORM_GUARD_BYTES + (stack_bytes_))]                        \
        __attribute__((aligned(4096), section(".bss.stacks")));                              \
    const struct platform_stack_pool platform_stack_pool = { MSPAN(fiber_stacks), (stack_bytes_), (num_) }

/* ---- Devices: what the program wants, also defined by the generated main.c. handle = index + 1. */

struct platform_manifest_entry {
    const char *name;
    bool is_net;                    /* else a block device */
};
struct platform_manifest {
    SLICE(const struct platform_manifest_entry) devices;
};
extern const struct platform_manifest platform_manifest;

/* ---- Console, clocks, entropy, end */

void platform_console_write(struct span text);      /* whole, or as much as the console takes; never fails */
nanos platform_clock_monotonic(void);
nanos platform_clock_wall(void);                    /* since 1970-01-01 UTC */
/* Fills all of `out` from the world below (a host, a device). E_UNSUPPORTED: there is no such source. */
MUST_CHECK err platform_entropy(struct mspan out);
NORETURN void platform_exit(int status);
NORETURN void platform_abort(void);                 /* after a panic: ends with a status >= 255 or a signal, a debugger sees it */

/* ---- Waiting */

#define PLATFORM_READY_STOP 1u      /* bit 0: the operator asks for an orderly end; stays set in every result, but
                                     * cuts only one sleep short */
/* Sleeps until the deadline (0: only looks; NEVER: no limit) or until a device can be received from or has
 * completed requests. Returns a set of 1 << handle, and PLATFORM_READY_STOP. May return early with 0. */
uint64_t platform_wait(nanos deadline);

/* Targets that are processes of a host only (others do not have it): platform_wait also returns early, with the bit of this handle,
 * while the descriptor can be read. -1: none. */
#define PLATFORM_WATCHED 63u        /* no device of the manifest has it */
void platform_watch(int descriptor);

/* ---- Network */

struct platform_net_info {
    uint8_t mac[6];
    uint16_t mtu;                   /* bytes behind the Ethernet header */
    struct frame_features features;
};
/* E_NOT_FOUND: no network device of that name. */
MUST_CHECK err platform_net_find(struct span name, unsigned *handle, struct platform_net_info *info);
/* Receives up to max_frames frames. buffers[] are lent empty and used in order, a frame takes as many as it
 * needs and starts in a fresh one; frames[i] says how many. None is begun for which fewer buffers are left
 * than one of any size could need (frame_buffers_to_begin).
 * Returns the number of frames; fewer than max_frames: the device had no more, or buffers ran out. */
size_t platform_net_receive(unsigned handle, const struct mspan *buffers, size_t num_buffers,
                            struct rx_frame *frames, size_t max_frames);
/* Returns how many of the frames were taken, in order; fewer than num: the device is full, try again when
 * time has passed. A frame that the device refuses for good counts as taken. */
size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num);

/* ---- Block devices */

struct platform_block_info {
    uint64_t capacity_bytes;
    uint32_t sector_bytes;          /* offsets and lengths are multiples of it */
    uint32_t max_sectors;           /* per request */
    bool can_flush, can_discard;
    uint64_t max_discard_bytes;     /* per request, where it can */
    uint32_t discard_bytes;         /* what is discarded consists of whole pieces of this size, or the disk below refuses; 0: of sectors */
};
enum platform_block_op { PLATFORM_BLOCK_READ, PLATFORM_BLOCK_WRITE, PLATFORM_BLOCK_FLUSH, PLATFORM_BLOCK_DISCARD };
struct platform_block_request {     /* the target keeps it, and its bytes, from submit until complete returns it */
    enum platform_block_op op;
    uint64_t offset_bytes;
    struct mspan bytes;             /* for a write only read; for a discard only its length counts */
    err result;
    struct platform_block_request *next_done;
};
MUST_CHECK err platform_block_find(struct span name, unsigned *handle, struct platform_block_info *info);
/* Begins a request. E_NOMEM: too many under way. E_RANGE, E_INVALID, E_UNSUPPORTED: not begun. A target that
 * does its work at once has it complete on return; what is under way may go on in platform_wait alone. */
MUST_CHECK err platform_block_submit(unsigned handle, struct platform_block_request *request);
/* A list, by next_done, of what was completed since the last call; NULL: nothing. */
struct platform_block_request *platform_block_complete(unsigned handle);

#endif
