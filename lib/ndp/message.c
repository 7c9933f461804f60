// SPDX-License-Identifier: ISC
#include "lib/ndp/message.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv6/ipv6.h"

enum {
    UNIT_BYTES = 8,
    SOURCE_MAC = 1,
    TARGET_MAC = 2,
    PREFIX = 3,
    LINK_MTU = 5,
    NONCE = 14,                     /* RFC 3971 section 5.3.2 */
    ROUTE = 24,
    DNS_SERVERS = 25,
    DNS_SEARCH = 31,
    FLAG_ROUTER = 0x80,
    FLAG_SOLICITED = 0x40,
    FLAG_OVERRIDE = 0x20,
    FLAG_ON_LINK = 0x80,
    FLAG_AUTONOMOUS = 0x40,
    PREFERENCE_SHIFT = 3,
    PREFERENCE_HIGH = 1,
    PREFERENCE_RESERVED = 2,
    PREFERENCE_LOW = 3,
    MLD_EXPONENTIAL = 0x8000,       /* RFC 3810 section 5.1.3 */
};

static struct ip cur_ip(struct cur *c)
{
    struct ip a = { 0 };
    (void)span_copy(MSPAN(a.byte), cur_bytes(c, sizeof a.byte));
    return a;
}

static struct mac cur_mac(struct cur *c)
{
    struct mac m = { 0 };
    (void)span_copy(MSPAN(m.byte), cur_bytes(c, sizeof m.byte));
    return m;
}

/* ---- Options */

static void prefix_option(struct cur *c, struct ndp_message *m)
{
    struct ndp_prefix_option p = { .length = cur_u8(c) };
    uint8_t flags = cur_u8(c);
    p.on_link = flags & FLAG_ON_LINK;
    p.autonomous = flags & FLAG_AUTONOMOUS;
    p.valid_s = cur_u32(c);
    p.preferred_s = cur_u32(c);
    (void)cur_u32(c);
    p.prefix = cur_ip(c);
    if (c->err == WIRE_OK && p.length <= 128 && m->num_prefixes < NDP_PREFIX_OPTIONS_MAX)
        m->prefix[m->num_prefixes++] = p;
}

static int8_t preference_of(uint8_t flags)
{
    unsigned p = flags >> PREFERENCE_SHIFT & 3;
    return p == PREFERENCE_HIGH ? 1 : p == PREFERENCE_LOW ? -1 : 0;
}

/* RFC 4191 section 2.3: as much of the prefix as its length needs; a reserved preference voids the option. */
static void route_option(struct cur *c, struct ndp_message *m)
{
    struct ndp_route_option r = { .length = cur_u8(c) };
    uint8_t flags = cur_u8(c);
    r.preference = preference_of(flags);
    r.lifetime_s = cur_u32(c);
    struct span prefix = cur_rest(c);
    bool is_sound = r.length <= 128 && prefix.n * 8 >= r.length && prefix.n <= sizeof r.prefix.byte;
    (void)span_copy(MSPAN(r.prefix.byte), prefix);
    if (c->err == WIRE_OK && is_sound && (flags >> PREFERENCE_SHIFT & 3) != PREFERENCE_RESERVED && m->num_routes < NDP_ROUTE_OPTIONS_MAX)
        m->route[m->num_routes++] = r;
}

static void nonce_option(struct cur *c, struct ndp_message *m)
{
    struct span nonce = cur_bytes(c, NDP_NONCE_BYTES);
    if (c->err != WIRE_OK || c->left.n > 0)
        return;                             /* of another length: not ours */
    (void)span_copy(MSPAN(m->nonce), nonce);
    m->has_nonce = true;
}

static void dns_servers(struct cur *c, struct ndp_dns *dns)
{
    (void)cur_u16(c);
    dns->lifetime_s = cur_u32(c);
    while (c->left.n >= sizeof(struct ip) && dns->num_servers < NDP_DNS_SERVERS_MAX)
        dns->server[dns->num_servers++] = cur_ip(c);
}

static void dns_search(struct cur *c, struct ndp_dns *dns)
{
    (void)cur_u16(c);
    uint32_t lifetime_s = cur_u32(c);
    struct span names = cur_rest(c);
    if (c->err != WIRE_OK || lifetime_s == 0 || names.n > sizeof dns->search)
        return;
    dns->search_bytes = span_copy(MSPAN(dns->search), names);
}

/* What is behind its type and length; one that is too short for its type is ignored like one that we do not know. */
static void option(uint8_t type, struct span body, struct ndp_message *m)
{
    struct cur c = cur_of(body);
    switch (type) {
    case SOURCE_MAC:
        m->source_mac = cur_mac(&c);
        m->has_source_mac = true;
        break;
    case TARGET_MAC:
        m->target_mac = cur_mac(&c);
        m->has_target_mac = true;
        break;
    case PREFIX:
        prefix_option(&c, m);
        break;
    case LINK_MTU:
        (void)cur_u16(&c);
        m->mtu = cur_u32(&c);
        break;
    case ROUTE:
        route_option(&c, m);
        break;
    case NONCE:
        nonce_option(&c, m);
        break;
    case DNS_SERVERS:
        dns_servers(&c, &m->dns);
        break;
    case DNS_SEARCH:
        dns_search(&c, &m->dns);
        break;
    default:
        break;
    }
}

