// SPDX-License-Identifier: ISC
/* ndp.h - IPv6 on one Ethernet, an engine: which addresses we have, who our neighbours and routers are. Messages and
 * time in, messages and news out.
 *
 * Every address is optimistic (RFC 4429): it can be used while it is still being found out whether it is somebody
 * else's, static ones too, since a unikernel that serves after milliseconds should not wait for a second.
 *
 * The cache holds NDP_NEIGHBOURS. When full, one that we never sent to gives way, the oldest first, else the one that we
 * did not send to for longest. Routers, routes, prefixes, addresses beyond their numbers are not taken; of redirects the oldest
 * gives way. */
#ifndef LIB_NDP_NDP_H
#define LIB_NDP_NDP_H
#include "base/list.h"
#include "base/ring.h"
#include "base/wheel.h"
#include "interface/address.h"
#include "lib/ndp/message.h"
#include "lib/packet/packet.h"

#define NDP_NEIGHBOURS 128
#define NDP_BUCKETS 64
#define NDP_RESOLVING_MAX 32        /* INCOMPLETE at once; more cannot be asked for */
#define NDP_WAITING_MAX 2           /* packets that wait for an address, per neighbour: the newest are refused */
#define NDP_ADDRESSES 12
#define NDP_ROUTERS 4
#define NDP_PREFIXES 8
#define NDP_ROUTES 8
#define NDP_REDIRECTS 16
#define NDP_OUTBOX 32               /* messages to be sent; a power of two; when full, new ones are dropped */
#define NDP_NOTES 16                /* news about addresses; a power of two; when full, new ones are dropped */

/* RFC 4861 section 10, RFC 4862 section 5.1, RFC 3810 section 9 */
#define NDP_SOLICITATIONS 3
#define NDP_DELAY_FIRST_PROBE_NS (5 * (nanos)NS_PER_S)
#define NDP_RETRANS_NS ((nanos)NS_PER_S)
#define NDP_REACHABLE_NS (30 * (nanos)NS_PER_S)
#define NDP_RTR_SOLICITATIONS 3
#define NDP_RTR_SOLICITATION_INTERVAL_NS (4 * (nanos)NS_PER_S)
#define NDP_MAX_DELAY_NS ((nanos)NS_PER_S)
#define NDP_DUP_ADDR_DETECT_TRANSMITS 1
#define NDP_TWO_HOURS_S 7200
#define NDP_MLD_ROBUSTNESS 2
#define NDP_CONFLICTS_MAX 3         /* RFC 7217 section 7, RFC 8981 section 3.8: IDGEN_RETRIES, TEMP_IDGEN_RETRIES */
#define NDP_TEMP_VALID_NS (2 * 86400 * (nanos)NS_PER_S)         /* RFC 8981 section 3.8 */
#define NDP_TEMP_PREFERRED_NS (86400 * (nanos)NS_PER_S)
#define NDP_TEMP_DESYNC_NS (34560 * (nanos)NS_PER_S)            /* less, at random: 0.4 times the time above */
#define NDP_REGEN_ADVANCE_NS (5 * (nanos)NS_PER_S)

enum ndp_timer_kind { NDP_TIMER_NEIGHBOUR, NDP_TIMER_ADDRESS, NDP_TIMER_GROUP, NDP_TIMER_ROUTER, NDP_TIMER_PREFIX, NDP_TIMER_ROUTE,
                      NDP_TIMER_SOLICIT };
struct ndp_timer {
    struct wheel_timer wheel;
    enum ndp_timer_kind kind;
};

enum ndp_state { NDP_FREE, NDP_INCOMPLETE, NDP_REACHABLE, NDP_STALE, NDP_DELAY, NDP_PROBE };    /* RFC 4861 section 7.3.2 */
struct ndp_neighbour {
    struct link in_bucket, in_age, in_settled;
    struct ndp_timer timer;
    enum ndp_state state;
    struct ip ip;
    struct mac mac;
    bool is_used;                   /* we sent to it */
    uint8_t tries_left, num_waiting;
    nanos reachable_until;
    struct packet *waiting[NDP_WAITING_MAX];
};

