// SPDX-License-Identifier: ISC
/* The link between hostile neighbours and routers and a restless stack: the input is a script of messages, of time and of what
 * the stack asks for. Whatever it is, what we send is sound, the MTU stays within its bounds, and every packet that waits
 * comes back. */
#include "check/any.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv6/ipv6.h"
#include "lib/ndp/ndp.h"

#define NUM_PACKETS 8

static struct packet packets[NUM_PACKETS];
static struct packet_pool pool;
static struct ndp n;
static nanos now;

/* Link-local or of one of two networks, among them our own and those that we make. */
static struct ip some_ip(struct cur *script)
{
    uint8_t which = cur_u8(script), host = cur_u8(script);
    struct ip a = which & 1 ? (struct ip){ { 0xfe, 0x80 } } : (struct ip){ { 0xfd, [7] = which >> 1 & 3 } };
    struct mac mac = n.cfg.mac;
    if (host == 255)
        return ipv6_from_mac(&a, &mac);
    if (which & 128)
        a = (struct ip){ { 0xff, 2, [11] = which & 64 ? 0 : 1, [12] = which & 64 ? 0 : 0xff } };
    a.byte[15] = host;
    return a;
}
/* From a station on the link to us or all, but for what the script says. */
static void input(struct cur *script, struct span message)
{
    uint8_t about = cur_u8(script);
    struct ip link = { { 0xfe, 0x80 } };
    struct ndp_arrival a = { .source = { { 0xfe, 0x80, [15] = about >> 6 } }, .destination = IPV6_ALL_NODES,
                             .from = { { 2, 0, 0, 0, 0, about >> 6 } }, .hop_limit = 255, .message = message };
    if (about & 1)
        a.destination = ipv6_from_mac(&link, &n.cfg.mac);
    if (about & 2)
        a.source = (struct ip){ 0 };
    if (about & 4)
        a.hop_limit = 1;
    if (about & 8)
        a.source = some_ip(script);
    if (about & 16)
        a.destination = some_ip(script);
    ndp_input(&n, &a, now);
}
static void neighbour_message(struct cur *script)
{
    uint8_t bytes[NDP_MESSAGE_MAX_BYTES], about = cur_u8(script);
    struct wr w = wr_of(MSPAN(bytes));
    struct ip target = some_ip(script);
    struct mac mac = { { 2, 0, 0, 0, 0, about >> 4 } };
    if (about & 1)
        ndp_write_solicitation(&w, &target, about & 2 ? &mac : NULL);
    else
        ndp_write_advertisement(&w, &target, about & 2, about & 4, about & 8 ? NULL : &mac);
    input(script, wr_done(&w));
}
static void write_prefix(struct wr *w, uint8_t about, uint8_t lifetimes_of)
{
    static const uint32_t lifetimes[8] = { 0, 20, 9000, UINT32_MAX, 100, 7000, 90000, 200000 };
    struct ip prefix = { { about & 1 ? 0xfe : 0xfd, about & 1 ? 0x80 : 0, [7] = about >> 1 & 3 } };
    wr_u16(w, 3 << 8 | 4);
    wr_u8(w, about & 8 ? about : 64);
    wr_u8(w, about & 16 ? 0x80 : 0xc0);
    wr_u32(w, lifetimes[lifetimes_of & 7]);
    wr_u32(w, lifetimes[lifetimes_of >> 3 & 7]);
    wr_u32(w, 0);
    wr_bytes(w, SPAN(prefix.byte));
}
/* A name server and a domain to search in, or one that is too long. */
static void write_dns(struct wr *w, uint8_t about)
{
    struct ip server = { { 0x20, [15] = about } };
    wr_u16(w, 25 << 8 | 3);
    wr_u16(w, 0);
    wr_u32(w, about & 1 ? 500 : 0);
    wr_bytes(w, SPAN(server.byte));
    uint8_t units = about & 2 ? 34 : 2;
    wr_u8(w, 31);
    wr_u8(w, units);
    wr_u16(w, 0);
    wr_u32(w, about & 4 ? 500 : 0);
    wr_zeros(w, (size_t)units * 8 - 8);
}
/* A network beyond the link, with as much of its prefix as fits the option. */
static void write_route(struct wr *w, uint8_t about, uint8_t lifetime)
{
    struct ip prefix = { { 0x20, [1] = about & 1, [7] = about >> 1 & 1 } };
    uint8_t units = (uint8_t)(1 + about % 3);
    wr_u16(w, (uint16_t)(24 << 8 | units));
    wr_u8(w, about & 128 ? about : (uint8_t)((units - 1) * 64));
    wr_u8(w, about & 0x18);
    wr_u32(w, lifetime & 1 ? 0 : lifetime & 2 ? UINT32_MAX : 300);
    wr_bytes(w, span_first(SPAN(prefix.byte), (units - 1u) * 8));
}
/* A router's advertisement: its options, of lifetimes that are short, long or for ever. */
static void advertisement(struct cur *script)
{
    uint8_t bytes[500], about = cur_u8(script), options = cur_u8(script);
    struct wr w = wr_of(MSPAN(bytes));
    wr_u32(&w, (uint32_t)ICMPV6_ROUTER_ADVERTISEMENT << 24);
    wr_u8(&w, about & 128 ? 64 : 0);
    wr_u8(&w, (uint8_t)(about & 0x18));
    wr_u16(&w, (uint16_t)(about & 3 ? 1800 : 0));
    wr_u32(&w, about & 4 ? 30000 : 0);
    wr_u32(&w, about & 32 ? 500 : 0);
    if (options & 1) {
        wr_u16(&w, 1 << 8 | 1);
        wr_u32(&w, 0x02000000);
        wr_u16(&w, about);
    }
    if (options & 2) {
        wr_u16(&w, 5 << 8 | 1);
        wr_u16(&w, 0);
        wr_u32(&w, 1200 + cur_u8(script) * 2u);
    }
    for (unsigned i = 0; i < (options >> 2 & 3); i++) {
        uint8_t prefix = cur_u8(script);
        write_prefix(&w, prefix, cur_u8(script));
    }
    if (options & 16)
        write_dns(&w, options >> 5);
    if (about & 64)
        write_route(&w, cur_u8(script), options);
    input(script, wr_done(&w));
}
static void redirect(struct cur *script)
{
    uint8_t bytes[48];
    struct wr w = wr_of(MSPAN(bytes));
    struct ip target = some_ip(script), destination = some_ip(script);
    wr_u32(&w, (uint32_t)ICMPV6_REDIRECT << 24);
    wr_u32(&w, 0);
    wr_bytes(&w, SPAN(target.byte));
    wr_bytes(&w, SPAN(destination.byte));
    if (cur_u8(script) & 1) {
        wr_u16(&w, 2 << 8 | 1);
        wr_zeros(&w, 5);
        wr_u8(&w, target.byte[15]);
    }
    input(script, wr_done(&w));
}
static void query(struct cur *script)
{
    uint8_t bytes[28];
    struct wr w = wr_of(MSPAN(bytes));
    struct ip group = cur_u8(script) & 1 ? (struct ip){ 0 } : some_ip(script);
    wr_u32(&w, (uint32_t)ICMPV6_MLD_QUERY << 24);
    wr_u32(&w, (uint32_t)cur_u8(script) << 16);
    wr_bytes(&w, SPAN(group.byte));
    wr_u32(&w, 0);
    input(script, wr_done(&w));
}
/* So many neighbours that older ones have to go: that ask us, or that we ask for. */
static void crowd(struct cur *script)
{
    uint8_t num = cur_u8(script), about = cur_u8(script), bytes[NDP_MESSAGE_MAX_BYTES];
    struct ip link = { { 0xfe, 0x80 } }, own = ipv6_from_mac(&link, &n.cfg.mac);
    struct mac mac = { { 2, 0, 0, 0, 0, about } };
    for (unsigned i = 0; i < num; i++) {
        struct wr w = wr_of(MSPAN(bytes));
        struct ip station = { { 0xfe, 0x80, [14] = 1 + (about & 3), [15] = (uint8_t)i } };
        if (about & 4)
            (void)ndp_find(&n, &station, &mac, now);
        ndp_write_solicitation(&w, &own, &mac);
        if (!(about & 8))
            ndp_input(&n, &(struct ndp_arrival){ .source = station, .destination = own, .hop_limit = 255, .message = wr_done(&w) }, now);
    }
}
static void raw(struct cur *script)
{
    struct span message = cur_bytes(script, cur_u8(script));
    input(script, message);
}
/* What the stack does to send: a source, a hop, a station, or else to wait for it. */
static void send(struct cur *script)
{
    struct ip to = some_ip(script), source, hop;
    struct mac mac;
    struct packet *p;
    bool is_reached = ndp_next_hop(&n, &to, &hop);
    CHECK(!is_reached || ndp_nearness(&n, &to) > 0);
    if (!ndp_source(&n, &to, &source) || !is_reached || ipv6_is_group(&hop))
        return;
    CHECK(ndp_is_ours(&n, &source));
    if (ndp_find(&n, &hop, &mac, now))
        ndp_confirm(&n, &hop, now);
    else if ((p = packet_alloc(&pool)) && !ndp_hold(&n, &hop, p))
        packet_unref(p);
}
/* A probe of ours comes back. */
static void reflect(const struct ndp_outgoing *out)
{
    struct ndp_arrival a = { out->source, out->destination, out->mac, 255, span_first(SPAN(out->byte), out->num_bytes) };
    if (!out->is_mld && ipv6_is_unspecified(&out->source))
        ndp_input(&n, &a, now);
}
static void take_all(void)
{
    struct ndp_outgoing out;
    struct ndp_message m;
    struct ndp_news news;
    struct ndp_resolved resolved;
    for (int i = 0; ndp_output(&n, &out); i++) {
        CHECK(i < 2 * NDP_OUTBOX && out.num_bytes >= 8 && out.num_bytes <= NDP_MESSAGE_MAX_BYTES);
        CHECK(out.is_mld || ndp_decode(span_first(SPAN(out.byte), out.num_bytes), &m) == WIRE_OK);
        if (n.random & 1)
            reflect(&out);
    }
    while (ndp_poll(&n, &news))
        ;
    while (ndp_poll_resolved(&n, &resolved))
        for (size_t i = 0; i < resolved.num_waiting; i++)
            packet_unref(resolved.waiting[i]);
    CHECK(n.mtu >= 1280 && n.mtu <= 1500 && n.num_resolving <= NDP_RESOLVING_MAX);
}
static void manage(struct cur *script)
{
    uint8_t what = cur_u8(script);
    struct ip_prefix a = { some_ip(script), what & 128 ? what : 64 };
    struct ip router = { { 0xfe, 0x80, [15] = what >> 2 & 3 } };
    if (what & 64 && what & 1)
        (void)!ndp_add_route(&n, &a, &router);
    else if (what & 64)
        ndp_remove_route(&n, &a, &router);
    else if (what % 4 == 0)
        (void)!ndp_add_static(&n, &a, now);
    else if (what % 4 == 1)
        (void)!ndp_add_gateway(&n, &a.ip);
    else if (what % 4 == 2)
        ndp_remove(&n, &a.ip);
    else
        ndp_remove_gateway(&n, &a.ip);
    (void)ndp_is_our_group(&n, &a.ip);
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script);
    void (*const does[])(struct cur *) = { neighbour_message, neighbour_message, advertisement, redirect, query, raw,
                                                send, send, manage, crowd };
    if (what % 16 < sizeof does / sizeof *does)
        does[what % 16](script);
    else
        now += (nanos)cur_u8(script) * (what & 32 ? 400 * (nanos)NS_PER_S : what & 16 ? NS_PER_S : 40 * (nanos)NS_PER_MS);
    ndp_tick(&n, now);
    if (!(what & 128))
        take_all();
}

PROPERTY(prop_ndp, 500)
{
    struct cur script = cur_of(in);
    uint8_t about = cur_u8(&script);
    struct ndp_config cfg = { .mac = { { 2, 0, 0, 0, 0, 1 } }, .mtu = 1500, .seed = about, .accept_router_advertisements = about & 1,
                              .is_opaque = about & 2, .has_temporary = about & 4 };
    packet_pool_init(&pool, packets, NUM_PACKETS);
    now = NS_PER_S;
    ndp_init(&n, &cfg, now);
    while (cur_more(&script))
        step(&script);
    if (in.n % 4 == 0) {                /* it ends with what waits */
        ndp_close(&n);
        CHECK(pool.num_free == NUM_PACKETS);
    }
    for (int i = 0; i < 40; i++) {
        take_all();
        now += 20 * (nanos)NS_PER_S;
        ndp_tick(&n, now);
    }
    take_all();
    CHECK(pool.num_free == NUM_PACKETS && ndp_deadline(&n) != 0);
}
