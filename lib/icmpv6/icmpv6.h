// SPDX-License-Identifier: ISC
/* icmpv6.h - ICMPv6 (RFC 4443) but for neighbour discovery and group management, which lib/ndp speaks. The
 * checksum covers a pseudo header; whoever has the addresses makes and verifies it. */
#ifndef LIB_ICMPV6_ICMPV6_H
#define LIB_ICMPV6_ICMPV6_H
#include "base/cursor.h"
#include "interface/address.h"

#define ICMPV6_HEADER_BYTES 8
#define ICMPV6_CHECKSUM_AT 2
#define ICMPV6_QUOTE_MAX_BYTES 1232     /* section 2.4 (c): the error fits 1280 bytes */

enum icmpv6_type {
    ICMPV6_UNREACHABLE = 1,
    ICMPV6_PACKET_TOO_BIG = 2,
    ICMPV6_TIME_EXCEEDED = 3,
    ICMPV6_PARAMETER_PROBLEM = 4,
    ICMPV6_INFORMATIONAL = 128,         /* from here on: no errors */
    ICMPV6_ECHO_REQUEST = 128,
    ICMPV6_ECHO_REPLY = 129,
    ICMPV6_MLD_QUERY = 130,
    ICMPV6_ROUTER_SOLICITATION = 133,
    ICMPV6_ROUTER_ADVERTISEMENT = 134,
    ICMPV6_NEIGHBOR_SOLICITATION = 135,
    ICMPV6_NEIGHBOR_ADVERTISEMENT = 136,
    ICMPV6_REDIRECT = 137,
    ICMPV6_MLDV2_REPORT = 143,
};
enum icmpv6_code {
    ICMPV6_ADMINISTRATIVELY_PROHIBITED = 1,     /* of unreachable */
    ICMPV6_UNREACHABLE_PORT = 4,
    ICMPV6_REASSEMBLY_TIME = 1,                 /* of time exceeded */
    ICMPV6_BAD_FIELD = 0,                       /* of parameter problem */
    ICMPV6_BAD_NEXT_HEADER = 1,
    ICMPV6_BAD_OPTION = 2,
};
struct icmpv6_header {
    uint8_t type, code;
    uint16_t checksum;
    uint32_t rest;                      /* echo: identifier and sequence number; otherwise by type */
};
MUST_CHECK enum wire_err icmpv6_decode(struct span message, struct icmpv6_header *out);
void icmpv6_encode(struct mspan out, const struct icmpv6_header *h);

/* Of which packet of ours an error speaks. */
struct icmpv6_quote {
    uint8_t protocol;                   /* IPV6_TCP, IPV6_UDP or IPV6_ICMPV6 */
    struct ip source, destination;
    uint16_t source_port, destination_port;     /* ICMPv6: 0 */
    uint32_t sequence;                  /* of a TCP segment */
    bool is_hard;                       /* RFC 1122 section 4.2.3.9: nobody there listens */
    uint32_t mtu;                       /* of a packet too big; else 0 */
};
/* Reads an error message, header and quote. WIRE_BAD_VALUE: not an error, or it quotes no packet as above. */
MUST_CHECK enum wire_err icmpv6_error_decode(struct span message, struct icmpv6_quote *out);

#endif
