// SPDX-License-Identifier: ISC
/* spt_extension.h - what Morgana's spt tender offers beyond Solo5's ABI, and how an image asks for it.
 *
 * The image carries one more PT_NOTE, of owner "Morgana", with the address of a struct spt_extension in its
 * .data. A Solo5 tender ignores that note, so the struct stays zero and the image keeps to Solo5's nine
 * system calls. Morgana's tender fills it in before the first instruction and, since such an image needs less,
 * allows less:
 *
 *     writev      to the console and network devices; readv from network devices
 *     epoll_pwait on boot.epoll_fd, without a signal mask
 *     clock_gettime of CLOCK_MONOTONIC and CLOCK_REALTIME: the vDSO's own fallback
 *     exit_group
 *     arch_prctl  ARCH_SET_FS, only without SPT_FSGSBASE
 *     pread64, pwrite64, fdatasync: block devices; whole sectors, at most max_transfer_bytes, inside the device
 *
 * Events of network devices are edge-triggered: read until EAGAIN before waiting. (So a device that was taken away
 * is seen once, and is no reason to spin.) There is no timer: boot.timer_fd is -1 and epoll_pwait's own timeout
 * serves. Any other call, or one of these with other arguments, ends the guest with SIGSYS. */
#ifndef ABI_SPT_EXTENSION_H
#define ABI_SPT_EXTENSION_H
#include "abi/solo5.h"

#define SPT_EXTENSION_VERSION 1u
#define SPT_ENTROPY_BYTES 64u

enum spt_feature {
    SPT_FSGSBASE = 1,           /* wrfsbase works */
};

enum spt_net_kind {
    SPT_NET_NONE,               /* not a network device, or not attached */
    SPT_NET_TAP,                /* one plain frame a call */
    SPT_NET_TAP_VIRTIO,         /* one frame a call behind a struct virtio_net_hdr of 10 bytes */
    SPT_NET_STREAM,             /* byte stream; a 32-bit big-endian length before each frame; also EPOLLOUT is
                                 * reported, since a write may end within a frame */
    SPT_NET_PACKET,             /* socket that keeps boundaries: one plain frame a call */
};
enum spt_net_offload {          /* with SPT_NET_TAP_VIRTIO */
    SPT_OFFLOAD_CHECKSUM = 1,   /* both ways: frames may lack their transport checksum */
    SPT_OFFLOAD_TSO4 = 2,       /* both ways: TCP segments up to 64 KiB */
    SPT_OFFLOAD_TSO6 = 4,
};
enum spt_block_feature {
    SPT_BLOCK_FLUSH = 1,        /* fdatasync */
};

struct spt_device {             /* by handle */
    uint8_t net_kind;           /* enum spt_net_kind */
    uint8_t net_offloads;       /* enum spt_net_offload */
    uint16_t net_mtu;           /* bytes behind the Ethernet header */
    uint8_t block_features;     /* enum spt_block_feature */
    uint8_t reserved[3];
    uint32_t block_max_transfer_bytes;
    uint32_t reserved1;
};

struct spt_extension {
    uint32_t version;           /* 0: the tender knows nothing of this */
    uint32_t features;          /* enum spt_feature */
    uint64_t clock_gettime;     /* address of the vDSO's, or 0 */
    uint64_t stop_event;        /* epoll data, seen once, of the operator's wish for an orderly end */
    uint8_t entropy[SPT_ENTROPY_BYTES];     /* fresh at each start */
    struct spt_device device[SOLO5_RECORDS_MAX];
};
_Static_assert(sizeof(struct spt_device) == 16 && offsetof(struct spt_extension, entropy) == 24 &&
               offsetof(struct spt_extension, device) == 88 && sizeof(struct spt_extension) == 1112, "spt extension");

#define SPT_STOP_EVENT 0xfffffffdu

/* ---- The note: a head like Solo5's, owner "Morgana" (8 bytes with its NUL). It holds an address, so that an image
 * defines it in assembly: a compiler would make its section writable. */

#define SPT_NOTE_NAME "Morgana"
#define SPT_NOTE_NAME_BYTES 8u
#define SPT_NOTE_TYPE 0x58545053u               /* "SPTX" */
struct spt_extension_request {
    uint32_t version;                           /* the image's SPT_EXTENSION_VERSION */
    uint32_t extension_bytes;                   /* of the image's struct */
    struct spt_extension *extension;
};
struct spt_extension_note {
    struct solo5_note_head head;
    uint32_t padding;                           /* counted in desc_bytes, as in MFT1 */
    struct spt_extension_request request;
};
_Static_assert(offsetof(struct spt_extension_note, request) == 24 && sizeof(struct spt_extension_note) == 40,
               "spt extension");
#define SPT_NOTE_DESC_BYTES (4u + (uint32_t)sizeof(struct spt_extension_request))

#endif
