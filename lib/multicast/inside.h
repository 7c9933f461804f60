// SPDX-License-Identifier: ISC
/* inside.h - what the files of lib/multicast share. */
#ifndef LIB_MULTICAST_INSIDE_H
#define LIB_MULTICAST_INSIDE_H
#include "lib/multicast/multicast.h"

enum multicast_version { MULTICAST_V1, MULTICAST_V2, MULTICAST_V3 };    /* of IGMP; of MLD the last two are MLDv1 and MLDv2 */
struct multicast_query {
    enum multicast_version version;
    struct ip group;                    /* unspecified: all */
    uint32_t max_response_ms;
};
/* ---- message.c */
MUST_CHECK bool multicast_decode_igmp(struct span message, struct multicast_query *out);
MUST_CHECK bool multicast_decode_mld(struct span message, struct multicast_query *out);
/* We are in the group: after a change, or because we were asked. */
void multicast_write_membership(struct multicast_outgoing *o, const struct ip *group, enum multicast_version v, bool is_change);
/* We have left it. */
void multicast_write_leave(struct multicast_outgoing *o, const struct ip *group, enum multicast_version v);

#endif
