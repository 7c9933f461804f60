// SPDX-License-Identifier: ISC
#include "lib/arp/arp.h"
#include "check/test.h"

#define US 0x0a090002u
#define PEER 0x0a090001u
static const struct mac our_mac = { { 2, 0, 0, 0, 0, 2 } }, peer_mac = { { 2, 0, 0, 0, 0, 1 } };
static const struct arp_config cfg = { .mac = { { 2, 0, 0, 0, 0, 2 } }, .seed = 5 };
enum { MASK = 0xffffff00 };
static struct arp a;
static struct arp_outgoing out;
static struct arp_news news;
static struct packet memory[8];
static struct packet_pool pool;

/* An engine whose announcements are over. */
static void quiet(void)
{
    arp_init(&a, &cfg);
    TRUE(arp_add_address(&a, US, MASK, false, 0));
    arp_tick(&a, 0);
    arp_tick(&a, ARP_ANNOUNCE_INTERVAL_NS);
    while (arp_output(&a, &out))
        ;
    packet_pool_init(&pool, memory, NUM_OF(memory));
}
static void hear(uint16_t operation, struct mac mac, uint32_t sender, uint32_t target, nanos now)
{
    uint8_t bytes[ARP_MESSAGE_BYTES];
    struct wr w = wr_of(MSPAN(bytes));
    struct arp_message m = { .operation = operation, .sender_mac = mac, .sender_ip = sender, .target_ip = target };
    arp_encode(&w, &m);
    arp_input(&a, wr_done(&w), now);
}
static bool knows(uint32_t ip, nanos now)
{
    struct mac mac;
    return arp_find(&a, ip, &mac, now);
}

