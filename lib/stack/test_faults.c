// SPDX-License-Identifier: ISC
/* Every allocation of the stack and of what it is made of fails in turn, by its place in the code: always, and only at its first
 * or third time. What the stack does then may fail, but it ends, gives everything back, and the next one is as good as
 * new. Linked with --wrap for each allocating function; check/faults/test-sites compares the number of places. */
#include "lib/packet/packet.h"
#include "lib/stack/test_link.h"

#define SITES_MAX 64

static struct {
    const void *place[SITES_MAX];
    size_t num_places, num_calls_of_failing, num_failed;
    size_t failing, only_call;      /* which place, and at which of its calls: 0 is always */
} faults;

static bool is_to_fail(const void *place)
{
    size_t i = 0;
    while (i < faults.num_places && faults.place[i] != place)
        i++;
    REQUIRE(i < SITES_MAX);
    if (i == faults.num_places)
        faults.place[faults.num_places++] = place;
    if (i != faults.failing)
        return false;
    faults.num_calls_of_failing++;
    bool fails = faults.only_call == 0 || faults.only_call == faults.num_calls_of_failing;
    faults.num_failed += fails;
    return fails;
}
#define FAILS is_to_fail(__builtin_return_address(0))

err __real_heap_alloc(size_t num_bytes, void **out);
err __real_heap_alloc_aligned(size_t alignment, size_t num_bytes, void **out);
err __real_heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n);
struct packet *__real_packet_alloc(struct packet_pool *pool);
err __wrap_heap_alloc(size_t num_bytes, void **out)
{
    return FAILS ? E_NOMEM : __real_heap_alloc(num_bytes, out);
}
err __wrap_heap_alloc_aligned(size_t alignment, size_t num_bytes, void **out)
{
    return FAILS ? E_NOMEM : __real_heap_alloc_aligned(alignment, num_bytes, out);
}
err __wrap_heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n)
{
    return FAILS ? E_NOMEM : __real_heap_slice_(num, element_bytes, p, n);
}
struct packet *__wrap_packet_alloc(struct packet_pool *pool)
{
    return FAILS ? NULL : __real_packet_alloc(pool);
}

/* ---- What is done with two stacks, as far as it goes */

static struct service_rest echo_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                      enum service_wake why)
{
    struct span got;
    (void)s, (void)peer, (void)state, (void)why;
    while (flow_peek(flow, &got, 0) == OK) {
        if (flow_write(flow, got, in_s(10)) != OK)
            return (struct service_rest){ .close = true };
        flow_consume(flow, got.n);
    }
    return (struct service_rest){ .close = true };
}
static struct service echo = { .ready = echo_ready, .state_bytes = 8, .first_bytes_within = 5 * (nanos)NS_PER_S };

static bool is_echoed(void)
{
    struct endpoint to = at_right(7);
    struct flow *f = NULL;
    struct span got;
    if (tcp_connect(left, &to, in_s(10), &f) != OK)
        return false;
    bool is_right = flow_write(f, TEXT("some words"), in_s(10)) == OK && flow_peek(f, &got, in_s(10)) == OK && got.n > 0;
    flow_close(f);
    return is_right;
}
static bool is_received(void)
{
    struct udp *from = NULL, *to = NULL;
    struct endpoint peer = at_right(53), sender;
    uint8_t room[20];
    size_t n = 0;
    bool is_right = udp_open(right, 53, &to) == OK && udp_open(left, 0, &from) == OK && udp_send(from, &peer, TEXT("question")) == OK &&
                    udp_receive(to, MSPAN(room), &n, &sender, in_s(2)) == OK && n == 8;
    if (from)
        udp_close(from);
    if (to)
        udp_close(to);
    return is_right;
}
static bool worked;
static err scenario(void *arg)
{
    (void)arg;
    TRY(random_init());
    station_init(&left_end, &right_end, 1);
    station_init(&right_end, &left_end, 2);
    left = right = NULL;
    worked = station_up(&left_end, 1, &left) == OK;
    worked = station_up(&right_end, 2, &right) == OK && worked;
    worked = worked && is_received() && tcp_listen(right, 7, &echo) == OK && is_echoed();
    if (left)
        stack_close(left);
    if (right)
        stack_close(right);
    return OK;
}
static void run_with(size_t failing, size_t only_call)
{
    static uint8_t heap[24 << 20] __attribute__((aligned(64)));
    faults.failing = failing;
    faults.only_call = only_call;
    faults.num_calls_of_failing = faults.num_failed = 0;
    features = (struct frame_features){ 0 };
    mtu = 1500;
    fresh_heap(MSPAN(heap));
    fake_reset();
    EQ(scheduler_run(scenario, NULL, "test"), OK);
    heap_check();
    EQ(heap_stats().num_blocks, 0);
}

TEST(whichever_allocation_fails_everything_is_given_back)
{
    has_ipv6 = true;
    run_with(SIZE_MAX, 0);
    TRUE(worked);
    for (size_t i = 0; i < faults.num_places; i++) {
        run_with(i, 0);
        TRUE(faults.num_failed > 0);
        run_with(i, 1);
        run_with(i, 3);
    }
    run_with(SIZE_MAX, 0);
    TRUE(worked);
    printf("# injected at %zu places\n", faults.num_places);
}
TEST_MAIN
