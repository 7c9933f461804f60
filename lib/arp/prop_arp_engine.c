// SPDX-License-Identifier: ISC
/* The cache between hostile neighbours and a restless stack: the input is a script of messages, of time and of what the
 * stack asks for. Whatever it is, nobody outside the network is learned, what is asked for has its bound, and every
 * packet that waits comes back. */
#include "check/any.h"
#include "lib/arp/arp.h"

#define NUM_PACKETS 8
#define OUR_IP 0x0a000001u
#define MASK 0xfffff000u        /* more neighbours than the cache has places */

static struct packet packets[NUM_PACKETS];
static struct packet_pool pool;
static struct arp a;
static nanos now;

static uint32_t some_ip(struct cur *script)
{
    uint8_t which = cur_u8(script);
    if (which >= 254)
        return which == 255 ? 0x0b000001 : 0;
    return OUR_IP - 1 + which;
}
static void message(struct cur *script)
{
    uint8_t bytes[ARP_MESSAGE_BYTES], about = cur_u8(script);
    struct wr w = wr_of(MSPAN(bytes));
    struct arp_message m = { .operation = (uint16_t)(1 + about % 2), .sender_mac = { { 2, 0, 0, 0, 0, cur_u8(script) } },
                             .sender_ip = some_ip(script), .target_ip = about & 4 ? OUR_IP : some_ip(script) };
    arp_encode(&w, &m);
    arp_input(&a, about & 8 ? span_first(SPAN(bytes), about) : SPAN(bytes), now);
}
/* So many strangers that older ones have to go, or so many that we ask for. */
static void crowd(struct cur *script)
{
    uint8_t num = cur_u8(script), bytes[ARP_MESSAGE_BYTES], about = cur_u8(script);
    struct mac mac;
    for (uint32_t i = 0; i < num; i++) {
        struct wr w = wr_of(MSPAN(bytes));
        struct arp_message m = { .operation = ARP_REQUEST, .sender_mac = { { 2, 1, 0, 0, 0, (uint8_t)i } },
                                 .sender_ip = OUR_IP + 256 + i + (about & 7u) * 200, .target_ip = OUR_IP };
        if (about & 8)
            (void)arp_find(&a, m.sender_ip, &mac, now);
        arp_encode(&w, &m);
        if (!(about & 16))
            arp_input(&a, SPAN(bytes), now);
    }
}
/* Addresses come and go. */
static void manage(struct cur *script)
{
    uint8_t about = cur_u8(script);
    uint32_t ip = some_ip(script);
    if (about & 1)
        arp_remove_address(&a, ip);
    else
        (void)!arp_add_address(&a, ip, MASK, about & 2, now);
}
static void send(struct cur *script)
{
    uint32_t ip = some_ip(script);
    struct mac mac;
    struct packet *p;
    if (arp_find(&a, ip, &mac, now)) {
        arp_confirm(&a, ip, now);
        return;
    }
    if ((p = packet_alloc(&pool)) && !arp_hold(&a, ip, p))
        packet_unref(p);
}
static void take_all(void)
{
    struct arp_news news;
    struct arp_outgoing out;
    while (arp_poll(&a, &news)) {
        CHECK(((news.ip ^ OUR_IP) & MASK) == 0 || !news.is_found);
        for (size_t i = 0; i < news.num_waiting; i++)
            packet_unref(news.waiting[i]);
    }
    for (int i = 0; arp_output(&a, &out); i++)
        CHECK(i < ARP_OUTBOX && mac_eq(&out.message.sender_mac, &a.cfg.mac));
    CHECK(a.num_asking <= ARP_ASKING_MAX);
}

PROPERTY(prop_arp_engine, 400)
{
    struct cur script = cur_of(in);
    struct arp_config cfg = { .mac = { { 2, 0, 0, 0, 0, 1 } }, .seed = 1 };
    packet_pool_init(&pool, packets, NUM_PACKETS);
    now = NS_PER_S;
    arp_init(&a, &cfg);
    CHECK(arp_add_address(&a, OUR_IP, MASK, false, now) && arp_add_address(&a, OUR_IP + 1, MASK, true, now));
    while (cur_more(&script)) {
        uint8_t what = cur_u8(&script);
        if (what == 0xf0)
            crowd(&script);
        else if (what == 0xf1)
            manage(&script);
        else if (what % 4 == 0)
            message(&script);
        else if (what % 4 < 3)
            send(&script);
        else
            now += (nanos)cur_u8(&script) * (what & 4 ? NS_PER_S : NS_PER_MS);
        arp_tick(&a, now);
        if (what & 8)
            take_all();
    }
    if (in.n % 4 == 0) {                /* it ends with what waits */
        arp_close(&a);
        CHECK(pool.num_free == NUM_PACKETS);
    }
    for (int i = 0; i < 10; i++) {
        now += 10 * (nanos)NS_PER_S;
        arp_tick(&a, now);
        take_all();
    }
    CHECK(pool.num_free == NUM_PACKETS && arp_deadline(&a) == NEVER);
}
