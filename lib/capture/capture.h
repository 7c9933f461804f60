// SPDX-License-Identifier: ISC
/* capture.h - a network device before a network device that remembers what goes through, for a reader: pcapng, as tshark and
 * Wireshark read it. Nothing is remembered while nobody reads. Frames that come faster than they are read are not captured once
 * the buffer is full, which the capture itself says; traffic never waits for it.
 *
 * Checksums that a device makes or has verified are seen as they are: not there yet. */
#ifndef LIB_CAPTURE_CAPTURE_H
#define LIB_CAPTURE_CAPTURE_H
#include "interface/block.h"
#include "interface/flow.h"
#include "interface/net.h"
#include "lib/frames/frames.h"
#include "runtime/fiber.h"

#define CAPTURE_SNAP_BYTES 512u         /* of a frame, unless said */
#define CAPTURE_SNAP_MAX_BYTES 4096u
#define CAPTURE_BUFFER_BYTES (256u << 10)

struct capture_config {
    uint32_t snap_bytes;                /* 0: CAPTURE_SNAP_BYTES; at most CAPTURE_SNAP_MAX_BYTES */
    uint32_t buffer_bytes;              /* 0: CAPTURE_BUFFER_BYTES */
    uint16_t without_port;              /* TCP segments of this port are left out: those that carry the capture; 0: none */
};
struct capture {
    struct net net;
    struct net *below;
    struct capture_config cfg;
    bool is_read;
    struct mspan memory, packet;        /* packet: where the reader makes one */
    struct frame_queue queue;
    uint64_t num_captured, num_dropped;
    uint64_t dropped_before;            /* as of the last one that was read */
    struct waitq reader;
    struct scope scope;
    struct block *block;                /* of capture_open_to */
};
/* The device below is the capture's from now on. E_NOMEM. E_INVALID: more is to be kept of a frame than can be, or the device is
 * itself a capture or a network of tags, which have their capture below. *out must stay where it is. */
MUST_CHECK err capture_open(struct net *below, const struct capture_config *cfg, struct capture *out);
/* The same with a fiber of the calling one that writes to the block device from its start on, until that is full. */
MUST_CHECK err capture_open_to(struct net *below, struct block *block, struct capture *out);
void capture_close(struct capture *c);          /* idempotent */
/* Capture from now on, until writing fails: one reader at a time (E_IN_USE). What is on the flow, and on the device after each
 * round of writes, is a whole file; its end on a device is a block that readers skip. E_NOMEM: the device is full. */
MUST_CHECK err capture_to_flow(struct capture *c, struct flow *f);
MUST_CHECK err capture_to_block(struct capture *c, struct block *b);

#endif
