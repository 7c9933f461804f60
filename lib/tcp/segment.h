// SPDX-License-Identifier: ISC
/* segment.h - the TCP header and its options: bytes and meaning (RFC 9293 section 3.1 and 3.2, RFC 7323,
 * RFC 2018). Knows nothing of connections. */
#ifndef LIB_TCP_SEGMENT_H
#define LIB_TCP_SEGMENT_H
#include "base/cursor.h"
#include "base/writer.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10
#define TCP_ECE 0x40
#define TCP_CWR 0x80

#define TCP_HEADER_BYTES_MIN 20
#define TCP_WINDOW_SCALE_MAX 14     /* RFC 7323 section 2.3 */
#define TCP_SACK_BLOCKS_MAX 4
#define TCP_TIMESTAMP_BYTES 12      /* of a header, padding included */

struct tcp_sack_block {
    uint32_t left, right;
};
struct tcp_options {
    uint16_t mss;                   /* 0: not given */
    bool has_window_scale, sack_permitted, has_timestamps;
    uint8_t window_scale;           /* 0..TCP_WINDOW_SCALE_MAX */
    uint8_t num_sack_blocks;
    uint32_t ts_val, ts_ecr;
    struct tcp_sack_block sack_block[TCP_SACK_BLOCKS_MAX];
};
struct tcp_segment {                /* host order; no pointers into the input */
    uint16_t source_port, destination_port;
    uint32_t seq, ack;
    uint16_t window;                /* as it stands there, unscaled */
    uint8_t flags;
    uint8_t header_bytes;
    struct tcp_options opt;
};

/* Decodes the header at the start of `in`; what lies behind header_bytes is the payload. WIRE_OK: the header is
 * whole, its ports are not 0, and its flags can come from a live connection. Unknown options are skipped, and
 * known ones with a wrong length make the header bad. Otherwise *out is all zero. */
MUST_CHECK enum wire_err tcp_segment_decode(struct span in, struct tcp_segment *out);
/* The next option of a header, from `c` on; false: there is none, or it is no option (c->err). */
MUST_CHECK bool tcp_option_next(struct cur *c, uint8_t *kind, struct span *value);
/* Writes the header with the options that are given, checksum field zero; returns its length, 0: no room.
 * header_bytes of the argument is not read. */
MUST_CHECK size_t tcp_segment_encode(const struct tcp_segment *s, struct mspan out);

#endif
