// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "check/fake_platform.h"
#include "runtime/channel.h"
#include "runtime/clock.h"
#include "runtime/scheduler.h"

static uint32_t items[4];
static struct channel channel;
static uint32_t received[64];
static unsigned num_received;

static err run(fiber_fn *fn)
{
    fake_reset();
    num_received = 0;
    channel = (struct channel)CHANNEL_OVER(items);
    return scheduler_run(fn, NULL, "first");
}
static err send_to_20(void *arg)
{
    (void)arg;
    for (uint32_t i = 0; i < 20; i++)
        TRY(channel_send(&channel, SPAN_OF(i), NEVER));
    return OK;
}
static err send_20_and_close(void *arg)
{
    TRY(send_to_20(arg));
    channel_close(&channel);
    channel_close(&channel);
    return OK;
}
static err receive_all(void *arg)
{
    (void)arg;
    for (;;) {
        uint32_t x;
        err e = channel_receive(&channel, MSPAN_OF(x), NEVER);
        if (e == E_EOF)
            return OK;
        TRY(e);
        received[num_received++] = x;
    }
}
static err send_and_receive(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    TRY(fiber_go(&s, send_20_and_close, NULL, "sender"));
    TRY(fiber_go(&s, receive_all, NULL, "receiver"));
    return scope_join(&s);
}
static err receive_and_send(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    TRY(fiber_go(&s, receive_all, NULL, "receiver"));
    TRY(fiber_go(&s, send_20_and_close, NULL, "sender"));
    return scope_join(&s);
}
static bool got_0_to_19(void)
{
    for (unsigned i = 0; i < num_received; i++)
        if (received[i] != i)
            return false;
    return num_received == 20;
}
TEST(elements_arrive_in_order_past_a_full_and_an_empty_channel)
{
    EQ(run(send_and_receive), OK);
    TRUE(got_0_to_19());
    EQ(run(receive_and_send), OK);
    TRUE(got_0_to_19());
}
static err fill_and_close(void *arg)
{
    uint32_t x = 0;
    (void)arg;
    for (; x < NUM_OF(items); x++)
        TRY(channel_send(&channel, SPAN_OF(x), NEVER));
    channel_close(&channel);
    if (channel_send(&channel, SPAN_OF(x), NEVER) != E_CLOSED)
        return E_INVALID;
    return receive_all(NULL);
}
TEST(what_was_sent_before_the_close_is_received_and_then_comes_the_end)
{
    EQ(run(fill_and_close), OK);
    EQ(num_received, NUM_OF(items));
}
static err close_under_waiters(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    TRY(fiber_go(&s, receive_all, NULL, "receiver"));
    TRY(fiber_go(&s, receive_all, NULL, "receiver too"));
    TRY(fiber_yield());
    channel_close(&channel);
    return scope_join(&s);
}
TEST(closing_wakes_everybody_who_waits)
{
    EQ(run(close_under_waiters), OK);
    EQ(num_received, 0);
}
static err close_under_a_sender(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    TRY(fiber_go(&s, send_to_20, NULL, "sender"));
    TRY(fiber_yield());
    channel_close(&channel);
    return scope_join(&s);
}
TEST(a_blocked_sender_learns_that_the_channel_is_closed)
{
    EQ(run(close_under_a_sender), E_CLOSED);
}
static err deadlines(void *arg)
{
    uint32_t x = 0;
    (void)arg;
    if (channel_receive(&channel, MSPAN_OF(x), in_ms(5)) != E_TIMEDOUT || channel_receive(&channel, MSPAN_OF(x), 0) != E_TIMEDOUT)
        return E_INVALID;
    for (unsigned i = 0; i < NUM_OF(items); i++)
        TRY(channel_send(&channel, SPAN_OF(x), 0));
    return channel_send(&channel, SPAN_OF(x), in_ms(5));
}
TEST(both_sides_have_deadlines)
{
    EQ(run(deadlines), E_TIMEDOUT);
    EQ(ring_len(&channel.ring), NUM_OF(items));
}
static bool kept_going;

static err send_for_ever(void *arg)
{
    uint32_t x = 0;
    (void)arg;
    (void)!sleep_until(NEVER);
    kept_going = channel_send(&channel, SPAN_OF(x), NEVER) != E_CANCELED ||
                 channel_receive(&channel, MSPAN_OF(x), NEVER) != E_CANCELED;
    return OK;
}
static err cancel_sender(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    TRY(fiber_go(&s, send_for_ever, NULL, "sender"));
    return fiber_yield();
}
TEST(a_cancelled_fiber_neither_sends_nor_receives_even_where_it_would_not_block)
{
    EQ(run(cancel_sender), OK);
    TRUE(!kept_going);
    EQ(ring_len(&channel.ring), 0);
}
TEST(an_element_of_another_size_panics)
{
    uint8_t byte = 0;
    channel = (struct channel)CHANNEL_OVER(items);
    PANICS((void)!channel_send(&channel, SPAN_OF(byte), 0));
    PANICS((void)!channel_receive(&channel, MSPAN_OF(byte), 0));
}
TEST_MAIN
