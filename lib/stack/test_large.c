// SPDX-License-Identifier: ISC
/* Frames that the device put together: who holds how much of what, and whether all bytes are there. */
#include "lib/stack/test_link.h"

enum { STREAM_BYTES = 3 << 20, SMALL_WRITES = 200, SMALL_WRITE_BYTES = 1000, DISCARD = 9 };

static uint8_t stream[STREAM_BYTES];
static struct {
    bool may_read;
    size_t num_read, num_wrong;
    bool has_ended;
} reader;

static struct service_rest read_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                      enum service_wake why)
{
    struct span got;
    err e = E_TIMEDOUT;
    (void)s, (void)peer, (void)state, (void)why;
    while (reader.may_read && (e = flow_peek(flow, &got, 0)) == OK) {
        reader.num_wrong += !span_eq(got, span_sub(SPAN(stream), reader.num_read, got.n));
        reader.num_read += got.n;
        flow_consume(flow, got.n);
    }
    reader.has_ended = e == E_EOF;
    return (struct service_rest){ .close = reader.has_ended, .until = nanos_add(clock_now(), 10 * (nanos)NS_PER_MS) };
}
static struct service_rest stay_silent(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                       enum service_wake why)
{
    (void)s, (void)flow, (void)peer, (void)state, (void)why;
    return (struct service_rest){ .close = reader.may_read, .until = nanos_add(clock_now(), 10 * (nanos)NS_PER_MS) };
}
static struct service silent = { .ready = stay_silent, .first_bytes_within = NEVER };
static struct service reading = { .ready = read_ready, .first_bytes_within = NEVER };

static struct packet_pool *large(void)
{
    return &host_of(right)->large;
}
/* Large packets that neither the pool nor the device has. */
static size_t num_held(void)
{
    const struct stack_host *h = host_of(right);
    size_t num = large()->large.n - large()->num_free;
    for (size_t i = 0; h->lends == large() && i < h->num_lent; i++)
        num -= h->rx_packet[i] != NULL;
    return num;
}
static struct flow *connected_to(uint16_t port, struct service *service)
{
    struct endpoint to = at_right(port);
    struct flow *f = NULL;
    EQ(tcp_listen(right, port, service), OK);
    EQ(tcp_connect(left, &to, in_s(10), &f), OK);
    return f;
}
static struct flow *connected(void)
{
    for (size_t i = 0; i < sizeof stream; i++)
        stream[i] = (uint8_t)(i * 7 + i / 251);
    memset(&reader, 0, sizeof reader);
    return connected_to(DISCARD, &reading);
}
static void all_is_read(struct flow *f, size_t num_bytes)
{
    reader.may_read = true;
    EQ(flow_shutdown(f), OK);
    for (int i = 0; i < 1000 && !reader.has_ended; i++)
        EQ(sleep_until(in_ms(10)), OK);
    EQ(reader.num_read, num_bytes);
    EQ(reader.num_wrong, 0);
    flow_close(f);
    EQ(num_held(), 0);
}

LINK_TEST(what_is_read_at_once_comes_whole_into_few_large_packets, true)
{
    struct flow *f = connected();
    reader.may_read = true;
    EQ(flow_write_static(f, SPAN(stream), in_s(100)), OK);
    all_is_read(f, sizeof stream);
    const struct stack_host *h = host_of(right);
    TRUE(h->packets->low_water + h->num_rx + 2 * FRAME_PARTS_MAX >= h->packets->all.n);
}
LINK_TEST(who_does_not_read_holds_the_large_packets_and_what_others_get_comes_into_small_ones, true)
{
    struct flow *f = connected(), *unread = connected_to(DISCARD + 1, &silent);
    EQ(flow_write_static(unread, SPAN(stream), in_s(100)), OK);
    EQ(flow_write_static(f, SPAN(stream), in_s(100)), OK);
    EQ(sleep_until(in_s(5)), OK);
    EQ(num_held(), large()->large.n);
    reader.may_read = true;
    while (reader.num_read < sizeof stream)
        EQ(sleep_until(in_ms(10)), OK);
    flow_close(unread);
    all_is_read(f, sizeof stream);
}
LINK_TEST(small_frames_that_are_kept_leave_the_large_packets_to_large_ones, true)
{
    struct flow *f = connected();
    reader.may_read = true;
    EQ(flow_write_static(f, span_first(SPAN(stream), 1 << 20), in_s(100)), OK);
    while (reader.num_read < 1 << 20)
        EQ(sleep_until(in_ms(1)), OK);
    reader.may_read = false;
    for (size_t i = 0; i < SMALL_WRITES; i++) {
        EQ(flow_write_static(f, span_sub(SPAN(stream), (1 << 20) + i * SMALL_WRITE_BYTES, SMALL_WRITE_BYTES), in_s(100)), OK);
        EQ(sleep_until(in_ms(1)), OK);
    }
    TRUE(num_held() <= 1 + SMALL_WRITES * SMALL_WRITE_BYTES / PACKET_LARGE_DATA_BYTES);
    all_is_read(f, (1 << 20) + SMALL_WRITES * SMALL_WRITE_BYTES);
}
LINK_TEST(large_frames_are_received_where_no_large_packet_is, true)
{
    struct flow *f = connected();
    struct packet *held[HOST_RX_LARGE] = { 0 };
    for (size_t i = 0; i < HOST_RX_LARGE; i++)
        held[i] = packet_alloc(large());
    EQ(num_held(), large()->large.n);
    reader.may_read = true;
    EQ(flow_write_static(f, SPAN(stream), in_s(100)), OK);
    while (reader.num_read < sizeof stream)
        EQ(sleep_until(in_ms(1)), OK);
    for (size_t i = 0; i < HOST_RX_LARGE; i++)
        packet_unref(held[i]);
    all_is_read(f, sizeof stream);
}
LINK_TEST(a_device_that_puts_nothing_together_has_no_large_packets_and_the_stack_does_it, false)
{
    EQ(large()->large.n, 0);
    struct flow *f = connected();
    reader.may_read = true;
    EQ(flow_write_static(f, SPAN(stream), in_s(100)), OK);
    all_is_read(f, sizeof stream);
    TRUE(tcp_stats(host_of(right)->tcp)->coalesced > sizeof stream / 1460 / 2);
}
TEST_MAIN
