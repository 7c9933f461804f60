// SPDX-License-Identifier: ISC
/* Every allocation of the stack over the host's sockets fails in turn, while an echo is asked for over the loopback. What the stack does
 * then may fail, but it ends, gives its memory and its descriptors back, and the next one is as good as new. */
#include "check/alloc_faults.h"
#include "check/echo_service.h"
#include "check/fresh_heap.h"
#include "lib/sockets/address.h"
#include "lib/sockets/sockets.h"
#include "platform/platform.h"
#include "runtime/clock.h"
#include "runtime/scheduler.h"
#include <dirent.h>
#include <poll.h>
#include <unistd.h>

/* ---- A host: its sockets are real. Time passes while all wait, and the loopback has nothing under way. */

PLATFORM_STACK_POOL(16, 65536);
static nanos now = 5 * (nanos)NS_PER_S;
static int watched = -1;

enum { LOOPBACK_MS = 100 };

nanos platform_clock_monotonic(void)
{
    return now;
}
nanos platform_clock_wall(void)
{
    return now;
}
void platform_watch(int descriptor)
{
    watched = descriptor;
}
uint64_t platform_wait(nanos deadline)
{
    struct pollfd p = { .fd = watched, .events = POLLIN };
    if (poll(&p, 1, deadline == 0 ? 0 : LOOPBACK_MS) > 0)
        return UINT64_C(1) << PLATFORM_WATCHED;
    REQUIRE(deadline != NEVER);         /* nobody would ever wake up */
    now = nanos_max(now, deadline);
    return 0;
}
void platform_console_write(struct span text)
{
    (void)text;
}

static size_t num_blocks(void)
{
    return heap_stats().num_blocks;
}
TEST_LIVE("fibers", scheduler_num_fibers)
TEST_LIVE("timers of fibers", scheduler_num_timers)
TEST_LIVE("blocks of the heap", num_blocks)

static size_t num_descriptors(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    REQUIRE(d);
    while (readdir(d))
        n++;
    (void)closedir(d);
    return n;
}
/* One that nobody has, since nobody else is told of it. */
static uint16_t free_port(void)
{
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    union host_address a = { .six = { .sin6_family = AF_INET6 } };
    socklen_t n = sizeof a;
    REQUIRE(fd >= 0 && bind(fd, &a.any, n) == 0 && getsockname(fd, &a.any, &n) == 0);
    (void)close(fd);
    return address_back(&a).port;
}

/* ---- What is done with it */

static bool worked;
static uint16_t port;
static struct stack *s;

static bool is_echoed(void)
{
    struct endpoint to = { ip_from_v4(0x7f000001), port };
    struct flow *f = NULL;
    return s->ops->tcp_connect(s, &to, NULL, in_s(10), &f) == OK && is_echoed_by(f);
}
static err scenario(void *arg)
{
    (void)arg;
    if (sockets_open(&s) != OK)
        return E_NOMEM;
    worked = tcp_listen(s, port, &echo) == OK && is_echoed() && is_echoed();
    sockets_close(s);
    return OK;
}
static bool run(void)
{
    static uint8_t heap[4 << 20] __attribute__((aligned(64)));
    size_t before = num_descriptors();
    worked = false;
    fresh_heap(MSPAN(heap));
    err e = scheduler_run(scenario, NULL, "test");
    TRUE(e == OK || e == E_NOMEM);
    heap_check();
    EQ(num_descriptors(), before);
    return worked;
}
TEST(whichever_allocation_fails_memory_and_descriptors_are_given_back)
{
    port = free_port();
    fail_each_allocation(run);
}

/* ---- Choices */

static struct flow *flow;
static err choose(void *arg)
{
    (void)arg;
    const struct tcp_choices all = { .nagle = true, .cork = true, .keepalive_idle_s = 60, .user_timeout_ms = 5000, .mss_bytes = 1000,
                                     .send_budget_bytes = 100000, .unsent_mark_bytes = 4000 };
    struct endpoint to = { ip_from_v4(0x7f000001), port };
    struct flow stranger = { 0 };
    TRY(sockets_open(&s));
    EQ(s->ops->tcp_set(s, NULL, port, &all), E_INVALID);
    EQ(tcp_listen(s, port, &echo), OK);
    EQ(s->ops->tcp_set(s, NULL, port, &all), OK);
    EQ(s->ops->tcp_connect(s, &to, &(struct tcp_choices){ .no_sack = true }, in_s(10), &flow), E_UNSUPPORTED);
    EQ(s->ops->tcp_connect(s, &to, &all, in_s(10), &flow), OK);
    EQ(s->ops->tcp_set(s, &stranger, 0, &all), E_INVALID);
    EQ(s->ops->tcp_set(s, flow, 0, &(struct tcp_choices){ .no_timestamps = true }), E_UNSUPPORTED);
    EQ(s->ops->tcp_set(s, flow, 0, &(struct tcp_choices){ .nagle = true }), OK);
    TRUE(is_echoed_by(flow));
    sockets_close(s);
    return OK;
}
TEST(choices_are_options_of_the_host_s_sockets)
{
    static uint8_t heap[4 << 20] __attribute__((aligned(64)));
    port = free_port();
    fresh_heap(MSPAN(heap));
    EQ(scheduler_run(choose, NULL, "test"), OK);
    heap_check();
}
TEST_MAIN
