// SPDX-License-Identifier: ISC
/* test_live.h - for tests: after each of them the harness counts what is still alive, and fails the test where that is not
 * nothing: blocks of the heap; of each stack that was closed the packets that nobody has given back, connections that are still
 * open once all were aborted, and timers of connections that are gone. Fibers and their timers: check/fake_platform.h. */
#ifndef LIB_STACK_TEST_LIVE_H
#define LIB_STACK_TEST_LIVE_H
#include "check/fresh_heap.h"
#include "check/test.h"
#include "lib/stack/host.h"
#include "lib/tcp/engine.h"

static size_t live_packets, live_conns, live_timers;

/* What connections still hold is theirs to give back, though nobody will ever ask. */
static void live_end_conns(struct tcp *t, nanos now)
{
    for (size_t i = 0; i < t->num_conns_used; i++) {
        struct tcp_conn *c = &AT(t->conns, i);
        bool is_released = c->is_released;
        if (c->state == TCP_CLOSED)
            continue;
        tcp_abort(t, c, now);
        if (!is_released)
            tcp_release(t, c, now);
    }
}
static void live_unref_all(struct packet *const *packets, size_t num)
{
    for (size_t i = 0; i < num; i++)
        packet_unref(packets[i]);
}
/* Nobody answers any more, until everything that waits for an answer is given up. */
static void live_end_waiting(struct stack_host *h)
{
    nanos now = h->now;
    for (int i = 0; i < 100; i++) {
        struct arp_news found;
        struct ndp_resolved resolved;
        struct reassembly_datagram d;
        now = nanos_add(now, 10 * (nanos)NS_PER_S);
        if (h->arp_type) {
            arp_tick(&h->arp, now);
            while (arp_poll(&h->arp, &found))
                live_unref_all(found.waiting, found.num_waiting);
        }
        if (h->ndp) {
            ndp_tick(h->ndp, now);
            while (ndp_poll_resolved(h->ndp, &resolved))
                live_unref_all(resolved.waiting, resolved.num_waiting);
        }
        reassembly_tick(&h->reassembly, now);
        while (reassembly_poll(&h->reassembly, &d))
            packet_unref(d.packet);
    }
}
/* stack_close calls this where it is linked. */
void host_is_closed(struct stack_host *h);
void host_is_closed(struct stack_host *h)
{
    live_end_conns(h->tcp, h->now);
    live_end_waiting(h);
    for (size_t i = 0; i < h->num_lent; i++)
        packet_unref(h->rx_packet[i]);
    live_unref_all(h->tx_packet, h->num_tx);
    live_packets += h->packets->all.n - h->packets->num_free;
    live_conns += tcp_num_open(h->tcp) + h->num_conns;
    live_timers += wheel_count(&h->wheel);
}

static size_t live_blocks(void)
{
    return heap_stats().num_blocks;
}
static size_t live_and_forget(size_t *counter)
{
    size_t n = *counter;
    *counter = 0;
    return n;
}
static size_t live_packets_left(void)
{
    return live_and_forget(&live_packets);
}
static size_t live_conns_left(void)
{
    return live_and_forget(&live_conns);
}
static size_t live_timers_left(void)
{
    return live_and_forget(&live_timers);
}
TEST_LIVE("blocks of the heap", live_blocks)
TEST_LIVE("packets", live_packets_left)
TEST_LIVE("connections", live_conns_left)
TEST_LIVE("timers of connections", live_timers_left)

#endif
