// SPDX-License-Identifier: ISC
/* inside.h - what the files of lib/multicast share. */
#ifndef LIB_MULTICAST_INSIDE_H
#define LIB_MULTICAST_INSIDE_H
#include "lib/multicast/multicast.h"

enum multicast_version { MULTICAST_V1, MULTICAST_V2, MULTICAST_V3 };    /* of IGMP; of MLD the last two are MLDv1 and MLDv2 */
struct multicast_query {
    enum multicast_version version;
    struct ip group;                    /* unspecified: all */
    struct ip_sources sources;          /* that are asked about; none: all */
    uint32_t max_response_ms;
};
enum multicast_record_type {            /* RFC 3376 section 4.2.12, RFC 3810 section 5.2.12 */
    MODE_IS_INCLUDE = 1,
    MODE_IS_EXCLUDE,
    CHANGE_TO_INCLUDE_MODE,
    CHANGE_TO_EXCLUDE_MODE,
    ALLOW_NEW_SOURCES,
    BLOCK_OLD_SOURCES,
};
struct multicast_record {
    enum multicast_record_type type;
    const struct ip_sources *sources;
};
/* ---- message.c; a failed decode leaves all zero. */
MUST_CHECK bool multicast_decode_igmp(struct span message, struct multicast_query *out);
MUST_CHECK bool multicast_decode_mld(struct span message, struct multicast_query *out);
/* A report of one or two records. */
void multicast_write_report(struct multicast_outgoing *o, const struct ip *group, const struct multicast_record *first,
                            const struct multicast_record *second);
/* In the older versions: we are in the group, or have left it. */
void multicast_write_old(struct multicast_outgoing *o, const struct ip *group, enum multicast_version v, bool is_member);

/* ---- filter.c */
bool multicast_has(const struct ip_sources *s, const struct ip *source);
bool multicast_hears(const struct ip_sources *s, const struct ip *source);
/* false: there is no room for it. */
MUST_CHECK bool multicast_add(struct ip_sources *s, const struct ip *source);
void multicast_drop(struct ip_sources *s, const struct ip *source);
/* Somebody is heard. */
static inline bool multicast_is_anybody(const struct ip_sources *s)
{
    return s->is_exclude || s->num > 0;
}
bool multicast_same(const struct ip_sources *a, const struct ip_sources *b);
/* What the interface has to receive for all its users (RFC 3376 section 3.2). */
struct ip_sources multicast_merged(const struct multicast *m, const struct ip *group);

#endif