TEST(every_truncated_message_is_short_and_padding_is_fine)
{
    uint8_t bytes[46] = { 0 };
    struct wr w = wr_of(MSPAN(bytes));
    struct arp_message m = { .operation = ARP_REPLY, .sender_mac = peer_mac, .sender_ip = PEER, .target_ip = US }, got;
    arp_encode(&w, &m);
    for (size_t n = 0; n < ARP_MESSAGE_BYTES; n++)
        TRUE(arp_decode(span_first(SPAN(bytes), n), &got) != WIRE_OK && got.operation == 0);
    for (size_t n = ARP_MESSAGE_BYTES; n <= sizeof bytes; n++)
        EQ(arp_decode(span_first(SPAN(bytes), n), &got), WIRE_OK);
    EQ(got.operation, ARP_REPLY);
    EQ(got.sender_ip, PEER);
    EQ(got.target_ip, US);
    TRUE(mac_eq(&got.sender_mac, &peer_mac));
}
TEST(other_hardware_protocols_operations_and_group_senders_are_refused)
{
    static const uint8_t at[] = { 1, 3, 4, 5, 7, 8 }, value[] = { 6, 1, 8, 16, 3, 1 };
    for (size_t i = 0; i < NUM_OF(at); i++) {
        uint8_t bytes[ARP_MESSAGE_BYTES];
        struct wr w = wr_of(MSPAN(bytes));
        struct arp_message m = { .operation = ARP_REPLY, .sender_mac = peer_mac };
        arp_encode(&w, &m);
        bytes[at[i]] = value[i];
        EQ(arp_decode(SPAN(bytes), &m), WIRE_BAD_VALUE);
    }
}
TEST(a_start_announces_twice_then_the_engine_sleeps)
{
    arp_init(&a, &cfg);
    EQ(arp_deadline(&a), NEVER);
    TRUE(arp_add_address(&a, US, MASK, false, 100));
    EQ(arp_deadline(&a), 100);
    for (nanos now = 100; arp_deadline(&a) != NEVER; now = arp_deadline(&a)) {
        arp_tick(&a, now);
        TRUE(arp_output(&a, &out));
        EQ(out.message.operation, ARP_REQUEST);
        EQ(out.message.sender_ip, US);
        EQ(out.message.target_ip, US);
        EQ(out.destination.byte[0], 0xff);
        TRUE(!arp_output(&a, &out));
        if (a.address[0].left == 0)
            break;
    }
    EQ(a.address[0].left, 0);
    EQ(arp_deadline(&a), NEVER);
}
TEST(a_request_for_us_is_answered_and_the_asker_learned)
{
    quiet();
    hear(ARP_REQUEST, peer_mac, PEER, US, 5);
    TRUE(arp_output(&a, &out));
    EQ(out.message.operation, ARP_REPLY);
    TRUE(mac_eq(&out.destination, &peer_mac) && mac_eq(&out.message.sender_mac, &our_mac));
    EQ(out.message.target_ip, PEER);
    TRUE(knows(PEER, 6));
    TRUE(!arp_output(&a, &out));
}
TEST(a_probe_is_answered_and_nobody_is_learned_from_it)
{
    quiet();
    hear(ARP_REQUEST, peer_mac, 0, US, 5);
    TRUE(arp_output(&a, &out));
    EQ(out.message.operation, ARP_REPLY);
    EQ(list_is_empty(&a.strangers), true);
}
TEST(strangers_of_other_networks_and_gratuitous_messages_make_no_entries)
{
    quiet();
    hear(ARP_REQUEST, peer_mac, 0x0b000001, US, 5);
    hear(ARP_REQUEST, peer_mac, PEER, PEER, 5);
    hear(ARP_REPLY, peer_mac, PEER, US, 5);
    EQ(list_is_empty(&a.strangers), true);
}
TEST(a_gratuitous_message_updates_an_entry_that_exists)
{
    struct mac moved = { { 2, 0, 0, 0, 0, 9 } }, got;
    quiet();
    hear(ARP_REQUEST, peer_mac, PEER, US, 5);
    hear(ARP_REPLY, moved, PEER, PEER, 6);
    TRUE(arp_find(&a, PEER, &got, 7));
    TRUE(mac_eq(&got, &moved));
}
TEST(an_unknown_neighbour_is_asked_for_three_times_and_given_up)
{
    quiet();
    TRUE(!knows(PEER, 0));
    struct packet *p = packet_alloc(&pool);
    TRUE(arp_hold(&a, PEER, p));
    for (nanos now = 0, tries = 0; tries < ARP_TRIES; tries++, now += ARP_RETRY_NS) {
        arp_tick(&a, now);
        TRUE(arp_output(&a, &out));
        EQ(out.message.target_ip, PEER);
        EQ(out.destination.byte[0], 0xff);
        TRUE(!arp_output(&a, &out));
        EQ(arp_deadline(&a), now + ARP_RETRY_NS);
        TRUE(!arp_poll(&a, &news));
    }
    arp_tick(&a, ARP_TRIES * ARP_RETRY_NS);
    TRUE(arp_poll(&a, &news));
    TRUE(!news.is_found);
    EQ(news.num_waiting, 1);
    TRUE(news.waiting[0] == p);
    TRUE(!arp_poll(&a, &news));
    EQ(arp_deadline(&a), NEVER);
    EQ(a.num_asking, 0);
    TRUE(!knows(PEER, 0));                          /* starts again */
    EQ(a.num_asking, 1);
}
TEST(an_answer_brings_the_address_and_the_packets_that_waited)
{
    quiet();
    TRUE(!knows(PEER, 0));
    struct packet *p = packet_alloc(&pool), *q = packet_alloc(&pool), *r = packet_alloc(&pool);
    TRUE(arp_hold(&a, PEER, p));
    TRUE(arp_hold(&a, PEER, q));
    TRUE(!arp_hold(&a, PEER, r));
    EQ(a.counters.waiting_full, 1);
    hear(ARP_REPLY, peer_mac, PEER, US, 10);
    TRUE(arp_poll(&a, &news));
    TRUE(news.is_found && mac_eq(&news.mac, &peer_mac));
    EQ(news.num_waiting, 2);
    TRUE(news.waiting[0] == p && news.waiting[1] == q);
    TRUE(knows(PEER, 11));
    EQ(arp_deadline(&a), NEVER);
    EQ(a.num_asking, 0);
}
TEST(an_old_entry_is_used_while_its_owner_is_asked)
{
    quiet();
    hear(ARP_REQUEST, peer_mac, PEER, US, 0);
    TRUE(arp_output(&a, &out));
    TRUE(knows(PEER, ARP_FRESH_NS - 1));
    TRUE(!arp_output(&a, &out));
    TRUE(knows(PEER, ARP_FRESH_NS));
    TRUE(arp_output(&a, &out));
    TRUE(mac_eq(&out.destination, &peer_mac));
    hear(ARP_REPLY, peer_mac, PEER, US, ARP_FRESH_NS + 1);
    TRUE(knows(PEER, ARP_FRESH_NS + 2));
    TRUE(!arp_output(&a, &out));
    EQ(arp_deadline(&a), NEVER);
}
TEST(an_old_entry_whose_owner_is_silent_is_forgotten)
{
    quiet();
    hear(ARP_REQUEST, peer_mac, PEER, US, 0);
    TRUE(knows(PEER, ARP_FRESH_NS));
    for (nanos i = 1; i <= ARP_TRIES; i++)
        arp_tick(&a, ARP_FRESH_NS + i * ARP_RETRY_NS);
    TRUE(!knows(PEER, 2 * ARP_FRESH_NS));
    EQ(a.counters.failed, 1);
}
TEST(an_entry_confirmed_by_progress_stays_fresh)
{
    quiet();
    hear(ARP_REQUEST, peer_mac, PEER, US, 0);
    TRUE(arp_output(&a, &out));
    arp_confirm(&a, PEER, ARP_FRESH_NS / 2);
    TRUE(knows(PEER, ARP_FRESH_NS));
    TRUE(!arp_output(&a, &out));
}
TEST(a_conflict_is_defended_once_per_interval)
{
    quiet();
    for (int i = 0; i < 5; i++)
        hear(ARP_REPLY, peer_mac, US, PEER, from_s(100));
    TRUE(arp_output(&a, &out));
    EQ(out.message.target_ip, US);
    TRUE(mac_eq(&out.message.sender_mac, &our_mac));
    TRUE(!arp_output(&a, &out));
    EQ(a.counters.conflicts, 5);
    hear(ARP_REPLY, peer_mac, US, PEER, from_s(100) + ARP_DEFEND_INTERVAL_NS);
    TRUE(arp_output(&a, &out));
    hear(ARP_REQUEST, our_mac, US, US, from_s(200));    /* our own announcement, reflected */
    EQ(a.counters.conflicts, 6);
}
TEST(a_flood_of_strangers_displaces_strangers_and_not_peers)
{
    quiet();
    a.address[0].mask = 0xff000000;
    hear(ARP_REQUEST, peer_mac, PEER, US, 0);
    TRUE(knows(PEER, 0));
    for (uint32_t i = 1; i < 5000; i++)
        hear(ARP_REQUEST, peer_mac, 0x0a100000 + i, US, i);
    TRUE(knows(PEER, 6000));
    TRUE(knows(0x0a100000 + 4999, 6000));
    TRUE(a.counters.outbox_full > 0);
    TRUE(a.counters.evicted > 4000);
}
TEST(no_more_than_a_bounded_number_is_asked_for_at_once)
{
    quiet();
    for (uint32_t i = 0; i < 200; i++)
        TRUE(!knows(0x0a090010 + i, 0));
    EQ(a.num_asking, ARP_ASKING_MAX);
    EQ(a.counters.asking_full, 200 - ARP_ASKING_MAX);
    for (nanos i = 1; i <= ARP_TRIES; i++)
        arp_tick(&a, i * ARP_RETRY_NS);
    EQ(a.num_asking, 0);
    EQ(arp_deadline(&a), NEVER);
}

