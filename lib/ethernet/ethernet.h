// SPDX-License-Identifier: ISC
/* ethernet.h - the header of an Ethernet II frame (RFC 894). What follows it may be longer than what it carries:
 * short frames are padded to 60 bytes. */
#ifndef LIB_ETHERNET_ETHERNET_H
#define LIB_ETHERNET_ETHERNET_H
#include "interface/address.h"

#define ETHERNET_HEADER_BYTES 14
#define ETHERNET_BROADCAST ((struct mac){ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } })

enum ethernet_type { ETHERNET_IPV4 = 0x0800, ETHERNET_ARP = 0x0806, ETHERNET_IPV6 = 0x86dd };

struct ethernet_header {
    struct mac destination, source;
    uint16_t type;                  /* enum ethernet_type, or another */
};
/* Reads the header at the start of a frame. WIRE_BAD_VALUE: a group is not a source, a length is not a type. */
MUST_CHECK enum wire_err ethernet_decode(struct span frame, struct ethernet_header *out);
void ethernet_encode(struct wr *w, const struct ethernet_header *h);

/* Broadcast and multicast. */
static inline bool mac_is_group(const struct mac *m)
{
    return m->byte[0] & 1;
}

#endif
