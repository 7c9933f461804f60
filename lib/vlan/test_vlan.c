// SPDX-License-Identifier: ISC
/* Two stations with a trunk each: three networks, of which each stack hears its own. */
#include "lib/ethernet/ethernet.h"
#include "lib/stack/test_link.h"
#include "lib/vlan/vlan.h"

static struct vlan_trunk left_trunk, right_trunk;
static struct vlan left_ten, left_twenty, right_ten, right_twenty;
static struct stack *at_left_ten, *at_left_twenty, *at_right_ten, *at_right_twenty;

static struct stack *up(struct vlan *v, uint32_t ip)
{
    struct stack *s;
    EQ(stack_open_with(&v->net, &(struct stack_config){ .address = { ip_from_v4(ip), 24 }, .heap_percent = 20, .num_workers = 1 }, &s), OK);
    return s;
}
static void trunks_up(void)
{
    stack_close(left);
    stack_close(right);
    EQ(vlan_trunk_open(&left_end.net, &left_trunk), OK);
    EQ(vlan_trunk_open(&right_end.net, &right_trunk), OK);
    EQ(vlan_open(&left_trunk, 10, 0, &left_ten), OK);
    EQ(vlan_open(&left_trunk, 20, 5, &left_twenty), OK);
    EQ(vlan_open(&right_trunk, 10, 0, &right_ten), OK);
    EQ(vlan_open(&right_trunk, 20, 0, &right_twenty), OK);
    at_left_ten = up(&left_ten, 0x0a000001);
    at_left_twenty = up(&left_twenty, 0x0a000001);              /* the same addresses in both, as they do not meet */
    at_right_ten = up(&right_ten, 0x0a000002);
    at_right_twenty = up(&right_twenty, 0x0a000002);
}
static void trunks_down(void)
{
    struct stack *const all[] = { at_left_ten, at_left_twenty, at_right_ten, at_right_twenty };
    struct vlan *const nets[] = { &left_ten, &left_twenty, &right_ten, &right_twenty };
    for (size_t i = 0; i < NUM_OF(all); i++) {
        stack_close(all[i]);
        vlan_close(nets[i]);
        vlan_close(nets[i]);
    }
    vlan_trunk_close(&left_trunk);
    vlan_trunk_close(&right_trunk);
    EQ(station_up(&left_end, 1, &left), OK);
    EQ(station_up(&right_end, 2, &right), OK);
}
static size_t num_bytes;
static struct service_rest count(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                 enum service_wake why)
{
    struct span got;
    (void)s, (void)peer, (void)state, (void)why;
    for (; flow_peek(flow, &got, 0) == OK; flow_consume(flow, got.n))
        num_bytes += got.n;
    return (struct service_rest){ .until = NEVER };
}
static void send_over(struct stack *from, struct stack *to)
{
    static struct service service = { .ready = count, .first_bytes_within = NS_PER_S };
    static const uint8_t bytes[200000];
    struct flow *flow;
    num_bytes = 0;
    EQ(tcp_listen(to, 80, &service), OK);
    EQ(tcp_connect(from, &(struct endpoint[]){ at_right(80) }[0], in_s(5), &flow), OK);
    EQ(flow_write(flow, SPAN(bytes), in_s(5)), OK);
    EQ(sleep_until(in_s(1)), OK);
    EQ(num_bytes, sizeof bytes);
    flow_close(flow);
    EQ(sleep_until(in_s(1)), OK);
}