/* ---- Probes, and several addresses */

static nanos probe_until_ours(void)
{
    nanos now = 0, last = 0;
    arp_init(&a, &cfg);
    TRUE(arp_add_address(&a, US, MASK, true, 0));
    for (int i = 0; i < ARP_PROBE_NUM; i++) {
        now = arp_deadline(&a);
        TRUE(i == 0 ? now < ARP_PROBE_WAIT_NS : now - last >= ARP_PROBE_MIN_NS && now - last < 2 * ARP_PROBE_MIN_NS);
        arp_tick(&a, now);
        TRUE(arp_output(&a, &out));
        EQ(out.message.operation, ARP_REQUEST);
        EQ(out.message.sender_ip, 0);
        EQ(out.message.target_ip, US);
        last = now;
    }
    return last;
}
TEST(an_address_that_is_probed_for_is_ours_after_three_probes_without_an_answer)
{
    uint32_t ip;
    bool is_ours;
    nanos last = probe_until_ours();
    hear(ARP_REQUEST, peer_mac, PEER, US, last);                /* nobody is answered yet */
    TRUE(!arp_output(&a, &out) && !arp_poll_address(&a, &ip, &is_ours));
    EQ(arp_deadline(&a), last + ARP_ANNOUNCE_WAIT_NS);
    arp_tick(&a, last + ARP_ANNOUNCE_WAIT_NS);
    TRUE(arp_poll_address(&a, &ip, &is_ours));
    TRUE(ip == US && is_ours);
    TRUE(arp_output(&a, &out));
    EQ(out.message.sender_ip, US);
    arp_tick(&a, last + ARP_ANNOUNCE_WAIT_NS + ARP_ANNOUNCE_INTERVAL_NS);
    TRUE(arp_output(&a, &out));
    EQ(arp_deadline(&a), NEVER);
    hear(ARP_REQUEST, peer_mac, PEER, US, last);
    TRUE(arp_output(&a, &out));
}
TEST(whoever_has_or_probes_for_the_same_address_makes_it_anothers)
{
    for (int both_probe = 0; both_probe < 2; both_probe++) {
        uint32_t ip;
        bool is_ours;
        nanos now = probe_until_ours();
        hear(ARP_REQUEST, our_mac, 0, US, now);                 /* our own probe, reflected */
        TRUE(!arp_poll_address(&a, &ip, &is_ours));
        if (both_probe)
            hear(ARP_REQUEST, peer_mac, 0, US, now);
        else
            hear(ARP_REPLY, peer_mac, US, 0, now);
        TRUE(arp_poll_address(&a, &ip, &is_ours));
        TRUE(ip == US && !is_ours);
        EQ(arp_deadline(&a), NEVER);
        TRUE(!arp_output(&a, &out));
    }
}
TEST(an_address_that_was_probed_for_is_given_up_when_it_is_claimed_again_after_its_defence)
{
    uint32_t ip;
    bool is_ours;
    nanos now = probe_until_ours() + ARP_ANNOUNCE_WAIT_NS;
    arp_tick(&a, now);
    TRUE(arp_poll_address(&a, &ip, &is_ours) && is_ours);
    arp_tick(&a, now += ARP_ANNOUNCE_INTERVAL_NS);
    while (arp_output(&a, &out))
        continue;
    hear(ARP_REPLY, peer_mac, US, PEER, now);
    TRUE(arp_output(&a, &out) && out.message.sender_ip == US);          /* defended */
    TRUE(!arp_poll_address(&a, &ip, &is_ours));
    now += ARP_DEFEND_INTERVAL_NS;
    hear(ARP_REPLY, peer_mac, US, PEER, now);                           /* long after: once more */
    TRUE(arp_output(&a, &out) && out.message.sender_ip == US);
    hear(ARP_REPLY, peer_mac, US, PEER, now + ARP_DEFEND_INTERVAL_NS - 1);
    TRUE(!arp_output(&a, &out));
    TRUE(arp_poll_address(&a, &ip, &is_ours));
    TRUE(ip == US && !is_ours);
    hear(ARP_REQUEST, peer_mac, PEER, US, now + ARP_DEFEND_INTERVAL_NS);
    TRUE(!arp_output(&a, &out));                                        /* it is not answered for any more */
}
TEST(each_of_several_addresses_answers_and_asks_in_its_network)
{
    quiet();
    TRUE(arp_add_address(&a, 0xc0a80102, MASK, false, 0));
    TRUE(!arp_add_address(&a, 0xc0a80102, MASK, false, 0));
    hear(ARP_REQUEST, peer_mac, 0xc0a80101, 0xc0a80102, 5);
    TRUE(arp_output(&a, &out));
    EQ(out.message.sender_ip, 0xc0a80102);
    TRUE(!knows(0xc0a80109, 6) && knows(0xc0a80101, 6));
    TRUE(arp_output(&a, &out));
    EQ(out.message.sender_ip, 0xc0a80102);
    arp_remove_address(&a, 0xc0a80102);
    hear(ARP_REQUEST, peer_mac, 0xc0a80101, 0xc0a80102, 7);
    TRUE(!arp_output(&a, &out));
    for (uint32_t i = 1; i < ARP_ADDRESSES; i++)
        TRUE(arp_add_address(&a, US + i, MASK, false, 0));
    TRUE(!arp_add_address(&a, 0xc0a80102, MASK, false, 0));
}
TEST_MAIN
