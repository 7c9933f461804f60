// SPDX-License-Identifier: ISC
/* message.c - queries in, reports out (RFC 3376 section 4, RFC 3810 section 5, and the older ones in RFC 1112 appendix I,
 * RFC 2236 section 2, RFC 2710 section 3). */
#include "lib/multicast/inside.h"
#include "base/cursor.h"
#include "base/writer.h"
#include "lib/checksum/checksum.h"
#include "lib/ipv6/ipv6.h"

enum {
    IGMP_OLD_BYTES = 8,
    IGMP_V3_BYTES = 12,
    IGMP_V1_RESPONSE_MS = 10000,
    TENTH_MS = 100,
    MLD_V1_BYTES = 24,
    MLD_V2_BYTES = 28,
};
enum record { MODE_IS_EXCLUDE = 2, CHANGE_TO_INCLUDE = 3, CHANGE_TO_EXCLUDE = 4 };

/* ---- In */

/* RFC 3376 section 4.1.1. */
static uint32_t igmp_tenths(uint8_t code)
{
    return code < 0x80 ? code : (uint32_t)((code & 0xf) | 0x10) << ((code >> 4 & 7) + 3);
}

bool multicast_decode_igmp(struct span message, struct multicast_query *out)
{
    struct cur c = cur_of(message);
    uint8_t type = cur_u8(&c), code = cur_u8(&c);
    (void)cur_u16(&c);                          /* checksum */
    uint32_t group = cur_u32(&c);
    cur_want(&c, type == IGMP_QUERY && (message.n == IGMP_OLD_BYTES || message.n >= IGMP_V3_BYTES), WIRE_BAD_VALUE);
    cur_want(&c, group == 0 || group >> 28 == 14, WIRE_BAD_VALUE);
    (void)cur_rest(&c);
    struct multicast_query q = { .version = message.n >= IGMP_V3_BYTES ? MULTICAST_V3 : code ? MULTICAST_V2 : MULTICAST_V1 };
    if (group != 0)
        q.group = ip_from_v4(group);
    q.max_response_ms = q.version == MULTICAST_V3 ? igmp_tenths(code) * TENTH_MS :
                        code                      ? (uint32_t)code * TENTH_MS : IGMP_V1_RESPONSE_MS;
    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? q : (struct multicast_query){ 0 };
    return e == WIRE_OK;
}

/* RFC 3810 section 5.1.3. */
static uint32_t mld_ms(uint16_t code)
{
    return code < 0x8000 ? code : (uint32_t)((code & 0xfff) | 0x1000) << ((code >> 12 & 7) + 3);
}

bool multicast_decode_mld(struct span message, struct multicast_query *out)
{
    struct cur c = cur_of(message);
    cur_want(&c, cur_u8(&c) == MLD_QUERY, WIRE_BAD_VALUE);
    (void)cur_bytes(&c, 3);                     /* code, checksum */
    uint16_t code = cur_u16(&c);
    (void)cur_u16(&c);
    struct span group = cur_bytes(&c, sizeof out->group.byte);
    cur_want(&c, message.n == MLD_V1_BYTES || message.n >= MLD_V2_BYTES, WIRE_BAD_VALUE);
    (void)cur_rest(&c);
    bool is_v1 = message.n == MLD_V1_BYTES;
    struct multicast_query q = { .version = is_v1 ? MULTICAST_V2 : MULTICAST_V3, .max_response_ms = is_v1 ? code : mld_ms(code) };
    (void)span_copy(MSPAN(q.group.byte), group);
    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? q : (struct multicast_query){ 0 };
    return e == WIRE_OK;
}

/* ---- Out */

static struct wr begin(struct multicast_outgoing *o, enum multicast_type type)
{
    *o = (struct multicast_outgoing){ 0 };
    struct wr w = wr_of(MSPAN(o->byte));
    wr_u8(&w, (uint8_t)type);
    wr_zeros(&w, 3);                            /* code, checksum */
    return w;
}

static void end_igmp(struct multicast_outgoing *o, const struct wr *w, uint32_t destination)
{
    struct checksum c = { 0 };
    checksum_add(&c, wr_done(w));
    mspan_u16(MSPAN(o->byte), 2, checksum_field(&c));
    o->num_bytes = wr_len(w);
    o->destination = ip_from_v4(destination);
}

static void write_igmp_v3(struct multicast_outgoing *o, uint32_t group, enum record record)
{
    struct wr w = begin(o, IGMP_V3_REPORT);
    wr_u16(&w, 0);
    wr_u16(&w, 1);                              /* records */
    wr_u8(&w, (uint8_t)record);
    wr_zeros(&w, 3);                            /* no auxiliary data, no sources */
    wr_u32(&w, group);
    end_igmp(o, &w, 0xe0000016);
}

static void write_igmp_old(struct multicast_outgoing *o, enum multicast_type type, uint32_t group, uint32_t destination)
{
    struct wr w = begin(o, type);
    wr_u32(&w, group);
    end_igmp(o, &w, destination);
}

static void write_mld_v2(struct multicast_outgoing *o, const struct ip *group, enum record record)
{
    struct wr w = begin(o, MLD_V2_REPORT);
    wr_u16(&w, 0);
    wr_u16(&w, 1);
    wr_u8(&w, (uint8_t)record);
    wr_zeros(&w, 3);
    wr_bytes(&w, SPAN(group->byte));
    o->num_bytes = wr_len(&w);
    o->destination = IPV6_ALL_MLDV2_ROUTERS;
}

static void write_mld_v1(struct multicast_outgoing *o, enum multicast_type type, const struct ip *group, const struct ip *destination)
{
    struct wr w = begin(o, type);
    wr_u32(&w, 0);
    wr_bytes(&w, SPAN(group->byte));
    o->num_bytes = wr_len(&w);
    o->destination = *destination;
}

void multicast_write_membership(struct multicast_outgoing *o, const struct ip *group, enum multicast_version v, bool is_change)
{
    enum record record = is_change ? CHANGE_TO_EXCLUDE : MODE_IS_EXCLUDE;
    if (!ip_is_v4(group) && v == MULTICAST_V3)
        write_mld_v2(o, group, record);
    else if (!ip_is_v4(group))
        write_mld_v1(o, MLD_V1_REPORT, group, group);
    else if (v == MULTICAST_V3)
        write_igmp_v3(o, ip_v4(group), record);
    else
        write_igmp_old(o, v == MULTICAST_V2 ? IGMP_V2_REPORT : IGMP_V1_REPORT, ip_v4(group), ip_v4(group));
}

void multicast_write_leave(struct multicast_outgoing *o, const struct ip *group, enum multicast_version v)
{
    if (!ip_is_v4(group) && v == MULTICAST_V3)
        write_mld_v2(o, group, CHANGE_TO_INCLUDE);
    else if (!ip_is_v4(group))
        write_mld_v1(o, MLD_DONE, group, &IPV6_ALL_ROUTERS);
    else if (v == MULTICAST_V3)
        write_igmp_v3(o, ip_v4(group), CHANGE_TO_INCLUDE);
    else
        write_igmp_old(o, IGMP_LEAVE, ip_v4(group), 0xe0000002);
}
