// SPDX-License-Identifier: ISC
/* address.h - Ethernet and IP addresses. An IP address is 16 bytes of either family: IPv4 in its
 * mapped form ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2), so that tables hold one kind. */
#ifndef INTERFACE_ADDRESS_H
#define INTERFACE_ADDRESS_H
#include "base/cursor.h"
#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"

struct mac {
    uint8_t byte[6];
};
struct ip {
    uint8_t byte[16];
};
struct endpoint {
    struct ip ip;
    uint16_t port;
};
#define IP_SOURCES_MAX 16
struct ip_sources {             /* of a group, which are heard (RFC 3376 section 2): these alone, or all but them; all zero: nobody */
    bool is_exclude;
    uint8_t num;
    struct ip ip[IP_SOURCES_MAX];
};
struct ip_prefix {              /* an address with the length of its network, as in 10.0.0.2/24 */
    struct ip ip;
    uint8_t length;             /* 0..32 for IPv4 */
};

INLINE struct ip ip_from_v4(uint32_t host_order)
{
    struct ip ip = { { [10] = 0xff, [11] = 0xff } };
    mspan_u32(MSPAN(ip.byte), 12, host_order);
    return ip;
}
INLINE uint32_t ip_v4(const struct ip *ip)       /* only where ip_is_v4 */
{
    return span_u32(SPAN(ip->byte), 12);
}
INLINE bool ip_is_v4(const struct ip *ip)
{
    return span_u32(SPAN(ip->byte), 0) == 0 && span_u32(SPAN(ip->byte), 4) == 0 && span_u32(SPAN(ip->byte), 8) == 0xffff;
}
INLINE bool ip_eq(const struct ip *a, const struct ip *b)
{
    return span_eq(SPAN(a->byte), SPAN(b->byte));
}
INLINE bool mac_eq(const struct mac *a, const struct mac *b)
{
    return span_eq(SPAN(a->byte), SPAN(b->byte));
}

/* Text forms. Parsing takes the whole span: dotted decimal without leading zeros, or the forms of RFC 4291
 * section 2.2; a prefix needs its "/N". WIRE_BAD_VALUE or WIRE_SHORT otherwise, and *out is all zero. */
MUST_CHECK enum wire_err ip_parse(struct span text, struct ip *out);
MUST_CHECK enum wire_err ip_prefix_parse(struct span text, struct ip_prefix *out);
void ip_write(struct wr *w, const struct ip *ip);
void endpoint_write(struct wr *w, const struct endpoint *e);    /* 10.0.0.2:80, [2001:db8::1]:80 */
void mac_write(struct wr *w, const struct mac *mac);

#endif
