// SPDX-License-Identifier: ISC
/* hvt_extension.h - what Morgana's hvt tender offers beyond Solo5's ABI to an image that asks by the note of
 * abi/extension.h, type HVT_NOTE_TYPE:
 *
 *     entropy, fresh at each start
 *     bit 0 of POLL's ready_set: the operator's wish for an orderly end. It is set once.
 *     one call that sends a list of frames, sleeps and receives a list, each frame in parts and with the offloads of virtio_net_hdr:
 *     NET_EXCHANGE instead of NET_WRITE, POLL and NET_READ, since what costs is to leave the CPU
 *     BLOCK_FLUSH; block transfers of up to block_max_transfer_bytes, a failing one is SOLO5_EUNSPEC and not the end
 *     BLOCK_REQUESTS, where features has HVT_BLOCK_REQUEST_LISTS: a list of requests of all kinds, which are done in its order
 *
 * No-execute pages need no extension: a guest that finds them by CPUID switches them on (EFER.NXE) with tables of its own,
 * under any tender. */
#ifndef ABI_HVT_EXTENSION_H
#define ABI_HVT_EXTENSION_H
#include "abi/extension.h"
#include "abi/solo5_hvt.h"

#define HVT_EXTENSION_VERSION 2u
#define HVT_NOTE_TYPE 0x58545648u               /* "HVTX" */

enum hvt_feature {
    HVT_BLOCK_REQUEST_LISTS = 1,
};
struct hvt_extension {
    uint32_t version;                           /* 0: the tender knows nothing of this */
    uint32_t features;                          /* enum hvt_feature */
    uint8_t entropy[EXTENSION_ENTROPY_BYTES];
    struct extension_device device[SOLO5_RECORDS_MAX];
};
_Static_assert(offsetof(struct hvt_extension, device) == 72 && sizeof(struct hvt_extension) == 1096, "hvt extension");

#define HVT_READY_STOP 1u                       /* in solo5_hvt_poll.ready_set: handle 0 is no device */

/* ---- Calls beyond Solo5's */

enum hvt_call {
    HVT_NET_EXCHANGE = 16,
    HVT_BLOCK_FLUSH = 17,
    HVT_BLOCK_REQUESTS = 18,
};
#define HVT_FRAMES_MAX 64u                      /* in one list */
#define HVT_PARTS_MAX 256u
#define HVT_FRAME_PARTS_MAX 36u                 /* of one frame */
#define HVT_VNET_BYTES 10u                      /* struct virtio_net_hdr, little-endian, without num_buffers */

struct hvt_part {
    uint64_t data;
    uint32_t num_bytes, reserved;
};
struct hvt_frame {
    uint32_t num_bytes;                         /* received: without the header; 0: nothing that could be handed up */
    uint16_t num_parts;
    uint8_t vnet_header[HVT_VNET_BYTES];        /* with EXTENSION_NET_TAP_VIRTIO, else zero */
};
struct hvt_list {
    uint64_t frames, parts;                     /* addresses of struct hvt_frame[num_frames], hvt_part[num_parts] */
    uint32_t num_frames, num_parts;
    uint32_t num_done;                          /* out: frames sent or received, in order */
    uint32_t reserved;
};
enum hvt_net_flag {
    HVT_NET_WAIT = 1,                           /* sleeps, as POLL does, between sending and receiving */
    HVT_NET_PACKED = 2,                         /* what is received lies one behind the other in the one part that there is, instead of
                                                 * beginning in a part of its own */
};
struct hvt_net {                                /* either list may be empty */
    uint64_t handle;
    struct hvt_list send, receive;
    uint64_t timeout_nsecs, ready_set;          /* with HVT_NET_WAIT, as of POLL: before anything was received */
    uint32_t flags;                             /* enum hvt_net_flag */
    uint32_t to_begin;                          /* receive: no frame begins with fewer parts left; packed: fewer bytes */
    uint32_t has_more;                          /* out: there was no end to what can be received but that of the list */
    int32_t ret;                                /* out: SOLO5_OK or SOLO5_EINVAL */
};
struct hvt_flush {
    uint64_t handle;
    int32_t ret;
    uint32_t padding;
};

enum hvt_block_op { HVT_BLOCK_OP_READ, HVT_BLOCK_OP_WRITE, HVT_BLOCK_OP_FLUSH, HVT_BLOCK_OP_DISCARD };
struct hvt_request {
    uint64_t offset, data, num_bytes;           /* whole sectors; a flush has none of them, a discard no data */
    uint16_t handle, op;                        /* op: enum hvt_block_op */
    int32_t ret;                                /* out: SOLO5_OK; SOLO5_EINVAL: the device has no such sectors, or does not do this;
                                                 * SOLO5_EUNSPEC: it failed, which ends no other request */
};
#define HVT_REQUESTS_MAX 64u                    /* in one list */
struct hvt_requests {
    uint64_t requests;                          /* address of struct hvt_request[num_requests] */
    uint32_t num_requests, reserved;
};
_Static_assert(sizeof(struct hvt_request) == 32 && sizeof(struct hvt_requests) == 16, "hvt extension");
_Static_assert(sizeof(struct hvt_part) == 16 && sizeof(struct hvt_frame) == 16 && sizeof(struct hvt_list) == 32 &&
               sizeof(struct hvt_net) == 104 && offsetof(struct hvt_net, flags) == 88 && sizeof(struct hvt_flush) == 16, "hvt extension");

#endif
