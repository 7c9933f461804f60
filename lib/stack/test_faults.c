// SPDX-License-Identifier: ISC
/* Every allocation of the stack and of what it is made of fails in turn. What the stack does then may fail, but it ends, gives
 * everything back, and the next one is as good as new. */
#include "check/echo_service.h"
#include "lib/stack/fast_open.h"
#include "lib/stack/test_fault_run.h"

/* ---- What is done with two stacks, as far as it goes */

static bool is_echoed(void)
{
    struct endpoint to = at_right(7);
    struct flow *f = NULL;
    return tcp_connect(left, &to, in_s(10), &f) == OK && is_echoed_by(f);
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
/* A port that is in a group, asked by its own host. */
static bool is_received_at_home(void)
{
    struct ip group = ip_from_v4(0xe00000fb);
    struct endpoint home = { ip_from_v4(0x0a000001), 54 }, sender;
    struct udp *u = NULL;
    uint8_t room[20];
    size_t n = 0;
    if (udp_open(left, 54, &u) != OK)
        return false;
    bool is_right = udp_join(u, &group) == OK && udp_send(u, &home, TEXT("question")) == OK &&
                    udp_receive(u, MSPAN(room), &n, &sender, in_s(2)) == OK && n == 8;
    udp_close(u);
    return is_right;
}
/* A second interface whose cable ends where it begins, so that there is nobody. */
static bool has_another(void)
{
    static struct station lonely;
    struct ip_prefix v6 = { { { 0xfd, 1, [15] = 2 } }, 64 };
    struct stack_config cfg = { .address = { ip_from_v4(0x0a010002), 24 }, .ipv6 = v6 };
    struct stack *interface = NULL;
    struct udp *u = NULL;
    station_init(&lonely, &lonely, 3);
    bool is_right = stack_add_interface(right, &lonely.net, &cfg, &interface) == OK && udp_open(interface, 53, &u) == OK;
    stack_close_interface(interface);
    return is_right;
}
static err scenario(void *arg)
{
    (void)arg;
    TRY(random_init());
    left = right = NULL;
    worked = station_up(&left_end, 1, &left) == OK;
    worked = station_up(&right_end, 2, &right) == OK && worked;
    worked = worked && has_another() && is_received() && is_received_at_home() && tcp_listen(right, 7, &echo) == OK &&
             stack_listen_fast(right, 7, &(struct stack_fast_open){ 0 }) == OK && is_echoed();
    if (left)
        stack_close(left);
    if (right)
        stack_close(right);
    return OK;
}
TEST(whichever_allocation_fails_everything_is_given_back)
{
    has_ipv6 = true;
    fail_each_allocation_of(scenario);
}
TEST_MAIN
