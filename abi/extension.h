// SPDX-License-Identifier: ISC
/* extension.h - what Morgana's extensions of Solo5's ABI have in common: the note by which an image asks, and what it is
 * told about its devices. The extensions themselves are abi/spt_extension.h and abi/hvt_extension.h.
 *
 * The image carries one more PT_NOTE, of owner "Morgana", with the address of a struct in its .data. A Solo5 tender
 * ignores that note, so the struct stays zero and the image keeps to Solo5's ABI. Morgana's tender fills it in before
 * the first instruction. */
#ifndef ABI_EXTENSION_H
#define ABI_EXTENSION_H
#include "abi/solo5.h"

#define EXTENSION_ENTROPY_BYTES 64u

enum extension_net_kind {
    EXTENSION_NET_NONE,         /* not a network device, or not attached */
    EXTENSION_NET_TAP,          /* one plain frame a call */
    EXTENSION_NET_TAP_VIRTIO,   /* one frame a call behind a struct virtio_net_hdr of 10 bytes */
    EXTENSION_NET_STREAM,       /* byte stream; a 32-bit big-endian length before each frame; also EPOLLOUT is
                                 * reported, since a write may end within a frame */
    EXTENSION_NET_PACKET,       /* socket that keeps boundaries: one plain frame a call */
};
enum extension_net_offload {    /* with EXTENSION_NET_TAP_VIRTIO */
    EXTENSION_OFFLOAD_CHECKSUM = 1, /* both ways: frames may lack their transport checksum */
    EXTENSION_OFFLOAD_TSO4 = 2,     /* both ways: TCP segments up to 64 KiB */
    EXTENSION_OFFLOAD_TSO6 = 4,
};
enum extension_block_feature {
    EXTENSION_BLOCK_FLUSH = 1,
    EXTENSION_BLOCK_DISCARD = 2,    /* of block_discard_bytes, however many */
};

struct extension_device {       /* by handle */
    uint8_t net_kind;           /* enum extension_net_kind */
    uint8_t net_offloads;       /* enum extension_net_offload */
    uint16_t net_mtu;           /* bytes behind the Ethernet header */
    uint8_t block_features;     /* enum extension_block_feature */
    uint8_t reserved[3];
    uint32_t block_max_transfer_bytes;
    uint32_t block_discard_bytes;       /* discards are whole pieces of this size, from the device's start; 0: a sector */
};
_Static_assert(sizeof(struct extension_device) == 16, "extension");

/* ---- The note: a head like Solo5's, owner "Morgana" (8 bytes with its NUL). It holds an address, so that an image
 * defines it in assembly: a compiler would make its section writable. */

#define EXTENSION_NOTE_NAME "Morgana"
#define EXTENSION_NOTE_NAME_BYTES 8u
struct extension_request {
    uint32_t version;           /* the image's version of the extension */
    uint32_t extension_bytes;   /* of the image's struct */
    uint64_t extension;         /* its address */
};
struct extension_note {
    struct solo5_note_head head;
    uint32_t padding;           /* counted in desc_bytes, as in MFT1 */
    struct extension_request request;
};
_Static_assert(offsetof(struct extension_note, request) == 24 && sizeof(struct extension_note) == 40, "extension");
#define EXTENSION_NOTE_DESC_BYTES (4u + (uint32_t)sizeof(struct extension_request))

#endif
