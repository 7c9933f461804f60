// SPDX-License-Identifier: ISC
/* frame.h - an Ethernet frame as it crosses the border between a driver and a stack, with the work that
 * either side leaves to the other (the semantics of virtio_net_hdr, in host byte order). */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H
#include "base/span.h"

#define FRAME_PARTS_MAX 36      /* 64 KiB and the headers in buffers of PACKET_DATA_BYTES (1920) */
#define FRAME_ETHERNET_BYTES 18u                        /* the header with a VLAN tag */
#define FRAME_BYTES_MAX (65535u + FRAME_ETHERNET_BYTES)

enum frame_gso { FRAME_GSO_NONE, FRAME_GSO_TCPV4, FRAME_GSO_TCPV6 };

struct frame_offload {
    bool needs_checksum;        /* the field at checksum_start + checksum_offset holds the sum of the pseudo header;
                                 * the rest, from checksum_start to the end, is still to be added */
    bool checksum_is_good;      /* received only: the device vouches for the transport checksum */
    uint8_t gso;                /* enum frame_gso: payload is to be cut, or was put together, in pieces of gso_bytes */
    uint16_t gso_bytes;
    uint16_t header_bytes;      /* with gso: Ethernet to transport header */
    uint16_t checksum_start, checksum_offset;
};

/* What a device can do beyond plain frames. All false is right for every device. */
struct frame_features {
    bool send_checksum, send_tso4, send_tso6;
    bool receive_checksum, receive_coalesced;   /* frames may come with needs_checksum or gso set */
};

struct tx_frame {               /* parts are borrowed until the send returns */
    struct span part[FRAME_PARTS_MAX];
    size_t num_parts;
    struct frame_offload offload;
};

/* How many buffers that are lent for receiving it takes to begin a frame of any size, where the next one has so many bytes: one
 * where it takes every frame, else FRAME_PARTS_MAX. */
static inline size_t frame_buffers_to_begin(size_t buffer_bytes, size_t mtu_bytes, const struct frame_features *f)
{
    size_t most = f->receive_coalesced ? FRAME_BYTES_MAX : mtu_bytes + FRAME_ETHERNET_BYTES;
    return most <= buffer_bytes ? 1 : FRAME_PARTS_MAX;
}
typedef SLICE(const struct mspan) frame_buffers;
/* Whether the buffers from `first` on are enough to begin one. */
static inline bool frame_buffers_suffice(frame_buffers all, size_t first, size_t mtu_bytes, const struct frame_features *f)
{
    return first < all.n && all.n - first >= frame_buffers_to_begin(AT(all, first).n, mtu_bytes, f);
}

struct rx_frame {               /* fills num_buffers of the buffers that the caller lent, in order */
    size_t num_bytes, num_buffers;
    struct frame_offload offload;
};

#endif
