// SPDX-License-Identifier: ISC
/* vnet.h - struct virtio_net_hdr, the 10 bytes in front of a frame that carry its offloads (Virtual I/O Device
 * (VIRTIO) 1.2 section 5.1.6, legacy layout without num_buffers; also Linux TAP with IFF_VNET_HDR).
 * Fields are little-endian: of every CPU that Morgana runs on this is the native order too. */
#ifndef PLATFORM_COMMON_VNET_H
#define PLATFORM_COMMON_VNET_H
#include "base/cursor.h"
#include "base/frame.h"

#define VNET_BYTES 10u

/* Fills the first VNET_BYTES of out. */
void vnet_encode(struct mspan out, const struct frame_offload *offload);
/* Reads the header of a frame of frame_bytes. WIRE_SHORT, or WIRE_BAD_VALUE: a segmentation that was not
 * negotiated, or a checksum field outside the frame; *offload is all zero then and the frame to be dropped. */
MUST_CHECK enum wire_err vnet_decode(struct span header, size_t frame_bytes, struct frame_offload *offload);

#endif
