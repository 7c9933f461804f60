// SPDX-License-Identifier: ISC
/* multicast.h - the groups that a host is in, and what it tells routers of them (RFC 3376, RFC 3810), an engine for both
 * families. Each user says which sources of a group it hears, and the host receives what any of them does. Where a router speaks an older
 * version (RFC 2236, RFC 1112, RFC 2710), which knows of groups alone, so do we for a while.
 *
 * At most MULTICAST_GROUPS of MULTICAST_MEMBERS; more are refused. The groups that neighbour discovery needs are not among them
 * (lib/ndp). */
#ifndef LIB_MULTICAST_MULTICAST_H
#define LIB_MULTICAST_MULTICAST_H
#include "base/nanos.h"
#include "base/ring.h"
#include "base/span.h"
#include "interface/address.h"

#define MULTICAST_GROUPS 32
#define MULTICAST_OUTBOX 16             /* a power of two; a report that finds no room is sent later */
#define MULTICAST_MEMBERS 64            /* users of groups, each counted for each of its groups */
#define MULTICAST_CHANGES 16            /* of a group, sources that are told of; of more, the whole list is */
#define MULTICAST_MESSAGE_BYTES 304     /* of the longest that we send: two records of MLD with IP_SOURCES_MAX sources */
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
struct multicast_member {               /* all zero: a free place */
    uint32_t user;
    struct ip group;
    struct ip_sources sources;
};
struct multicast_group {                /* all zero: a free place */
    struct ip group;
    struct ip_sources state;            /* of all members; nobody: we have left, and are still telling so */
    uint8_t membership_left;            /* how often the last change is to be told yet: that we are in or out, in the older versions; */
    uint8_t mode_left;                  /* the filter mode, with the whole list; */
    size_t num_changes;                 /* else these sources */
    struct multicast_change {
        struct ip source;
        uint8_t left;
    } change[MULTICAST_CHANGES];
    bool is_asked;                      /* a router wants to know, of: */
    struct ip_sources asked;            /* these sources; none: all */
    nanos change_at, answer_at;         /* when the next of these is sent */
};
_Static_assert((size_t)MULTICAST_CHANGES <= (size_t)IP_SOURCES_MAX, "what changed fits a record");
struct multicast_outgoing {
    struct ip destination;              /* hop limit 1, and a router alert */
    size_t num_bytes;
    uint8_t byte[MULTICAST_MESSAGE_BYTES];      /* of IGMP with its checksum, of MLD without */
};
struct multicast_counters {
    uint64_t malformed, queries, outbox_full, refused;
    uint64_t unwanted;                  /* datagrams of sources that their port does not hear; the caller counts */
};
struct multicast {
    struct multicast_counters counters;
    struct multicast_group place[MULTICAST_GROUPS];
    struct multicast_member member[MULTICAST_MEMBERS];
    nanos igmp_v1_until, igmp_v2_until, mld_v1_until;   /* a router was heard that speaks it */
    uint32_t random;
    struct ring outbox;
    struct multicast_outgoing out[MULTICAST_OUTBOX];
};

void multicast_init(struct multicast *m, uint32_t seed);
/* IPMulticastListen of RFC 3376 section 2: what this user hears of the group from now on; nobody: it leaves. false: no group, or there is
 * no place, and nothing has changed. */
MUST_CHECK bool multicast_listen(struct multicast *m, uint32_t user, const struct ip *group, const struct ip_sources *sources, nanos now);
void multicast_leave(struct multicast *m, uint32_t user, const struct ip *group, nanos now);
/* All its groups. */
void multicast_leave_all(struct multicast *m, uint32_t user, nanos now);
/* Does anybody hear anything of it? */
bool multicast_is_in(const struct multicast *m, const struct ip *group);
/* Is there a filter of this user that keeps the source out (RFC 3376 section 3.1)? */
bool multicast_is_unwanted(const struct multicast *m, uint32_t user, const struct ip *group, const struct ip *source);

/* A message of IGMP or MLD, its checksum verified, and with the hop limit 1. */
void multicast_input_igmp(struct multicast *m, struct span message, nanos now);
void multicast_input_mld(struct multicast *m, struct span message, nanos now);
void multicast_tick(struct multicast *m, nanos now);
MUST_CHECK bool multicast_output(struct multicast *m, struct multicast_outgoing *out);
nanos multicast_deadline(const struct multicast *m);

#endif
