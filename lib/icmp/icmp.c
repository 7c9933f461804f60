// SPDX-License-Identifier: ISC
#include "lib/icmp/icmp.h"
#include "lib/checksum/checksum.h"
#include "lib/ipv4/ipv4.h"

enum { ERROR_INTERVAL_NS = NS_PER_S / ICMP_ERRORS_PER_S };

enum wire_err icmp_decode(struct span message, struct icmp_header *out)
{
    struct cur c = cur_of(message);
    struct icmp_header h = { 0 };

    h.type = cur_u8(&c);
    h.code = cur_u8(&c);
    h.checksum = cur_u16(&c);
    h.rest = cur_u32(&c);
    (void)cur_rest(&c);

    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? h : (struct icmp_header){ 0 };
    return e;
}

void icmp_encode(struct mspan out, const struct icmp_header *h)
{
    mspan_put(out, 0, h->type);
    mspan_put(out, 1, h->code);
    mspan_u16(out, 2, h->checksum);
    mspan_u32(out, 4, h->rest);
}

struct icmp_header icmp_echo_reply(const struct icmp_header *request)
{
    uint16_t before = (uint16_t)(request->type << 8 | request->code);
    uint16_t field = checksum_updated(request->checksum, before, ICMP_ECHO_REPLY << 8);
    /* a message of nothing but zeros has the field 0xffff, which is as good wherever the update yields 0 */
    return (struct icmp_header){ .type = ICMP_ECHO_REPLY, .rest = request->rest, .checksum = field ? field : 0xffff };
}

struct icmp_header icmp_error(enum icmp_type type, enum icmp_code code, struct span quote)
{
    struct icmp_header h = { .type = (uint8_t)type, .code = (uint8_t)code };
    uint8_t bytes[ICMP_HEADER_BYTES];
    struct checksum c = { 0 };
    icmp_encode(MSPAN(bytes), &h);
    checksum_add(&c, SPAN(bytes));
    checksum_add(&c, quote);
    h.checksum = checksum_field(&c);
    return h;
}

static bool is_error(uint8_t type)
{
    return type == ICMP_UNREACHABLE || type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETER_PROBLEM;
}

/* A quote is cut short, so its own length and checksum say nothing (RFC 792: the header and 64 bits). */
enum wire_err icmp_error_decode(struct span message, struct icmp_quote *out)
{
    struct cur c = cur_of(message);
    struct icmp_quote q = { 0 };

    uint8_t type = cur_u8(&c), code = cur_u8(&c);
    (void)cur_bytes(&c, 4);                             /* checksum, unused */
    uint16_t next_hop_mtu = cur_u16(&c);
    uint8_t version_ihl = cur_u8(&c);
    (void)cur_bytes(&c, 8);                             /* type of service .. time to live */
    q.protocol = cur_u8(&c);
    (void)cur_u16(&c);                                  /* checksum */
    q.source = cur_u32(&c);
    q.destination = cur_u32(&c);
    cur_want(&c, version_ihl >= 0x45 && version_ihl <= 0x4f, WIRE_BAD_VALUE);
    (void)cur_bytes(&c, (size_t)(version_ihl & 0xf) * 4 - IPV4_HEADER_BYTES);
    q.source_port = cur_u16(&c);
    q.destination_port = cur_u16(&c);
    q.sequence = cur_u32(&c);
    cur_want(&c, is_error(type) && (q.protocol == IPV4_TCP || q.protocol == IPV4_UDP), WIRE_BAD_VALUE);
    (void)cur_rest(&c);

    bool is_unreachable = type == ICMP_UNREACHABLE;
    q.is_hard = is_unreachable && (code == ICMP_UNREACHABLE_PROTOCOL || code == ICMP_UNREACHABLE_PORT);
    q.mtu = is_unreachable && code == ICMP_FRAGMENTATION_NEEDED ? next_hop_mtu : 0;
    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? q : (struct icmp_quote){ 0 };
    return e;
}

bool icmp_limit_take(struct icmp_limit *l, nanos now)
{
    nanos full_at = nanos_add(nanos_max(l->full_at, now), ERROR_INTERVAL_NS);
    if (nanos_sub(full_at, now) > (nanos)ICMP_ERRORS_BURST * ERROR_INTERVAL_NS)
        return false;
    l->full_at = full_at;
    return true;
}
