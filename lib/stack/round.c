// SPDX-License-Identifier: ISC
/* round.c - the two fibers that drive the stack. */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"
#include "runtime/log.h"

LOG_SOURCE(stack);

enum {
    GOODBYE_ROUNDS = 4,
    STARVED_MS = 10,            /* no packet is left to lend the device: look again */
    POLL_MIN_NS = 10 * NS_PER_US,
    POLL_MAX_NS = 60 * NS_PER_US,
    POLL_WORTH_NS = 120 * NS_PER_US,
    POLL_LOOKS_MAX = 256,
};

void host_output_due(struct stack_host *h)
{
    h = h->whole;
    h->output_due = true;
    if (!h->in_round)
        (void)waitq_wake_one(&h->idle);
}

/* Of one interface. */
static nanos deadline_of(const struct stack_host *h)
{
    nanos at = nanos_min(arp_deadline(&h->arp), reassembly_deadline(&h->reassembly));
    at = nanos_min(at, h->ndp ? ndp_deadline(h->ndp) : NEVER);
    return nanos_min(at, h->multicast ? multicast_deadline(h->multicast) : NEVER);
}

static nanos next_deadline(const struct stack_host *h)
{
    nanos at = nanos_min(tcp_deadline(h->tcp), wheel_deadline(&h->wheel));
    for (; h; h = h->next)
        at = nanos_min(at, deadline_of(h));
    return at;
}

static void tick_interface(struct stack_host *h)
{
    arp_tick(&h->arp, h->now);
    if (h->ndp)
        ndp_tick(h->ndp, h->now);
    if (h->multicast)
        multicast_tick(h->multicast, h->now);
    reassembly_tick(&h->reassembly, h->now);
    host_reassembly_news(h);
}

static void tick(struct stack_host *h)
{
    if (h->now < next_deadline(h))
        return;
    tcp_tick(h->tcp, h->now);
    for (struct stack_host *i = h; i; i = i->next)
        tick_interface(i);
    host_service_timers(h);
    h->output_due = true;
}

/* Returns how many frames came. */
static size_t input(struct stack_host *h, nanos now)
{
    h->now = now;
    h->in_round = true;
    size_t num_frames = host_receive(h);
    if (host_receive_looped)
        host_receive_looped(h);
    tcp_batch_end(h->tcp);
    return num_frames;
}

static void news(struct stack_host *h)
{
    host_arp_news(h);
    if (h->ndp)
        host_ndp_news(h);
    if (h->arp.counters.conflicts != h->num_conflicts)
        log_warning(stack, "%I is in use by another station as well", &h->stack.address.ip);
    h->num_conflicts = h->arp.counters.conflicts;
}

/* Returns how many frames came. */
static err work(struct stack_host *h, size_t *num_frames)
{
    nanos now = clock_now();
    for (struct stack_host *i = h; i; i = i->next)
        *num_frames += input(i, now);
    tick(h);
    for (struct stack_host *i = h; i; i = i->next)
        news(i);
    host_tcp_news(h);
    service_keep_packets(h);
    err e = list_is_empty(&h->ready) && *num_frames == 0 ? OK : fiber_yield();
    if (*num_frames > 0 || h->output_due) {
        h->output_due = false;
        host_output(h);
    }
    for (struct stack_host *i = h; i; i = i->next)
        i->in_round = false;
    return e;
}

/* Sleeping costs both sides a wake-up. Where frames came soon after the last ones, it is worth while to look for a moment
 * before sleeping, and where that was in vain, it is not. */
static void learn_from_sleep(struct stack_host *h, nanos gap)
{
    if (gap <= POLL_WORTH_NS)
        h->poll_ns = nanos_min(POLL_MAX_NS, nanos_max(POLL_MIN_NS, 2 * h->poll_ns));
    else
        h->poll_ns /= 2;
    if (h->poll_ns < POLL_MIN_NS)
        h->poll_ns = 0;
}

/* Until when to sleep at the latest, as the device may have nothing to receive into; else it is watched. */
static nanos watch(struct stack_host *h)
{
    if (h->lends == h->packets && h->num_lent < h->num_rx_least)
        return nanos_add(h->now, from_ms(STARVED_MS));
    if (!h->is_watching) {
        h->is_watching = true;
        (void)waitq_wake_one(&h->watcher);
    }
    return NEVER;
}

static err go_to_sleep(struct stack_host *h)
{
    nanos deadline = next_deadline(h);
    if (h->now >= deadline)
        return OK;
    count_up(&h->counters.waits);
    for (struct stack_host *i = h; i; i = i->next)
        deadline = nanos_min(deadline, watch(i));
    err e = waitq_wait(&h->idle, deadline);
    learn_from_sleep(h, nanos_sub(clock_now(), h->busy_at));
    return e == E_TIMEDOUT ? OK : e;
}

/* Nothing came: others may run, then we look again or sleep. */
static err rest(struct stack_host *h)
{
    if (h->output_due)
        return OK;
    bool may_look = nanos_sub(h->now, h->busy_at) < h->poll_ns && h->num_looks++ < POLL_LOOKS_MAX;
    return may_look ? fiber_yield() : go_to_sleep(h);
}

/* What is left of the connections is told so: a FIN where that is the truth, else a RST. No answer is waited for. */
static void say_goodbye(struct stack_host *h)
{
    h->now = clock_now();
    h->in_round = true;
    h->is_over = true;
    for (size_t i = 0; i < h->conns.n; i++)
        conn_close(&AT(h->conns, i));
    for (int i = 0; i < GOODBYE_ROUNDS && h->output_due; i++) {
        h->output_due = false;
        host_output(h);
    }
    h->in_round = false;
}

err host_net_fiber(void *host)
{
    struct stack_host *h = host;
    for (err e = OK;;) {
        size_t num_frames = 0;
        if (e == OK)
            e = work(h, &num_frames);
        if (num_frames > 0) {
            h->busy_at = h->now;
            h->num_looks = 0;
        } else if (e == OK)
            e = rest(h);
        if (e != OK) {
            say_goodbye(h);
            return e;
        }
    }
}

/* Waits for the device on behalf of the net fiber, which may have other reasons to go on. */
err host_watch_fiber(void *host)
{
    struct stack_host *h = host;
    for (;;) {
        while (!h->is_watching)
            TRY(waitq_wait(&h->watcher, NEVER));
        TRY(net_wait(h->net, NEVER));
        h->is_watching = false;
        (void)waitq_wake_one(&h->whole->idle);
    }
}
