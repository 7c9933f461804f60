// SPDX-License-Identifier: ISC
/* pcapng.h - the blocks of a capture file (draft-ietf-opsawg-pcapng), written in network byte order. */
#ifndef LIB_CAPTURE_PCAPNG_H
#define LIB_CAPTURE_PCAPNG_H
#include "base/nanos.h"
#include "base/writer.h"

#define PCAPNG_HEAD_BYTES 60            /* of pcapng_write_head */
#define PCAPNG_PACKET_BYTES 64          /* of pcapng_write_packet, at most, beside the packet itself */
#define PCAPNG_PADDING_MIN_BYTES 16     /* of pcapng_write_padding, */
#define PCAPNG_PADDING_HEAD_BYTES 12    /* of which these come first, */
#define PCAPNG_LENGTH_BYTES 4           /* and these last */

enum pcapng_direction { PCAPNG_INBOUND = 1, PCAPNG_OUTBOUND = 2 };
struct pcapng_packet {
    nanos time;                         /* since 1970 */
    enum pcapng_direction direction;
    uint32_t whole_bytes;
    struct span bytes;                  /* those that are kept */
    uint64_t num_dropped;               /* before it, since the one before */
};
/* The section, and one Ethernet interface; packets are cut to snap_bytes (0: they are not). */
void pcapng_write_head(struct wr *w, uint32_t snap_bytes);
void pcapng_write_packet(struct wr *w, const struct pcapng_packet *p);
/* The first bytes of a block of total_bytes (a multiple of 4) that readers skip; its last four are total_bytes again. */
void pcapng_write_padding(struct wr *w, uint32_t total_bytes);

#endif