static void both_networks(void)
{
    struct udp *in_ten, *in_twenty;
    uint8_t got[8];
    size_t n;
    struct endpoint from;
    trunks_up();
    EQ(left_ten.net.mtu, mtu - VLAN_TAG_BYTES);
    send_over(at_left_ten, at_right_ten);
    send_over(at_left_twenty, at_right_twenty);
    EQ(udp_open(at_right_ten, 53, &in_ten), OK);
    EQ(udp_open(at_right_twenty, 53, &in_twenty), OK);
    struct udp *out;
    EQ(udp_open(at_left_twenty, 0, &out), OK);
    EQ(udp_send(out, &(struct endpoint[]){ at_right(53) }[0], TEXT("twenty")), OK);
    EQ(udp_receive(in_twenty, MSPAN(got), &n, &from, in_s(1)), OK);
    EQ(n, 6);
    EQ(udp_receive(in_ten, MSPAN(got), &n, &from, in_s(1)), E_TIMEDOUT);
    trunks_down();
}
LINK_TEST(networks_on_one_device_do_not_hear_each_other, false)
{
    both_networks();
}
LINK_TEST(nor_where_devices_make_checksums_and_segments, true)
{
    both_networks();
}
static const struct wire_frame *last(void)
{
    return &right_end.frame[(right_end.ring.written - 1) % LINK_FRAMES];
}
LINK_TEST(a_frame_has_the_tag_of_its_network_and_priority, false)
{
    struct udp *u;
    trunks_up();
    EQ(sleep_until(in_s(5)), OK);                               /* all announcements are over */
    EQ(udp_open(at_left_twenty, 0, &u), OK);
    EQ(udp_send(u, &(struct endpoint){ ip_from_v4(0x0a0000ff), 9 }, TEXT("x")), OK);
    EQ(sleep_until(in_ms(1)), OK);
    struct span s = { last()->byte, last()->num_bytes };
    EQ(span_u16(s, 12), 0x8100);
    EQ(span_u16(s, 14), 5 << 13 | 20);
    EQ(span_u16(s, 16), ETHERNET_IPV4);
    trunks_down();
}
/* A broadcast of a type that the stack counts as unknown, with so many bytes of tag and type. */
static void send_raw(struct span head)
{
    uint8_t bytes[60] = { [0 ... 5] = 0xff, [6] = 2 };
    (void)span_copy(mspan_skip(MSPAN(bytes), 12), head);
    deliver(&right_end, &(struct tx_frame){ .part = { span_first(SPAN(bytes), 12 + head.n) }, .num_parts = 1 });
    EQ(sleep_until(in_ms(1)), OK);
}
static void send_work(struct frame_offload offload)
{
    static const uint8_t bytes[60] = { [0 ... 5] = 0xff, [6] = 2, [12] = 0x81, [15] = 20, [16] = 8 };
    deliver(&right_end, &(struct tx_frame){ .part = { SPAN(bytes) }, .num_parts = 1, .offload = offload });
    EQ(sleep_until(in_ms(1)), OK);
}
LINK_TEST(work_that_begins_before_the_tag_ends_is_malformed, true)
{
    trunks_up();
    send_work((struct frame_offload){ .needs_checksum = true, .checksum_start = 15 });
    send_work((struct frame_offload){ .gso = FRAME_GSO_TCPV4, .gso_bytes = 1, .header_bytes = 15 });
    EQ(right_trunk.counters.malformed, 2);
    send_work((struct frame_offload){ .needs_checksum = true, .checksum_start = 16, .gso = FRAME_GSO_TCPV4, .header_bytes = 16 });
    send_work((struct frame_offload){ .checksum_start = 3, .header_bytes = 3 });
    EQ(right_trunk.counters.malformed, 2);
    trunks_down();
}
#define RAW(...) send_raw(SPAN(((uint8_t[]){ __VA_ARGS__ })))
LINK_TEST(other_tags_and_frames_without_one_are_dropped_or_have_a_network_of_their_own, false)
{
    struct vlan untagged, more;
    struct rx_frame f;
    uint8_t room[2000];
    struct mspan buffer = MSPAN(room);
    trunks_up();
    RAW(0x81, 0, 0, 30, 0x12, 0x34);
    RAW(0x12, 0x34);
    EQ(right_trunk.counters.unknown_id, 2);
    RAW(0x81, 0, 0x0f, 0xff, 0x12, 0x34);
    RAW(0x81, 0, 0);
    RAW(0x81);
    EQ(right_trunk.counters.malformed, 3);
    EQ(vlan_open(&right_trunk, VLAN_UNTAGGED, 0, &untagged), OK);
    EQ(untagged.net.mtu, mtu);
    RAW(0x12, 0x34);
    EQ(net_receive(&untagged.net, &buffer, 1, &f, 1), 1);
    EQ(f.num_bytes, 14);
    RAW(0x81, 0, 0x60, 0, 0x12, 0x34);                          /* a priority alone */
    EQ(net_wait(&untagged.net, in_s(1)), OK);
    EQ(net_receive(&untagged.net, &buffer, 1, &f, 1), 1);
    EQ(span_u16(SPAN(room), 12), 0x1234);
    EQ(net_wait(&untagged.net, in_s(1)), E_TIMEDOUT);
    EQ(vlan_open(&right_trunk, 10, 0, &more), E_IN_USE);
    EQ(vlan_open(&right_trunk, 4095, 0, &more), E_INVALID);
    EQ(vlan_open(&right_trunk, 7, 8, &more), E_INVALID);
    vlan_close(&untagged);
    struct vlan_trunk again;
    EQ(vlan_trunk_open(&right_ten.net, &again), E_INVALID);
    trunks_down();
}
/* Nobody looks at network 30; the others go on. */
LINK_TEST(a_network_that_nobody_reads_holds_no_more_than_its_queue, false)
{
    static const uint8_t bytes[1500] = { [0 ... 5] = 0xff, [6] = 2, [12] = 0x81, [15] = 30, [16] = 0x12, 0x34 };
    static uint8_t room[2000];
    struct vlan deaf;
    struct rx_frame f;
    struct mspan buffer = MSPAN(room);
    size_t held = 0, num = 0;
    trunks_up();
    EQ(vlan_open(&right_trunk, 30, 0, &deaf), OK);
    for (int i = 0; i < 300; i++) {
        deliver(&right_end, &(struct tx_frame){ .part = { SPAN(bytes) }, .num_parts = 1 });
        EQ(sleep_until(in_ms(1)), OK);
    }
    TRUE(right_trunk.counters.queue_full > 0 && right_trunk.counters.queue_full < 300);
    send_over(at_left_ten, at_right_ten);
    for (; net_receive(&deaf.net, &buffer, 1, &f, 1) == 1; num++)
        held += f.num_bytes;
    TRUE(held <= VLAN_QUEUE_BYTES && held > VLAN_QUEUE_BYTES / 2);
    EQ(num + right_trunk.counters.queue_full, 300);
    vlan_close(&deaf);
    trunks_down();
}
LINK_TEST(frames_come_one_at_a_time_where_one_is_asked_for, false)
{
    struct rx_frame f;
    uint8_t room[2000], spare[2000];
    const struct mspan buffers[] = { MSPAN(room), MSPAN(spare) };
    struct vlan more;
    trunks_up();
    EQ(vlan_open(&right_trunk, 30, 7, &more), OK);
    RAW(0x81, 0, 0, 30, 0x12, 0x34);
    RAW(0x81, 0, 0, 30, 0x12, 0x35);
    for (uint16_t type = 0x1234; type <= 0x1235; type++) {
        EQ(net_receive(&more.net, buffers, 2, &f, 1), 1);
        EQ(span_u16(SPAN(room), 12), type);
    }
    EQ(net_receive(&more.net, buffers, 2, &f, 1), 0);
    vlan_close(&more);
    trunks_down();
}
LINK_TEST(a_trunk_has_so_many_networks_and_may_lie_over_a_capture, false)
{
    static struct vlan all[VLAN_PORTS + 1];
    struct vlan_trunk t;
    stack_close(left);
    left_end.net.nesting = 1;
    EQ(vlan_trunk_open(&left_end.net, &t), OK);
    for (uint16_t i = 0; i <= VLAN_PORTS; i++)
        EQ(vlan_open(&t, (uint16_t)(i + 1), 0, &all[i]), i < VLAN_PORTS ? OK : E_NOMEM);
    vlan_close(&all[3]);
    EQ(vlan_open(&t, 3, 0, &all[3]), E_IN_USE);             /* that one alone has gone */
    EQ(vlan_open(&t, 4, 0, &all[3]), OK);
    for (size_t i = 0; i < VLAN_PORTS; i++)
        vlan_close(&all[i]);
    vlan_trunk_close(&t);
    left_end.net.nesting = 0;
    EQ(station_up(&left_end, 1, &left), OK);
}
LINK_TEST(a_frame_has_room_for_its_tag_or_is_counted, false)
{
    static uint8_t bytes[60];
    struct tx_frame f = { .part = { SPAN(bytes) }, .num_parts = FRAME_PARTS_MAX - 2 };
    trunks_up();
    for (size_t i = 1; i < FRAME_PARTS_MAX - 2; i++)
        f.part[i] = span_first(SPAN(bytes), 1);
    EQ(net_send(&left_ten.net, &f, 1), 1);
    EQ(left_trunk.counters.scattered, 0);
    EQ(last()->num_bytes, 60 + VLAN_TAG_BYTES + FRAME_PARTS_MAX - 3);
    f.num_parts++;
    EQ(net_send(&left_ten.net, &f, 1), 1);
    EQ(net_send(&left_ten.net, &(struct tx_frame){ .num_parts = 0 }, 1), 1);
    EQ(left_trunk.counters.scattered, 2);
    trunks_down();
}
TEST_MAIN
