// SPDX-License-Identifier: ISC
/* Two stacks with a bad wire before one of them. */
#include "lib/stack/test_link.h"
#include "lib/wire/wire.h"

static struct wire wire;
static struct wire_config cfg;

static void put_wire(void)
{
    stack_close(left);
    EQ(wire_open(&left_end.net, &cfg, &wire), OK);
    EQ(stack_open_dual(&wire.net, &(struct stack_config){ .address = { ip_from_v4(0x0a000001), 24 }, .heap_percent = 30 }, &left), OK);
}
static void take_wire(void)
{
    stack_close(left);
    wire_close(&wire);
    wire_close(&wire);
    EQ(station_up(&left_end, 1, &left), OK);
}
/* How many of so many datagrams come, in or out of order. */
struct outcome {
    unsigned num, num_out_of_order, num_twice;
    nanos first_after;
};
static struct outcome send_numbered(unsigned num)
{
    static uint8_t seen[4096];
    struct outcome o = { 0 };
    struct udp *from, *to;
    struct endpoint peer, right_port = at_right(53);
    uint8_t number[2];
    size_t n;
    unsigned last = 0;
    memset(seen, 0, sizeof seen);
    EQ(udp_open(left, 0, &from), OK);
    EQ(udp_open(right, 53, &to), OK);
    EQ(udp_send(from, &right_port, TEXT("find it")), OK);
    while (udp_receive(to, MSPAN(number), &n, &peer, in_s(1)) == OK)
        ;
    nanos start = clock_now();
    for (unsigned i = 1; i <= num; i++) {
        mspan_u16(MSPAN(number), 0, (uint16_t)i);
        EQ(udp_send(from, &right_port, SPAN(number)), OK);
        if (i % 20 == 0)
            EQ(sleep_until(in_ms(1)), OK);
        nanos deadline = i == num ? in_s(2) : 0;
        while (udp_receive(to, MSPAN(number), &n, &peer, deadline) == OK) {
            unsigned got = span_u16(SPAN(number), 0);
            if (n != sizeof number)
                continue;                       /* the one that found the station, again */
            if (o.num++ == 0)
                o.first_after = clock_now() - start;
            o.num_out_of_order += got < last;
            o.num_twice += seen[got]++ > 0;
            last = got;
        }
    }
    udp_close(from);
    udp_close(to);
    return o;
}

LINK_TEST(a_good_wire_changes_nothing, true)
{
    cfg = (struct wire_config){ 0 };
    put_wire();
    struct outcome o = send_numbered(1000);
    EQ(o.num, 1000);
    EQ(o.num_out_of_order + o.num_twice, 0);
    take_wire();
}
LINK_TEST(a_long_one_delays, false)
{
    cfg = (struct wire_config){ .delay = 50 * NS_PER_MS };
    put_wire();
    struct outcome o = send_numbered(1000);
    EQ(o.num, 1000);
    TRUE(o.first_after >= 50 * NS_PER_MS && o.first_after < 60 * NS_PER_MS);
    EQ(o.num_out_of_order, 0);
    take_wire();
}
static struct outcome outcome;
static void lose_some(void)
{
    cfg = (struct wire_config){ .delay = NS_PER_MS, .loss = 100, .reorder = 50, .duplicate = 30, .seed = 77 };
    put_wire();
    outcome = send_numbered(4000);
    TRUE(wire.counters.lost > 300 && wire.counters.reordered > 100 && wire.counters.duplicated > 60);
    take_wire();
}
TEST(a_bad_one_loses_reorders_and_duplicates_as_often_as_it_is_told_and_the_same_again)
{
    struct outcome first = { 0 };
    mtu = 1500;
    features = (struct frame_features){ 0 };
    for (int again = 0; again < 2; again++) {
        on_link(lose_some);
        struct outcome o = outcome;
        TRUE(o.num - o.num_twice > 3400 && o.num - o.num_twice < 3800);
        TRUE(o.num_twice > 50 && o.num_twice < 200 && o.num_out_of_order > 100);
        if (again)
            TRUE(o.num == first.num && o.num_twice == first.num_twice && o.num_out_of_order == first.num_out_of_order);
        first = o;
    }
}
static size_t num_discarded;
static struct service_rest discard(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                   enum service_wake why)
{
    struct span got;
    (void)s, (void)peer, (void)state, (void)why;
    for (; flow_peek(flow, &got, 0) == OK; flow_consume(flow, got.n))
        num_discarded += got.n;
    return (struct service_rest){ .until = NEVER };
}
LINK_TEST(tcp_gets_through_a_bad_one_with_segments_of_every_size, true)
{
    static struct service service = { .ready = discard, .first_bytes_within = 100 * (nanos)NS_PER_S };
    static uint8_t bytes[300000];
    struct flow *flow;
    cfg = (struct wire_config){ .delay = 5 * NS_PER_MS, .loss = 20, .reorder = 20, .duplicate = 20, .seed = 3 };
    put_wire();
    num_discarded = 0;
    EQ(tcp_listen(right, 80, &service), OK);
    EQ(tcp_connect(left, &(struct endpoint[]){ at_right(80) }[0], in_s(60), &flow), OK);
    EQ(flow_write(flow, SPAN(bytes), in_s(60)), OK);
    EQ(flow_shutdown(flow), OK);
    EQ(sleep_until(in_s(20)), OK);
    EQ(num_discarded, sizeof bytes);
    flow_close(flow);
    take_wire();
}
LINK_TEST(a_queue_that_is_full_loses_and_counts_and_more_than_all_cannot_be_lost, false)
{
    cfg = (struct wire_config){ .delay = NS_PER_S, .queue_bytes = 4096 };
    put_wire();
    struct outcome o = send_numbered(200);
    TRUE(o.num < 200);
    TRUE(wire.counters.queue_full > 0);
    take_wire();
    cfg = (struct wire_config){ .loss = 1001 };
    EQ(wire_open(&left_end.net, &cfg, &wire), E_INVALID);
}
TEST_MAIN