enum ndp_address_state { NDP_UNUSED, NDP_OPTIMISTIC, NDP_PREFERRED, NDP_DEPRECATED, NDP_DUPLICATE };
struct ndp_address {
    enum ndp_address_state state;
    struct ip ip;
    uint8_t prefix_length;
    bool is_autoconfigured, is_temporary;
    bool is_made;                   /* its identifier is of our making */
    bool has_successor;             /* of a temporary one: another has taken its place */
    uint8_t num_conflicts;          /* before it was this one */
    uint8_t probes_left, reports_left;
    bool is_asked;                  /* the report of its group answers a query */
    uint8_t told_by;                /* a bit for each place of a router that told of its prefix */
    uint8_t nonce[NDP_NONCE_BYTES]; /* of its last probe (RFC 7527) */
    nanos made_at, preferred_until, valid_until;
    struct ndp_timer timer, group_timer;
};
struct ndp_router {                 /* all zero: a free place */
    struct ip ip;
    int8_t preference;              /* RFC 4191: -1, 0, 1 */
    bool is_static;
    bool is_lost;                   /* it did not answer any more */
    struct ndp_timer timer;
};
struct ndp_prefix {                 /* on-link; length 0: a free place */
    struct ip ip;
    uint8_t length;
    bool is_static;
    struct ndp_timer timer;
};
struct ndp_route {                  /* beyond the link (RFC 4191); of no router: a free place */
    struct ip prefix, router;
    uint8_t length;
    int8_t preference;
    bool is_static, is_lost;
    struct ndp_timer timer;
};
struct ndp_redirect {
    struct ip destination, next_hop;
};

struct ndp_config {
    struct mac mac;
    uint32_t mtu;                   /* of the device */
    uint32_t seed;                  /* of the delays that keep hosts from speaking at once */
    bool accept_router_advertisements;
    bool is_opaque;                 /* addresses do not show the MAC, and are the same in each network again (RFC 7217): */
    uint8_t secret[16];             /* as long as this is */
    bool has_temporary;             /* others to speak from that change from day to day (RFC 8981), by: */
    uint8_t temporary_key[16];      /* random */
};
struct ndp_counters {
    uint64_t malformed, not_for_us, conflicts, learned, evicted, failed, outbox_full, waiting_full, resolving_full,
        advertisements, redirects, refused;
    uint64_t looped;                /* probes of ours that came back (RFC 7527) */
};
struct ndp_outgoing {
    struct ip source, destination;
    struct mac mac;
    bool is_mld;                    /* hop limit 1 and a router alert, else hop limit 255 */
    size_t num_bytes;
    uint8_t byte[NDP_MESSAGE_MAX_BYTES];        /* with its checksum */
};
enum ndp_note { NDP_ADDRESS_IS_OURS, NDP_ADDRESS_IS_TAKEN, NDP_ADDRESS_IS_OVER };
struct ndp_news {
    enum ndp_note note;
    struct ip ip;
};
struct ndp_resolved {               /* of packets that waited; the caller owns them */
    bool is_found;
    struct mac mac;
    struct packet *waiting[NDP_WAITING_MAX];
    size_t num_waiting;
};
struct ndp {
    struct ndp_config cfg;
    struct ndp_counters counters;
    struct wheel wheel;
    uint32_t random;
    uint64_t num_temporary;         /* that were made */
    uint32_t mtu;                   /* of the link */
    uint8_t hop_limit;
    nanos retrans_ns, reachable_ns;

    struct ndp_neighbour neighbour[NDP_NEIGHBOURS];
    struct list bucket[NDP_BUCKETS];
    struct list free, strangers, peers;         /* by in_age, oldest use first */
    struct list settled;            /* found or not, packets still to be taken */
    size_t num_resolving;

