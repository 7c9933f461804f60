// SPDX-License-Identifier: ISC
/* inside.h - what the files of lib/ndp share. */
#ifndef LIB_NDP_INSIDE_H
#define LIB_NDP_INSIDE_H
#include "base/checked.h"
#include "lib/ipv6/ipv6.h"
#include "lib/ndp/ndp.h"

/* ---- ndp.c */
void ndp_timer_set(struct ndp *n, struct ndp_timer *t, nanos at);
void ndp_timer_clear(struct ndp *n, struct ndp_timer *t);
/* Below `max`, for delays. */
nanos ndp_random(struct ndp *n, nanos max);
void ndp_note(struct ndp *n, enum ndp_note note, const struct ip *ip);
/* Puts a message into the outbox, with its checksum. */
void ndp_post(struct ndp *n, const struct ip *source, const struct ip *destination, const struct mac *mac, bool is_mld,
              const struct wr *message);

/* ---- neighbour.c */
void ndp_neighbours_init(struct ndp *n);
struct ndp_neighbour *ndp_neighbour_of(struct ndp *n, const struct ip *ip);
/* A message said where it is, on its own account (RFC 4861 section 7.2.3): STALE, unless known so already. */
void ndp_neighbour_heard(struct ndp *n, const struct ip *ip, const struct mac *mac);
void ndp_neighbour_advertised(struct ndp *n, const struct ndp_message *m, nanos now);
void ndp_neighbour_timer(struct ndp *n, struct ndp_neighbour *e, nanos now);

/* ---- address.c */
struct ndp_address *ndp_address_of(struct ndp *n, const struct ip *ip);
/* NULL: there is no place. */
struct ndp_address *ndp_address_add(struct ndp *n, const struct ip_prefix *p, nanos preferred_until, nanos valid_until, nanos now);
/* Somebody else has it. */
void ndp_address_conflict(struct ndp *n, struct ndp_address *a, nanos now);
/* Sets the timer by the lifetimes. */
void ndp_address_renew(struct ndp *n, struct ndp_address *a, nanos now);
void ndp_address_timer(struct ndp *n, struct ndp_address *a, nanos now);
void ndp_group_timer(struct ndp *n, struct ndp_address *a, nanos now);
void ndp_group_query(struct ndp *n, const struct ndp_message *m, nanos now);
static inline bool ndp_address_is_usable(const struct ndp_address *a)
{
    return a->state == NDP_OPTIMISTIC || a->state == NDP_PREFERRED || a->state == NDP_DEPRECATED;
}
/* RFC 4429 section 3.3: what is sent from an optimistic address says nothing of its station. */
const struct mac *ndp_mac_for(struct ndp *n, const struct ip *source);

/* ---- identifier.c */
/* An address of the prefix; of stable ones another after each conflict. */
struct ip ndp_make_ip(struct ndp *n, const struct ip *prefix, bool is_temporary, uint8_t num_conflicts);
/* Another one for an address that is somebody else's, where that can be (RFC 7217 section 6, RFC 8981 section 3.4). */
void ndp_make_another(struct ndp *n, const struct ndp_address *old, nanos now);
/* A router told of a prefix for addresses of our making. */
void ndp_temporary_told(struct ndp *n, const struct ndp_prefix_option *p, nanos now);
nanos ndp_temporary_successor_at(const struct ndp_address *a, nanos now);
void ndp_temporary_timer(struct ndp *n, struct ndp_address *a, nanos now);

/* ---- router.c */
void ndp_solicit_routers(struct ndp *n, nanos now);
void ndp_solicit_timer(struct ndp *n, nanos now);
void ndp_router_advertised(struct ndp *n, const struct ndp_arrival *a, const struct ndp_message *m, nanos now);
void ndp_router_remove(struct ndp *n, struct ndp_router *r);
struct ndp_router *ndp_router_of(struct ndp *n, const struct ip *ip);
void ndp_router_is_lost(struct ndp *n, const struct ip *ip, bool is_lost);
void ndp_prefix_set(struct ndp *n, const struct ip *prefix, uint8_t length, bool is_static, nanos until);
/* The place of a router, as a bit; 0: it has none. */
uint8_t ndp_router_bit(const struct ndp *n, const struct ip *router);
void ndp_redirected(struct ndp *n, const struct ndp_arrival *a, const struct ndp_message *m);
static inline bool ndp_has_prefix(const struct ip *a, const struct ip *prefix, uint8_t length)
{
    return ipv6_common_bits(a, prefix) >= length;
}
static inline nanos ndp_until(uint32_t seconds, nanos now)
{
    return seconds == UINT32_MAX ? NEVER : nanos_add(now, from_s(seconds));
}

/* ---- route.c */
void ndp_routes_told(struct ndp *n, const struct ip *router, const struct ndp_message *m, nanos now);
void ndp_routes_are_lost(struct ndp *n, const struct ip *router, bool is_lost);
/* The router that leads to a destination beyond the link, of those by default, too; NULL: none. */
const struct ip *ndp_router_for(const struct ndp *n, const struct ip *destination, unsigned *nearness);
/* What is on the link is nearer than what is behind a router, at the same length. */
#define NDP_NEARNESS(length, preference, answers) ((answers ? 1024u : 0) + 4 * ((unsigned)(length) + 1) + (unsigned)((preference) + 1))
enum { NDP_ON_LINK = 2 };           /* as its preference */

#endif
