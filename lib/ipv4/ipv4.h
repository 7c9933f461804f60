// SPDX-License-Identifier: ISC
/* ipv4.h - IPv4 (RFC 791) for a host with one address: the header, the checks of RFC 1122 section 3.2.1 on
 * what arrives, and the choice of the next hop. Addresses are numbers in host order here.
 *
 * What is sent carries DF and identification 0 (an atomic datagram, RFC 6864 section 4.1), unless it is a fragment. */
#ifndef LIB_IPV4_IPV4_H
#define LIB_IPV4_IPV4_H
#include "base/cursor.h"
#include "base/span.h"

#define IPV4_HEADER_BYTES 20        /* without options */
#define IPV4_TTL 64
#define IPV4_BROADCAST 0xffffffffu

enum ipv4_protocol { IPV4_ICMP = 1, IPV4_TCP = 6, IPV4_UDP = 17 };

struct ipv4_header {
    size_t header_bytes, total_bytes;
    uint8_t ecn, time_to_live, protocol;
    bool is_fragment, more_fragments;
    uint16_t identification;
    size_t offset_bytes;            /* of a fragment */
    uint32_t source, destination;
};
/* Reads the header at the start of `first`, the first piece of a packet of packet_bytes, which may be longer than
 * total_bytes says. WIRE_SHORT: the packet, or the header within its first piece, is cut. */
MUST_CHECK enum wire_err ipv4_decode(struct span first, size_t packet_bytes, struct ipv4_header *out);
/* Writes IPV4_HEADER_BYTES with their checksum; header_bytes does not matter. total_bytes <= 65535. */
void ipv4_encode(struct mspan out, const struct ipv4_header *h);

struct ipv4_host {
    uint32_t address, mask, gateway;    /* gateway 0: none */
};
/* prefix_length <= 32 */
struct ipv4_host ipv4_host(uint32_t address, uint8_t prefix_length, uint32_t gateway);
/* Has the address the prefix of our network? */
static inline bool ipv4_is_neighbour(const struct ipv4_host *h, uint32_t a)
{
    return ((a ^ h->address) & h->mask) == 0;
}
bool ipv4_is_broadcast(const struct ipv4_host *h, uint32_t a);  /* limited, or directed to our network */
bool ipv4_is_unicast(const struct ipv4_host *h, uint32_t a);    /* an address that one host can have */

enum ipv4_verdict {
    IPV4_ACCEPT,
    IPV4_ACCEPT_BROADCAST,      /* for us among others: never answered with an error */
    IPV4_NOT_OURS,
    IPV4_BAD_SOURCE,            /* a source that nobody can have, or that is ours (land) */
    IPV4_FRAGMENT,
};
enum ipv4_verdict ipv4_judge(const struct ipv4_host *h, const struct ipv4_header *p);
/* The neighbour that a packet to `destination` goes to; 0: there is no way. */
uint32_t ipv4_next_hop(const struct ipv4_host *h, uint32_t destination);

#endif