    struct ndp_address address[NDP_ADDRESSES];
    struct ndp_router router[NDP_ROUTERS];
    struct ndp_prefix prefix[NDP_PREFIXES];
    struct ndp_route route[NDP_ROUTES];
    struct ndp_redirect redirect[NDP_REDIRECTS];
    size_t num_redirects, next_redirect;
    struct ndp_timer solicit;
    uint8_t solicitations_left;
    struct ndp_dns dns;
    nanos dns_until;

    struct ring outbox, notes;
    struct ndp_outgoing out[NDP_OUTBOX];
    struct ndp_news news[NDP_NOTES];
};

/* The link-local address is made at once. */
void ndp_init(struct ndp *n, const struct ndp_config *cfg, nanos now);
/* An address for good, with its prefix on-link; false: there is no place, or it is no host's. */
MUST_CHECK bool ndp_add_static(struct ndp *n, const struct ip_prefix *address, nanos now);
/* An address goes, whatever it came from. */
void ndp_remove(struct ndp *n, const struct ip *address);
/* A default router for good. */
MUST_CHECK bool ndp_add_gateway(struct ndp *n, const struct ip *router);
void ndp_remove_gateway(struct ndp *n, const struct ip *router);

/* A way for good to a network beyond the link; of several the longest prefix leads there, then the router's preference, as long as routers
 * answer (RFC 4191 section 3.2). false: there is no place, or the router is no host. */
MUST_CHECK bool ndp_add_route(struct ndp *n, const struct ip_prefix *network, const struct ip *router);
void ndp_remove_route(struct ndp *n, const struct ip_prefix *network, const struct ip *router);

struct ndp_arrival {
    struct ip source, destination;
    struct mac from;                /* the station that sent the frame */
    uint8_t hop_limit;
    struct span message;            /* ICMPv6, of any type, its checksum verified */
};
void ndp_input(struct ndp *n, const struct ndp_arrival *a, nanos now);
void ndp_tick(struct ndp *n, nanos now);
MUST_CHECK bool ndp_output(struct ndp *n, struct ndp_outgoing *out);
MUST_CHECK bool ndp_poll(struct ndp *n, struct ndp_news *out);
MUST_CHECK bool ndp_poll_resolved(struct ndp *n, struct ndp_resolved *out);
nanos ndp_deadline(const struct ndp *n);

/* Is it an address of ours, which may be used? */
bool ndp_is_ours(const struct ndp *n, const struct ip *a);
/* Is it one that nothing new should be spoken from (RFC 4862 section 5.5.4)? */
bool ndp_is_deprecated(const struct ndp *n, const struct ip *a);
/* Are we in this group? */
bool ndp_is_our_group(const struct ndp *n, const struct ip *group);
/* The address to speak to a destination from (RFC 6724 section 5); false: there is none. */
MUST_CHECK bool ndp_source(const struct ndp *n, const struct ip *destination, struct ip *out);
/* The source of reports about groups (RFC 3590 section 4): nobody, while the link-local address is not certain. */
struct ip ndp_report_source(const struct ndp *n);
/* The neighbour or group that a packet goes to (RFC 4861 section 5.2); false: there is no way. */
MUST_CHECK bool ndp_next_hop(const struct ndp *n, const struct ip *destination, struct ip *out);
/* How near its tables bring a host to a destination, to be compared with those of other interfaces: by the longest prefix that leads
 * there, then by the router's preference (RFC 4191 section 2.1), and least by a router that does not answer; 0: there is no way. */
unsigned ndp_nearness(const struct ndp *n, const struct ip *destination);
/* The station of a neighbour; false: not known, it is asked for, if there is room for that. */
MUST_CHECK bool ndp_find(struct ndp *n, const struct ip *neighbour, struct mac *out, nanos now);
/* Keeps the packet until the neighbour is found or not. false: refused. Only after ndp_find was false. */
MUST_CHECK bool ndp_hold(struct ndp *n, const struct ip *neighbour, struct packet *p);
/* What we sent there was answered (RFC 4861 section 7.3.1). */
void ndp_confirm(struct ndp *n, const struct ip *neighbour, nanos now);
/* Gives back what waits. */
void ndp_close(struct ndp *n);

#endif
