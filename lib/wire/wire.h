// SPDX-License-Identifier: ISC
/* wire.h - a long and bad wire before a network device, in both directions, so that programs can be tested against it. What
 * becomes of which frame is decided by a generator with a seed: the same again in every run.
 *
 * Frames wait in queues of a bounded size; what does not fit is lost, and counted. */
#ifndef LIB_WIRE_WIRE_H
#define LIB_WIRE_WIRE_H
#include "interface/net.h"
#include "lib/frames/frames.h"
#include "runtime/fiber.h"

#define WIRE_FRAME_BYTES (FRAME_PARTS_MAX * 2048u)
#define WIRE_QUEUE_BYTES (512u << 10)   /* of each of the four queues, unless said */

struct wire_config {
    nanos delay;                /* each way */
    uint32_t loss, reorder, duplicate;  /* frames in a thousand; a reordered one takes another delay, or a millisecond */
    uint32_t seed;
    uint32_t queue_bytes;       /* 0: WIRE_QUEUE_BYTES */
};
struct wire_counters {
    uint64_t lost, reordered, duplicated, queue_full, device_full;
};
struct wire_way {               /* one direction; the late queue holds what was reordered */
    struct frame_queue queue, late;
};
struct wire {
    struct net net;
    struct net *below;
    struct wire_config cfg;
    struct wire_counters counters;
    uint32_t random;
    struct mspan memory;
    struct wire_way in, out;
    struct scope scope;
    struct waitq receivers, sender;
    struct mspan in_frame, out_frame;   /* one at a time passes here */
};
/* The device below is the wire's from now on; two fibers of the calling one carry frames. E_NOMEM, E_INVALID (more than
 * 1000 in a thousand). *out must stay where it is. */
MUST_CHECK err wire_open(struct net *below, const struct wire_config *cfg, struct wire *out);
void wire_close(struct wire *w);        /* idempotent */

#endif
