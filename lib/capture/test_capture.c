// SPDX-License-Identifier: ISC
/* A stack whose device is captured, onto a block device and into a flow, both of memory; the blocks are walked by a reader
 * that knows nothing of how they are written. */
#include "lib/capture/capture.h"
#include "lib/stack/test_link.h"

static struct capture capture;
static uint8_t disk[20 << 20];
static uint64_t num_writes;

static err disk_write(struct block *b, uint64_t offset, struct span in)
{
    if (offset + in.n > b->capacity_bytes || offset % b->sector_bytes != 0 || in.n % b->sector_bytes != 0)
        return E_RANGE;
    (void)span_copy(mspan_skip(MSPAN(disk), (size_t)offset), in);
    num_writes++;
    return OK;
}
static const struct block_ops disk_ops = { .write = disk_write };
static struct block block_of(uint64_t capacity, uint32_t sector)
{
    memset(disk, 0xee, sizeof disk);
    num_writes = 0;
    return (struct block){ .ops = &disk_ops, .capacity_bytes = capacity, .sector_bytes = sector };
}

/* ---- A reader */

struct file {
    unsigned num_packets, num_in, num_out, num_padding;
    uint64_t num_dropped;
    uint64_t first_time, last_time;
    size_t longest;
    bool is_whole;              /* every block was what it says, to the last byte */
};
static void read_options(struct cur *c, struct file *f)
{
    for (;;) {
        uint16_t code = cur_u16(c), length = cur_u16(c);
        struct cur value = cur_of(cur_bytes(c, (length + 3u) / 4 * 4));
        if (code == 0)
            return;
        if (code == 2) {
            uint32_t direction = cur_u32(&value);
            f->num_in += direction == 1;
            f->num_out += direction == 2;
        }
        if (code == 4)
            f->num_dropped += (uint64_t)cur_u32(&value) << 32 | cur_u32(&value);
    }
}
static void read_packet(struct span body, struct file *f)
{
    struct cur c = cur_of(body);
    (void)cur_u32(&c);
    uint64_t time = (uint64_t)cur_u32(&c) << 32;
    time |= cur_u32(&c);
    size_t kept = cur_u32(&c), whole = cur_u32(&c);
    (void)cur_bytes(&c, (kept + 3) / 4 * 4);
    read_options(&c, f);
    TRUE(cur_end(&c) == WIRE_OK && kept <= whole && time >= f->last_time);
    f->first_time = f->num_packets++ == 0 ? time : f->first_time;
    f->last_time = time;
    f->longest = kept > f->longest ? kept : f->longest;
}
static struct file read_file(struct span all)
{
    struct file f = { 0 };
    struct cur c = cur_of(all);
    bool is_first = true;
    while (cur_more(&c)) {
        uint32_t type = cur_u32(&c), length = cur_u32(&c);
        TRUE(length % 4 == 0 && length >= 12 && length <= 16u << 20);
        TRUE((type == 0x0a0d0d0a) == is_first);
        struct span body = cur_bytes(&c, length - 12);
        TRUE(cur_u32(&c) == length);
        TRUE(c.err == WIRE_OK);
        if (is_first)
            EQ(span_u32(body, 0), 0x1a2b3c4d);
        if (type == 6)
            read_packet(body, &f);
        f.num_padding += type == 0x40000bad;
        is_first = false;
    }
    f.is_whole = !is_first && c.err == WIRE_OK;
    return f;
}

/* ---- Traffic */

static struct udp *here, *there;
static void start(void)
{
    EQ(stack_open_with(&capture.net, &(struct stack_config){ .address = { ip_from_v4(0x0a000001), 24 }, .heap_percent = 20 }, &left), OK);
    EQ(udp_open(left, 0, &here), OK);
    EQ(udp_open(right, 53, &there), OK);
}
static void stop(void)
{
    udp_close(here);
    udp_close(there);
    stack_close(left);
    capture_close(&capture);
    capture_close(&capture);
    EQ(station_up(&left_end, 1, &left), OK);
}
static void echo(unsigned num, size_t size)
{
    static uint8_t data[1472], got[1472];
    struct endpoint from, to = at_right(53);
    size_t n;
    for (unsigned i = 0; i < num; i++) {
        EQ(udp_send(here, &to, span_first(SPAN(data), size)), OK);
        EQ(udp_receive(there, MSPAN(got), &n, &from, in_s(1)), OK);
        EQ(udp_send(there, &from, span_first(SPAN(got), n)), OK);
        EQ(udp_receive(here, MSPAN(got), &n, &from, in_s(1)), OK);
    }
}

