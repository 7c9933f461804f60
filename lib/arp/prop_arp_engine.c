// SPDX-License-Identifier: ISC
/* The cache between hostile neighbours and a restless stack: the input is a script of messages, of time and of what the
 * stack asks for. Whatever it is, nobody outside the network is learned, what is asked for has its bound, and every
 * packet that waits comes back. */
#include "check/any.h"
#include "lib/arp/arp.h"

#define NUM_PACKETS 8
#define OUR_IP 0x0a000001u

static struct packet packets[NUM_PACKETS];
static struct packet_pool pool;
static struct arp a;
static nanos now;

static uint32_t some_ip(struct cur *script)
{
    uint8_t which = cur_u8(script);
    return which == 255 ? 0x0b000001 : OUR_IP - 1 + which;
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
/* So many strangers that older ones have to go. */
static void crowd(struct cur *script)
{
    uint8_t num = cur_u8(script), bytes[ARP_MESSAGE_BYTES];
    for (uint32_t i = 0; i < num; i++) {
        struct wr w = wr_of(MSPAN(bytes));
        struct arp_message m = { .operation = ARP_REQUEST, .sender_mac = { { 2, 1, 0, 0, 0, (uint8_t)i } },
            .sender_ip = OUR_IP + 1000 + i + num * 7u,
                                 .target_ip = OUR_IP };
        arp_encode(&w, &m);
        arp_input(&a, SPAN(bytes), now);
    }
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
        CHECK(((news.ip ^ OUR_IP) & 0xffffff00) == 0 || !news.is_found);
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
    CHECK(arp_add_address(&a, OUR_IP, 0xffffff00, false, now) && arp_add_address(&a, OUR_IP + 1, 0xffffff00, true, now));
    while (cur_more(&script)) {
        uint8_t what = cur_u8(&script);
        if (what == 0xf0)
            crowd(&script);
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
    for (int i = 0; i < 10; i++) {
        now += 10 * (nanos)NS_PER_S;
        arp_tick(&a, now);
        take_all();
    }
    CHECK(pool.num_free == NUM_PACKETS && arp_deadline(&a) == NEVER);
}
