// SPDX-License-Identifier: ISC
/* icmp.h - ICMP (RFC 792, RFC 1122 section 3.2.2) for an IPv4 host: the header, the reply to an echo request,
 * unreachable messages out and in. The checksum of a message that arrives is verified by whoever has all its
 * pieces. */
#ifndef LIB_ICMP_ICMP_H
#define LIB_ICMP_ICMP_H
#include "base/cursor.h"
#include "base/nanos.h"
#include "base/span.h"

#define ICMP_HEADER_BYTES 8
#define ICMP_QUOTE_MAX_BYTES 548    /* RFC 1812 section 4.3.2.3: the error fits 576 bytes */

enum icmp_type { ICMP_ECHO_REPLY = 0, ICMP_UNREACHABLE = 3, ICMP_ECHO_REQUEST = 8, ICMP_TIME_EXCEEDED = 11,
                 ICMP_PARAMETER_PROBLEM = 12 };
enum icmp_code {
    ICMP_REASSEMBLY_TIME = 1,       /* of ICMP_TIME_EXCEEDED; the others are of ICMP_UNREACHABLE */
    ICMP_UNREACHABLE_PROTOCOL = 2,
    ICMP_UNREACHABLE_PORT = 3,
    ICMP_FRAGMENTATION_NEEDED = 4,
};
struct icmp_header {
    uint8_t type, code;
    uint16_t checksum;
    uint32_t rest;                  /* echo: identifier and sequence number; otherwise by type */
};
/* Reads the header at the start of a message. */
MUST_CHECK enum wire_err icmp_decode(struct span message, struct icmp_header *out);
void icmp_encode(struct mspan out, const struct icmp_header *h);
/* The header of the reply to an echo request; the data behind it stay as they are (RFC 1122 section 3.2.2.6). */
struct icmp_header icmp_echo_reply(const struct icmp_header *request);
/* The header of an error that quotes the start of a packet. */
struct icmp_header icmp_error(enum icmp_type type, enum icmp_code code, struct span quote);

/* Of which packet of ours an error speaks. */
struct icmp_quote {
    uint8_t protocol;
    uint32_t source, destination;
    uint16_t source_port, destination_port;
    uint32_t sequence;              /* of a TCP segment */
    bool is_hard;                   /* RFC 1122 section 4.2.3.9: protocol or port unreachable */
    uint16_t mtu;                   /* with ICMP_FRAGMENTATION_NEEDED (RFC 1191); else 0 */
};
/* Reads an error message, header and quote. WIRE_BAD_VALUE: not an error, or it quotes no TCP or UDP packet. */
MUST_CHECK enum wire_err icmp_error_decode(struct span message, struct icmp_quote *out);

/* At most ICMP_ERRORS_PER_S, in bursts of ICMP_ERRORS_BURST (RFC 1812 section 4.3.2.8). */
#define ICMP_ERRORS_PER_S 100
#define ICMP_ERRORS_BURST 20
struct icmp_limit {                 /* all zero: nothing was sent for long */
    nanos full_at;                  /* when the burst is whole again */
};
/* May an error be sent now? Then it counts as sent. */
MUST_CHECK bool icmp_limit_take(struct icmp_limit *l, nanos now);

#endif