static void to_disk(uint64_t capacity, uint32_t sector)
{
    struct block b = block_of(capacity, sector);
    stack_close(left);
    EQ(capture_open_to(&left_end.net, &b, &capture), OK);
    start();
    EQ(sleep_until(in_s(6)), OK);                               /* all announcements are over */
    TRUE(read_file(span_first(SPAN(disk), capacity)).is_whole);
    for (unsigned round = 1; round < 20; round++) {
        echo(round, round * 70);
        EQ(sleep_until(in_s(1)), OK);
        struct file f = read_file(span_first(SPAN(disk), capacity));
        EQ(f.num_in + f.num_out, f.num_packets);
        EQ(f.num_packets, capture.num_captured);
        TRUE(f.num_in >= round * (round + 1) / 2 && f.num_out >= round * (round + 1) / 2);
        EQ(f.longest, size_min(CAPTURE_SNAP_BYTES, round * 70 + 42));
        TRUE(f.first_time >= 1790000000 * (uint64_t)NS_PER_S);
        EQ(f.num_dropped, 0);
    }
    stop();
}
LINK_TEST(a_device_holds_a_whole_file_at_any_time, false)
{
    to_disk(1 << 20, 512);
}
LINK_TEST(of_every_size_and_with_large_sectors, false)
{
    to_disk(sizeof disk, 4096);
    TRUE(read_file(SPAN(disk)).num_padding >= 3);
}
LINK_TEST(across_the_boundary_of_segments_too, false)
{
    static const uint64_t sizes[] = { (8 << 20) + 512, (8 << 20) + 1024, (16 << 20), (16 << 20) - 512 };
    for (size_t i = 0; i < NUM_OF(sizes); i++) {
        struct block b = block_of(sizes[i], 512);
        stack_close(left);
        EQ(capture_open_to(&left_end.net, &b, &capture), OK);
        start();
        unsigned before = 0;
        for (int round = 0; round < 40; round++) {
            echo(200, 400);
            EQ(sleep_until(in_ms(700)), OK);
            struct file f = read_file(span_first(SPAN(disk), sizes[i] / (8 << 20) * (8 << 20)));
            TRUE(f.num_packets > before);
            before = f.num_packets;
        }
        TRUE(before > 15000);
        stop();
    }
}
LINK_TEST(a_device_that_is_full_ends_the_capture_and_not_the_traffic, false)
{
    struct block b = block_of(64 << 10, 512);
    stack_close(left);
    EQ(capture_open_to(&left_end.net, &b, &capture), OK);
    start();
    for (int i = 0; i < 10; i++) {
        echo(50, 400);
        EQ(sleep_until(in_s(1)), OK);
    }
    TRUE(!capture.is_read);
    struct file f = read_file(span_first(SPAN(disk), 64 << 10));
    TRUE(f.is_whole && f.num_packets > 60 && f.num_packets < 150);
    b.sector_bytes = 64 << 10;
    EQ(capture_to_block(&capture, &b), E_INVALID);
    stop();
}

/* ---- Into a flow that takes its time */

