// SPDX-License-Identifier: ISC
/* ipv6.h - IPv6 (RFC 8200): the header, the extension headers before the transport, and what addresses are for (RFC
 * 4291). All extension headers lie within the first piece of a packet (RFC 7112), at most IPV6_EXTENSIONS_MAX of them
 * with IPV6_OPTIONS_MAX options in all (RFC 8504 section 5.3). */
#ifndef LIB_IPV6_IPV6_H
#define LIB_IPV6_IPV6_H
#include "base/cursor.h"
#include "interface/address.h"

#define IPV6_HEADER_BYTES 40
#define IPV6_NEXT_HEADER_AT 6
#define IPV6_FRAGMENT_BYTES 8
#define IPV6_HOP_LIMIT 64
#define IPV6_MTU_MIN 1280
#define IPV6_EXTENSIONS_MAX 6
#define IPV6_OPTIONS_MAX 24

enum ipv6_next_header {
    IPV6_HOP_BY_HOP = 0,
    IPV6_TCP = 6,
    IPV6_UDP = 17,
    IPV6_ROUTING = 43,
    IPV6_FRAGMENT = 44,
    IPV6_ICMPV6 = 58,
    IPV6_NO_NEXT = 59,
    IPV6_DESTINATION_OPTIONS = 60,
};

struct ipv6_header {
    uint8_t traffic_class, next_header, hop_limit;
    size_t payload_bytes;
    struct ip source, destination;
};
/* Reads the header at the start of `first`, the first piece of a packet of packet_bytes, which may be longer than
 * the header says. Mapped IPv4 addresses are nobody's on the wire: WIRE_BAD_VALUE. */
MUST_CHECK enum wire_err ipv6_decode(struct span first, size_t packet_bytes, struct ipv6_header *out);
/* Writes IPV6_HEADER_BYTES. payload_bytes <= 65535. */
void ipv6_encode(struct mspan out, const struct ipv6_header *h);

enum ipv6_verdict {
    IPV6_ACCEPT,                    /* the transport follows */
    IPV6_IS_FRAGMENT,               /* part of a payload follows */
    IPV6_DROP,                      /* without an answer */
    IPV6_BAD_FIELD,                 /* drop, and a parameter problem of code 0 at `pointer` (RFC 4443 section 3.4); */
    IPV6_BAD_NEXT_HEADER,           /* of code 1; */
    IPV6_BAD_OPTION,                /* of code 2; */
    IPV6_BAD_OPTION_UNICAST,        /* of code 2, unless the packet went to a group */
};
struct ipv6_extensions {
    uint8_t protocol;
    size_t num_bytes;               /* of all extension headers */
    uint32_t pointer;               /* from the start of the packet: where the problem is; of an accepted packet, the field that
                                     * says the protocol */
    struct {
        size_t offset_bytes;
        bool is_last;
        uint32_t identification;
    } fragment;
};
/* Reads extension headers from `first`, what follows the header in the first piece. A fragment that is a whole datagram
 * (RFC 6946) is accepted as one. */
enum ipv6_verdict ipv6_walk(struct span first, uint8_t next_header, struct ipv6_extensions *out);
/* Writes IPV6_FRAGMENT_BYTES. offset_bytes is a multiple of 8. */
void ipv6_fragment_encode(struct mspan out, uint8_t next_header, size_t offset_bytes, bool is_last, uint32_t identification);

/* ---- Addresses */

#define IPV6_ALL_NODES ((struct ip){ { 0xff, 2, [15] = 1 } })
#define IPV6_ALL_ROUTERS ((struct ip){ { 0xff, 2, [15] = 2 } })
#define IPV6_ALL_MLDV2_ROUTERS ((struct ip){ { 0xff, 2, [15] = 0x16 } })
#define IPV6_BITS 128
#define IPV6_LINK_LOCAL_LENGTH 64

static inline bool ipv6_is_group(const struct ip *a)
{
    return a->byte[0] == 0xff;
}
static inline bool ipv6_is_unspecified(const struct ip *a)
{
    return ip_eq(a, &(struct ip){ 0 });
}
static inline bool ipv6_is_loopback(const struct ip *a)
{
    return ip_eq(a, &(struct ip){ { [15] = 1 } });
}
static inline bool ipv6_is_link_local(const struct ip *a)
{
    return a->byte[0] == 0xfe && (a->byte[1] & 0xc0) == 0x80;
}
/* An address that one interface can have on a network. */
bool ipv6_is_unicast(const struct ip *a);
enum ipv6_scope { IPV6_INTERFACE = 1, IPV6_LINK = 2, IPV6_SITE = 5, IPV6_GLOBAL = 14 };
uint8_t ipv6_scope(const struct ip *a);
/* How many of the first bits are the same. */
unsigned ipv6_common_bits(const struct ip *a, const struct ip *b);
struct ipv6_policy {                /* RFC 6724 section 2.1 */
    uint8_t precedence, label;
};
struct ipv6_policy ipv6_policy_of(const struct ip *a);     /* of either family */
struct ipv6_candidate {             /* a destination, and where we would speak to it from */
    struct ip destination, source;
    bool has_source, is_deprecated;
};
typedef SLICE(struct ipv6_candidate) ipv6_candidates;
/* Those to be tried first come first (RFC 6724 section 6). */
void ipv6_order(ipv6_candidates list);
struct ip ipv6_solicited_node(const struct ip *a);
struct mac ipv6_group_mac(const struct ip *group);      /* RFC 2464 section 7 */
struct ip ipv6_from_mac(const struct ip *prefix, const struct mac *mac);    /* RFC 4291 appendix A; a prefix of 64 bits */

#endif
