// SPDX-License-Identifier: ISC
/* pathmtu.h - how large packets to a destination may be (RFC 1191, RFC 8201), an engine. An error can lower it, to the
 * family's least; after PATHMTU_NS larger packets are tried again (RFC 1191 section 6.3). With all places in use the
 * one that was told first gives way. Whether an error is to be believed is the caller's to judge. */
#ifndef LIB_PATHMTU_PATHMTU_H
#define LIB_PATHMTU_PATHMTU_H
#include "base/nanos.h"
#include "interface/address.h"

#define PATHMTU_PLACES 32
#define PATHMTU_MIN_V4 576              /* RFC 1191 section 3 allows 68, which only an attacker has */
#define PATHMTU_MIN_V6 1280             /* RFC 8201 section 4 */
#define PATHMTU_NS (600 * (nanos)NS_PER_S)

struct pathmtu {                        /* all zero: nothing is known */
    size_t num, next;                   /* places in use, and the one to be taken next */
    struct pathmtu_place {
        struct ip destination;
        uint32_t mtu;
        nanos until;
    } place[PATHMTU_PLACES];
};
/* The MTU to a destination, where that of the link is `mtu`. */
uint32_t pathmtu_to(const struct pathmtu *p, const struct ip *destination, uint32_t mtu, nanos now);
/* A packet was too big for `mtu`; 0: a router that does not say (RFC 1191 section 5). It is only ever lowered. */
void pathmtu_lower(struct pathmtu *p, const struct ip *destination, uint32_t mtu, nanos now);

#endif
