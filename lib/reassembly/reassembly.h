// SPDX-License-Identifier: ISC
/* reassembly.h - fragments of IP datagrams put together (RFC 791 section 3.2, RFC 8200 section 4.5), an engine for both
 * families. Packets are kept by reference and strung together in the order of their offsets: nothing is copied.
 *
 * Fragments that overlap, lie about the length or make more than REASSEMBLY_BYTES_MAX make the whole datagram void,
 * with what of it is still to come (RFC 5722), as do those of which some cannot have congestion marks and others do (RFC 3168).
 * The same piece again is dropped alone (RFC 8200). At most
 * REASSEMBLY_DATAGRAMS are incomplete at once, of REASSEMBLY_FRAGMENTS_MAX fragments each and of as many packets as the
 * owner allows in all: when full, the oldest gives way. */
#ifndef LIB_REASSEMBLY_REASSEMBLY_H
#define LIB_REASSEMBLY_REASSEMBLY_H
#include "base/list.h"
#include "base/nanos.h"
#include "interface/address.h"
#include "lib/packet/packet.h"

#define REASSEMBLY_DATAGRAMS 32
#define REASSEMBLY_FRAGMENTS_MAX 128
#define REASSEMBLY_BYTES_MAX 65535
#define REASSEMBLY_NS (60 * (nanos)NS_PER_S)    /* RFC 8200 section 4.5, RFC 1122 section 3.3.2 */
#define REASSEMBLY_UNIT_BYTES 8                 /* of offsets, and of all fragments but the last */

struct reassembly_key {
    struct ip source, destination;
    uint32_t identification;
    uint8_t protocol;               /* of IPv4; 0 in IPv6, where only the first fragment has it */
};
struct reassembly_fragment {
    struct reassembly_key key;
    size_t offset_bytes;
    bool is_last;
    uint8_t protocol;               /* what the first fragment says counts */
    uint8_t ecn;                    /* codepoint of its header */
    struct packet *packet;          /* its views are the payload; borrowed: the engine takes a reference, and then uses
                                     * the tag, the link and `next` */
    struct span quote;              /* the start of the packet, header included, within its memory */
};
struct reassembly_datagram {        /* of the caller: who unrefs the packet */
    struct ip source, destination;
    uint8_t protocol;
    uint8_t ecn;                    /* CE where one of them had it (RFC 3168 section 5.3) */
    struct packet *packet;
    struct span quote;              /* of the first fragment */
};

struct reassembly_place {
    struct link in_age;             /* in `free` or `ages` */
    struct reassembly_key key;
    bool is_void;                   /* what comes of it is dropped */
    nanos until;
    struct list fragments;          /* by packet.link, in the order of offsets (packet.tag) */
    size_t num_fragments, num_packets;
    size_t got_bytes, total_bytes;  /* total: 0 while the last fragment is not there */
    uint8_t protocol;
    uint8_t codepoints;             /* a bit for each that was seen */
    struct span quote;
};
struct reassembly_counters {
    uint64_t fragments, whole, refused, duplicates, evicted, timed_out;
};
struct reassembly {
    size_t packets_max, num_packets;
    struct list free, ages;         /* ages: oldest first */
    struct list expired;            /* to be polled */
    struct reassembly_counters counters;
    struct reassembly_place place[REASSEMBLY_DATAGRAMS];
};

void reassembly_init(struct reassembly *r, size_t packets_max);
/* true: the datagram is whole, and here it is. */
MUST_CHECK bool reassembly_input(struct reassembly *r, const struct reassembly_fragment *f, nanos now,
                                 struct reassembly_datagram *out);
void reassembly_tick(struct reassembly *r, nanos now);
/* The next datagram whose time ran out and whose first fragment is there, so that its sender can be told. */
MUST_CHECK bool reassembly_poll(struct reassembly *r, struct reassembly_datagram *out);
nanos reassembly_deadline(const struct reassembly *r);
/* Gives all packets back. */
void reassembly_close(struct reassembly *r);

#endif
