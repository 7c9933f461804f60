// SPDX-License-Identifier: ISC
/* udp.h - UDP (RFC 768): the header and the table of open ports. The checksum is verified and made by whoever has the
 * addresses. */
#ifndef LIB_UDP_UDP_H
#define LIB_UDP_UDP_H
#include "base/cursor.h"
#include "base/span.h"

#define UDP_HEADER_BYTES 8
#define UDP_CHECKSUM_AT 6
#define UDP_PORTS_MAX 64            /* open at once */
#define UDP_EPHEMERAL_MIN 49152     /* RFC 6335: dynamic ports */

struct udp_header {
    uint16_t source_port, destination_port, checksum;   /* checksum 0: the sender made none */
    size_t length_bytes;                                /* header and data */
};
/* Reads the header at the start of a datagram of datagram_bytes, which may be longer than length_bytes says. */
MUST_CHECK enum wire_err udp_decode(struct span first, size_t datagram_bytes, struct udp_header *out);
/* Writes UDP_HEADER_BYTES. */
void udp_encode(struct mspan out, const struct udp_header *h);

struct udp_ports {                  /* all zero: none is open */
    uint16_t port[UDP_PORTS_MAX];   /* 0: a free place */
    size_t num_places;              /* how many of them may be in use */
};
#define UDP_NO_PLACE UDP_PORTS_MAX
size_t udp_ports_find(const struct udp_ports *t, uint16_t port);
/* Opens a port; UDP_NO_PLACE when all are in use (ask udp_ports_find first whether the port itself is). */
size_t udp_ports_open(struct udp_ports *t, uint16_t port);
void udp_ports_close(struct udp_ports *t, size_t place);
/* A port that is not open, chosen by a random number (RFC 6056 section 3.3.1). */
uint16_t udp_ports_ephemeral(const struct udp_ports *t, uint32_t random);

#endif
