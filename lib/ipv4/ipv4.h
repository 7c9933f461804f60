// SPDX-License-Identifier: ISC
/* ipv4.h - IPv4 (RFC 791) for a host: the header and its options, the checks of RFC 1122 section 3.2.1 on what arrives,
 * its addresses and routes, and the choice of the next hop. Addresses are numbers in host order here.
 *
 * What is sent carries DF and identification 0 (an atomic datagram, RFC 6864 section 4.1), unless it is a fragment. */
#ifndef LIB_IPV4_IPV4_H
#define LIB_IPV4_IPV4_H
#include "base/cursor.h"
#include "base/span.h"
#include "interface/address.h"

#define IPV4_HEADER_BYTES 20        /* without options */
#define IPV4_ALERT_HEADER_BYTES 24      /* with a router alert */
#define IPV4_TTL 64
#define IPV4_BROADCAST 0xffffffffu
#define IPV4_ALL_HOSTS 0xe0000001u

enum ipv4_protocol { IPV4_ICMP = 1, IPV4_IGMP = 2, IPV4_TCP = 6, IPV4_UDP = 17 };

struct ipv4_header {
    size_t header_bytes, total_bytes;
    uint8_t traffic_class;          /* DSCP (RFC 2474), and in the last two bits ECN (RFC 3168) */
    uint8_t time_to_live, protocol;
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
/* The same with a router alert (RFC 2113): IPV4_ALERT_HEADER_BYTES. */
void ipv4_encode_alert(struct mspan out, const struct ipv4_header *h);

/* The options of a header, behind its first IPV4_HEADER_BYTES (RFC 791 section 3.1): false where one lies about its length, or is
 * a source route that goes on from here, which a host that is no router drops (RFC 1122 section 3.2.1.8). Others say
 * nothing to a host. */
bool ipv4_options_are_sound(struct span options);

/* ---- Addresses and routes of a host */

#define IPV4_ADDRESSES 8            /* more are refused, */
#define IPV4_ROUTES 16              /* here too */

struct ipv4_host {                  /* all zero: no address, and no way to anywhere */
    size_t num_addresses, num_routes;
    struct ipv4_address {
        uint32_t ip, mask;
    } address[IPV4_ADDRESSES];      /* the first is the one to speak from where no other is nearer */
    struct ipv4_route {
        uint32_t network, mask, gateway;
    } route[IPV4_ROUTES];           /* longer masks first */
};
/* length <= 32 */
static inline uint32_t ipv4_mask(uint8_t length)
{
    REQUIRE(length <= 32);
    return length == 0 ? 0 : ~(uint32_t)0 << (32 - length);
}
static inline uint8_t ipv4_length(uint32_t mask)
{
    return mask == 0 ? 0 : (uint8_t)(32 - __builtin_ctz(mask));
}
/* An address with its network, which is then on the link. false: no host can have it, we have it, or there is no place. */
MUST_CHECK bool ipv4_add_address(struct ipv4_host *h, uint32_t ip, uint32_t mask);
/* With the routes whose gateways were neighbours by it. */
void ipv4_remove_address(struct ipv4_host *h, uint32_t ip);
/* A way to a network (mask 0: to everywhere). Of several to one network the first is used, until its gateway fails. false: the
 * gateway is no neighbour, the route is there, or there is no place. */
MUST_CHECK bool ipv4_add_route(struct ipv4_host *h, uint32_t network, uint32_t mask, uint32_t gateway);
void ipv4_remove_route(struct ipv4_host *h, uint32_t network, uint32_t mask, uint32_t gateway);
/* The gateway does not answer (RFC 1122 section 3.3.1.4): others to the same networks come first from now on. */
void ipv4_gateway_failed(struct ipv4_host *h, uint32_t gateway);

bool ipv4_is_ours(const struct ipv4_host *h, uint32_t a);
bool ipv4_is_neighbour(const struct ipv4_host *h, uint32_t a);  /* has the prefix of a network of ours */
bool ipv4_is_broadcast(const struct ipv4_host *h, uint32_t a);  /* limited, or directed to a network of ours */
bool ipv4_is_unicast(const struct ipv4_host *h, uint32_t a);    /* an address that one host can have */
static inline bool ipv4_is_multicast(uint32_t a)
{
    return a >> 28 == 14;
}
/* RFC 1112 section 6.4: the last 23 bits. */
static inline struct mac ipv4_group_mac(uint32_t group)
{
    return (struct mac){ { 1, 0, 0x5e, group >> 16 & 0x7f, group >> 8 & 0xff, group & 0xff } };
}
static inline bool ipv4_is_loopback(uint32_t a)
{
    return a >> 24 == 127;
}

enum ipv4_verdict {
    IPV4_ACCEPT,
    IPV4_ACCEPT_BROADCAST,      /* for us among others: never answered with an error */
    IPV4_MULTICAST,             /* for a group, of which the caller knows whether we are in it */
    IPV4_NOT_OURS,
    IPV4_BAD_SOURCE,            /* a source that nobody can have, or that is ours (land) */
};
enum ipv4_verdict ipv4_judge(const struct ipv4_host *h, const struct ipv4_header *p);
/* The neighbour that a packet to `destination` goes to; itself, where that is a broadcast or a group; 0: there is no way. */
uint32_t ipv4_next_hop(const struct ipv4_host *h, uint32_t destination);
/* How near its tables bring a host to a destination: one more than the bits of the longest prefix that leads there; 0: there is no way. */
unsigned ipv4_nearness(const struct ipv4_host *h, uint32_t destination);
/* The address to speak from to that next hop; 0: we have none. */
uint32_t ipv4_source(const struct ipv4_host *h, uint32_t next_hop);

#endif