static struct memory_flow {
    struct flow flow;
    uint8_t byte[1 << 20];
    size_t num;
    nanos pause;
} sink;
static err sink_write(struct flow *f, struct span bytes, nanos deadline)
{
    (void)f, (void)deadline;
    sink.num += span_copy(mspan_skip(MSPAN(sink.byte), sink.num), bytes);
    return sink.pause > 0 ? sleep_until(nanos_add(clock_now(), sink.pause)) : fiber_check();
}
static const struct flow_ops sink_ops = { .write = sink_write };
static err reading(void *unused)
{
    (void)unused;
    return capture_to_flow(&capture, &sink.flow);
}
LINK_TEST(a_slow_reader_misses_packets_and_the_capture_says_how_many, false)
{
    struct scope scope = { 0 };
    sink.flow.ops = &sink_ops;
    sink.num = 0;
    stack_close(left);
    EQ(capture_open(&left_end.net, &(struct capture_config){ .snap_bytes = 64, .buffer_bytes = 4096 }, &capture), OK);
    start();
    echo(10, 100);
    EQ(capture.num_captured, 0);                                /* nobody reads */
    scope_open(&scope);
    EQ(fiber_go(&scope, reading, NULL, "reader"), OK);
    EQ(sleep_until(in_ms(1)), OK);
    EQ(capture_to_flow(&capture, &sink.flow), E_IN_USE);
    echo(10, 100);
    EQ(sleep_until(in_ms(1)), OK);
    EQ(read_file(span_first(SPAN(sink.byte), sink.num)).num_packets, 20);
    sink.pause = NS_PER_S;
    echo(200, 100);
    sink.pause = 0;
    EQ(sleep_until(in_s(10)), OK);
    echo(1, 100);
    EQ(sleep_until(in_ms(1)), OK);
    struct file f = read_file(span_first(SPAN(sink.byte), sink.num));
    EQ(f.longest, 64);
    TRUE(f.num_dropped > 300);
    EQ(f.num_dropped, capture.num_dropped);
    EQ(f.num_packets, capture.num_captured);
    scope_cancel(&scope);
    TRUE(!capture.is_read);
    stop();
}
LINK_TEST(the_port_that_carries_the_capture_is_left_out, false)
{
    struct scope scope = { 0 };
    struct flow *flow;
    sink.num = 0;
    sink.pause = 0;
    stack_close(left);
    EQ(capture_open(&left_end.net, &(struct capture_config){ .snap_bytes = CAPTURE_SNAP_MAX_BYTES + 1 }, &capture), E_INVALID);
    EQ(capture_open(&left_end.net, &(struct capture_config){ .without_port = 80 }, &capture), OK);
    struct capture again;
    EQ(capture_open(&capture.net, &(struct capture_config){ 0 }, &again), E_INVALID);
    start();
    echo(1, 1);
    EQ(sleep_until(in_s(5)), OK);
    scope_open(&scope);
    EQ(fiber_go(&scope, reading, NULL, "reader"), OK);
    EQ(tcp_connect(left, &(struct endpoint[]){ at_right(80) }[0], in_s(1), &flow), E_REFUSED);
    EQ(capture.num_captured, 0);
    EQ(tcp_connect(left, &(struct endpoint[]){ at_right(81) }[0], in_s(1), &flow), E_REFUSED);
    EQ(capture.num_captured, 2);
    scope_cancel(&scope);
    stop();
}
LINK_TEST(frames_in_many_buffers_or_in_none_are_remembered_as_far_as_they_go, false)
{
    static uint8_t bytes[390], room[40][10];
    struct mspan buffers[40];
    struct rx_frame f;
    stack_close(left);
    for (size_t i = 0; i < NUM_OF(buffers); i++)
        buffers[i] = MSPAN(room[i]);
    EQ(capture_open(&left_end.net, &(struct capture_config){ .without_port = 80, .snap_bytes = CAPTURE_SNAP_MAX_BYTES }, &capture), OK);
    capture.is_read = true;
    deliver(&left_end, &(struct tx_frame){ .part = { SPAN(bytes) }, .num_parts = 1 });
    EQ(net_receive(&capture.net, buffers, NUM_OF(buffers), &f, 1), 1);
    EQ(f.num_buffers, 39);
    left_end.lose_every = 1;
    EQ(net_send(&capture.net, &(struct tx_frame){ .num_parts = 0 }, 1), 1);
    left_end.lose_every = 0;
    EQ(capture.num_captured, 2);
    capture_close(&capture);
    EQ(station_up(&left_end, 1, &left), OK);
}
TEST_MAIN