/* RFC 4861 section 6.1: an option without a length makes the whole message void. */
static void options(struct cur *c, struct ndp_message *m)
{
    while (cur_more(c)) {
        uint8_t type = cur_u8(c);
        size_t units = cur_u8(c);
        cur_want(c, units > 0, WIRE_BAD_VALUE);
        struct span body = cur_bytes(c, units * UNIT_BYTES - 2);
        if (c->err == WIRE_OK)
            option(type, body, m);
    }
    cur_want(c, !(m->source_mac.byte[0] & 1) && !(m->target_mac.byte[0] & 1), WIRE_BAD_VALUE);
}

/* ---- Messages */

static void router_advertisement(struct cur *c, struct ndp_message *m)
{
    m->hop_limit = cur_u8(c);
    m->preference = preference_of(cur_u8(c));
    m->lifetime_s = cur_u16(c);
    m->reachable_ms = cur_u32(c);
    m->retrans_ms = cur_u32(c);
    options(c, m);
}

static void neighbour_message(struct cur *c, struct ndp_message *m)
{
    uint8_t flags = cur_u8(c);
    (void)cur_bytes(c, 3);
    m->is_router = flags & FLAG_ROUTER;
    m->is_solicited = flags & FLAG_SOLICITED;
    m->is_override = flags & FLAG_OVERRIDE;
    m->target = cur_ip(c);
    cur_want(c, !ipv6_is_group(&m->target) && !ip_is_v4(&m->target), WIRE_BAD_VALUE);
    options(c, m);
}

static void redirect(struct cur *c, struct ndp_message *m)
{
    (void)cur_u32(c);
    m->target = cur_ip(c);
    m->destination = cur_ip(c);
    cur_want(c, ipv6_is_unicast(&m->destination) && ipv6_is_unicast(&m->target), WIRE_BAD_VALUE);
    cur_want(c, ipv6_is_link_local(&m->target) || ip_eq(&m->target, &m->destination), WIRE_BAD_VALUE);
    options(c, m);
}

static uint32_t response_ms(uint16_t code)
{
    return code < MLD_EXPONENTIAL ? code : (uint32_t)((code & 0xfff) | 0x1000) << ((code >> 12 & 7) + 3);
}

static void query(struct cur *c, struct ndp_message *m)
{
    m->max_response_ms = response_ms(cur_u16(c));
    (void)cur_u16(c);
    m->group = cur_ip(c);
    (void)cur_rest(c);
}

enum wire_err ndp_decode(struct span message, struct ndp_message *out)
{
    struct cur c = cur_of(message);
    struct ndp_message m = { 0 };

    m.type = cur_u8(&c);
    cur_want(&c, cur_u8(&c) == 0, WIRE_BAD_VALUE);      /* code */
    (void)cur_u16(&c);                                  /* checksum */
    switch (m.type) {
    case ICMPV6_ROUTER_SOLICITATION:
        (void)cur_u32(&c);
        options(&c, &m);
        break;
    case ICMPV6_ROUTER_ADVERTISEMENT:
        router_advertisement(&c, &m);
        break;
    case ICMPV6_NEIGHBOR_SOLICITATION:
    case ICMPV6_NEIGHBOR_ADVERTISEMENT:
        neighbour_message(&c, &m);
        break;
    case ICMPV6_REDIRECT:
        redirect(&c, &m);
        break;
    case ICMPV6_MLD_QUERY:
        query(&c, &m);
        break;
    default:
        cur_want(&c, false, WIRE_BAD_VALUE);
    }
    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? m : (struct ndp_message){ 0 };
    return e;
}

/* ---- Out */

static void write_head(struct wr *w, enum icmpv6_type type)
{
    wr_u8(w, (uint8_t)type);
    wr_zeros(w, 3);
}

static void write_mac(struct wr *w, uint8_t type, const struct mac *mac)
{
    if (!mac)
        return;
    wr_u8(w, type);
    wr_u8(w, 1);
    wr_bytes(w, SPAN(mac->byte));
}

void ndp_write_router_solicitation(struct wr *w, const struct mac *mac)
{
    write_head(w, ICMPV6_ROUTER_SOLICITATION);
    wr_u32(w, 0);
    write_mac(w, SOURCE_MAC, mac);
}

void ndp_write_solicitation(struct wr *w, const struct ip *target, const struct mac *mac)
{
    write_head(w, ICMPV6_NEIGHBOR_SOLICITATION);
    wr_u32(w, 0);
    wr_bytes(w, SPAN(target->byte));
    write_mac(w, SOURCE_MAC, mac);
}

void ndp_write_probe(struct wr *w, const struct ip *target, const uint8_t (*nonce)[NDP_NONCE_BYTES])
{
    ndp_write_solicitation(w, target, NULL);
    wr_u8(w, NONCE);
    wr_u8(w, 1);
    wr_bytes(w, SPAN(*nonce));
}

void ndp_write_advertisement(struct wr *w, const struct ip *target, bool is_solicited, bool is_override, const struct mac *mac)
{
    write_head(w, ICMPV6_NEIGHBOR_ADVERTISEMENT);
    wr_u8(w, (uint8_t)((is_solicited ? FLAG_SOLICITED : 0) | (is_override ? FLAG_OVERRIDE : 0)));
    wr_zeros(w, 3);
    wr_bytes(w, SPAN(target->byte));
    write_mac(w, TARGET_MAC, mac);
}

void ndp_write_group_report(struct wr *w, const struct ip *group, enum mld_record record)
{
    write_head(w, ICMPV6_MLDV2_REPORT);
    wr_u16(w, 0);
    wr_u16(w, 1);                       /* records */
    wr_u8(w, (uint8_t)record);
    wr_zeros(w, 3);                     /* no auxiliary data, no sources */
    wr_bytes(w, SPAN(group->byte));
}
