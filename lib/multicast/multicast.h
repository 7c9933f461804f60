// SPDX-License-Identifier: ISC
/* multicast.h - the groups that a host is in, and what it tells routers of them (RFC 3376, RFC 3810), an engine for both
 * families. A group is joined for any source. Where a router speaks an older version (RFC 2236, RFC 1112, RFC 2710), so do
 * we for a while.
 *
 * At most MULTICAST_GROUPS; more are refused. The groups that neighbour discovery needs are not among them (lib/ndp). */
#ifndef LIB_MULTICAST_MULTICAST_H
#define LIB_MULTICAST_MULTICAST_H
#include "base/nanos.h"
#include "base/ring.h"
#include "base/span.h"
#include "interface/address.h"

#define MULTICAST_GROUPS 32
#define MULTICAST_OUTBOX 16             /* a power of two; a report that finds no room is sent later */
#define MULTICAST_MESSAGE_BYTES 28      /* of the longest that we send */
#define MULTICAST_ROBUSTNESS 2          /* how often a change is told (RFC 3376 section 8.1, RFC 3810 section 9.1) */
#define MULTICAST_UNSOLICITED_NS ((nanos)NS_PER_S)                      /* RFC 3376 section 8.11, RFC 3810 section 9.11 */
#define MULTICAST_OLD_ROUTER_NS (260 * (nanos)NS_PER_S)                 /* section 8.12, section 9.12 with the defaults */

enum multicast_type {
    IGMP_QUERY = 0x11,
    IGMP_V1_REPORT = 0x12,
    IGMP_V2_REPORT = 0x16,
    IGMP_LEAVE = 0x17,
    IGMP_V3_REPORT = 0x22,
    MLD_QUERY = 130,
    MLD_V1_REPORT = 131,
    MLD_DONE = 132,
    MLD_V2_REPORT = 143,
};
struct multicast_group {                /* all zero: a free place */
    struct ip group;
    uint32_t num_users;                 /* 0: we have left and are still telling so */
    uint8_t reports_left;               /* of the last change */
    bool is_asked;                      /* a router wants to know */
    nanos change_at, answer_at;         /* when the next of these is sent */
};
struct multicast_outgoing {
    struct ip destination;              /* hop limit 1, and a router alert */
    size_t num_bytes;
    uint8_t byte[MULTICAST_MESSAGE_BYTES];      /* of IGMP with its checksum, of MLD without */
};
struct multicast_counters {
    uint64_t malformed, queries, outbox_full, refused;
};
struct multicast {
    struct multicast_counters counters;
    struct multicast_group place[MULTICAST_GROUPS];
    nanos igmp_v1_until, igmp_v2_until, mld_v1_until;   /* a router was heard that speaks it */
    uint32_t random;
    struct ring outbox;
    struct multicast_outgoing out[MULTICAST_OUTBOX];
};

void multicast_init(struct multicast *m, uint32_t seed);
/* Any number of times; as often as it was joined it is left. false: no group, or there is no place. */
MUST_CHECK bool multicast_join(struct multicast *m, const struct ip *group, nanos now);
void multicast_leave(struct multicast *m, const struct ip *group, nanos now);
bool multicast_is_in(const struct multicast *m, const struct ip *group);

/* A message of IGMP or MLD, its checksum verified, and with the hop limit 1. */
void multicast_input_igmp(struct multicast *m, struct span message, nanos now);
void multicast_input_mld(struct multicast *m, struct span message, nanos now);
void multicast_tick(struct multicast *m, nanos now);
MUST_CHECK bool multicast_output(struct multicast *m, struct multicast_outgoing *out);
nanos multicast_deadline(const struct multicast *m);

#endif
