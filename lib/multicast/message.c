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
    CHECKSUM_AT = 2,
};
#define IGMP_V3_ROUTERS 0xe0000016u
#define IPV4_ALL_ROUTERS 0xe0000002u

/* ---- In */

/* RFC 3376 section 4.1.1. */
static uint32_t igmp_tenths(uint8_t code)
{
    return code < 0x80 ? code : (uint32_t)((code & 0xf) | 0x10) << ((code >> 4 & 7) + 3);
}

/* Of more than we can keep, we answer as if all were asked about. */
static void read_sources(struct cur *c, size_t address_bytes, struct multicast_query *q)
{
    (void)cur_u16(c);                           /* flags, QRV, QQIC */
    size_t num = cur_u16(c);
    for (size_t i = 0; i < num && c->err == WIRE_OK; i++) {
        struct span address = cur_bytes(c, address_bytes);
        struct ip source = address_bytes == sizeof source.byte ? (struct ip){ 0 } : ip_from_v4(0);
        (void)span_copy(mspan_skip(MSPAN(source.byte), sizeof source.byte - address_bytes), address);
        if (num <= IP_SOURCES_MAX && c->err == WIRE_OK)
            (void)!multicast_add(&q->sources, &source);
    }
}

static bool finish(struct cur *c, const struct multicast_query *q, struct multicast_query *out)
{
    (void)cur_rest(c);                          /* RFC 3376 section 4.1.10 */
    bool is_sound = cur_end(c) == WIRE_OK;
    *out = is_sound ? *q : (struct multicast_query){ 0 };
    return is_sound;
}

bool multicast_decode_igmp(struct span message, struct multicast_query *out)
{
    struct cur c = cur_of(message);
    struct multicast_query q = { 0 };
    uint8_t type = cur_u8(&c), code = cur_u8(&c);
    (void)cur_u16(&c);                          /* checksum */
    uint32_t group = cur_u32(&c);
    cur_want(&c, type == IGMP_QUERY && (message.n == IGMP_OLD_BYTES || message.n >= IGMP_V3_BYTES), WIRE_BAD_VALUE);
    cur_want(&c, group == 0 || group >> 28 == 14, WIRE_BAD_VALUE);
    q.version = message.n >= IGMP_V3_BYTES ? MULTICAST_V3 : code ? MULTICAST_V2 : MULTICAST_V1;
    q.group = group != 0 ? ip_from_v4(group) : (struct ip){ 0 };
    q.max_response_ms = q.version == MULTICAST_V3 ? igmp_tenths(code) * TENTH_MS :
                        code                      ? (uint32_t)code * TENTH_MS : IGMP_V1_RESPONSE_MS;
    if (q.version == MULTICAST_V3)
        read_sources(&c, sizeof group, &q);
    return finish(&c, &q, out);
}

/* RFC 3810 section 5.1.3. */
static uint32_t mld_ms(uint16_t code)
{
    return code < 0x8000 ? code : (uint32_t)((code & 0xfff) | 0x1000) << ((code >> 12 & 7) + 3);
}

bool multicast_decode_mld(struct span message, struct multicast_query *out)
{
    struct cur c = cur_of(message);
    struct multicast_query q = { 0 };
    cur_want(&c, cur_u8(&c) == MLD_QUERY, WIRE_BAD_VALUE);
    (void)cur_bytes(&c, 3);                     /* code, checksum */
    uint16_t code = cur_u16(&c);
    (void)cur_u16(&c);
    (void)span_copy(MSPAN(q.group.byte), cur_bytes(&c, sizeof q.group.byte));
    cur_want(&c, message.n == MLD_V1_BYTES || message.n >= MLD_V2_BYTES, WIRE_BAD_VALUE);
    q.version = message.n == MLD_V1_BYTES ? MULTICAST_V2 : MULTICAST_V3;
    q.max_response_ms = q.version == MULTICAST_V2 ? code : mld_ms(code);
    if (q.version == MULTICAST_V3)
        read_sources(&c, sizeof q.group.byte, &q);
    return finish(&c, &q, out);
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

static void end(struct multicast_outgoing *o, const struct wr *w, const struct ip *destination)
{
    o->num_bytes = wr_len(w);
    o->destination = *destination;
    if (!ip_is_v4(destination))
        return;
    struct checksum c = { 0 };
    checksum_add(&c, wr_done(w));
    mspan_u16(MSPAN(o->byte), CHECKSUM_AT, checksum_field(&c));
}

static void write_address(struct wr *w, const struct ip *a, bool is_v4)
{
    wr_bytes(w, is_v4 ? span_skip(SPAN(a->byte), sizeof a->byte - sizeof(uint32_t)) : SPAN(a->byte));
}

static void write_record(struct wr *w, const struct ip *group, const struct multicast_record *r)
{
    bool is_v4 = ip_is_v4(group);
    wr_u8(w, (uint8_t)r->type);
    wr_u8(w, 0);                                /* no auxiliary data */
    wr_u16(w, r->sources->num);
    write_address(w, group, is_v4);
    for (size_t i = 0; i < r->sources->num; i++)
        write_address(w, &r->sources->ip[i], is_v4);
}

void multicast_write_report(struct multicast_outgoing *o, const struct ip *group, const struct multicast_record *first,
                            const struct multicast_record *second)
{
    bool is_v4 = ip_is_v4(group);
    struct ip routers = is_v4 ? ip_from_v4(IGMP_V3_ROUTERS) : IPV6_ALL_MLDV2_ROUTERS;
    struct wr w = begin(o, is_v4 ? IGMP_V3_REPORT : MLD_V2_REPORT);
    wr_u16(&w, 0);
    wr_u16(&w, second ? 2 : 1);
    write_record(&w, group, first);
    if (second)
        write_record(&w, group, second);
    REQUIRE(!w.full);
    end(o, &w, &routers);
}

static enum multicast_type old_type(bool is_v4, enum multicast_version v, bool is_member)
{
    if (!is_v4)
        return is_member ? MLD_V1_REPORT : MLD_DONE;
    return !is_member ? IGMP_LEAVE : v == MULTICAST_V2 ? IGMP_V2_REPORT : IGMP_V1_REPORT;
}

void multicast_write_old(struct multicast_outgoing *o, const struct ip *group, enum multicast_version v, bool is_member)
{
    bool is_v4 = ip_is_v4(group);
    struct ip routers = is_v4 ? ip_from_v4(IPV4_ALL_ROUTERS) : IPV6_ALL_ROUTERS;
    struct wr w = begin(o, old_type(is_v4, v, is_member));
    if (!is_v4)
        wr_u32(&w, 0);                          /* no delay */
    write_address(&w, group, is_v4);
    end(o, &w, is_member ? group : &routers);
}
