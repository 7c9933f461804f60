// SPDX-License-Identifier: ISC
/* Two engines that mean well and a network that does not: the input is a script of what the applications write, read and set, and of
 * losses, duplicates, reordering, marks, narrow paths and time. Whatever it is, no byte arrives that was not sent, and in its place;
 * once the network is better everything arrives, unless an end gave up; and every packet comes back. */
#define TEST_OWN_PANIC
#define NET_PACKETS 128
#define NET_MEMORY_BYTES (1 << 19)
#define NET_QUEUE_MAX 160
#include "check/any.h"
#include "lib/tcp/test_net.h"
#include "lib/tcp/prop_states.h"

#define BYTES_MAX 150000

static struct net *n;

/* An acknowledgment that comes late may be of a cookie whose connection was aborted, and then begins another one. */
static bool is_one_connection(void)
{
    return tcp_stats(n->host[1].t)->accepted <= 1;
}
static void settle(void)
{
    for (unsigned i = 0; i < 2; i++)
        app_run(&n->host[i], &n->host[i].app, n->now);
    net_settle(n);
    for (unsigned i = 0; i < 2; i++) {
        const struct app *a = &n->host[i].app;
        states_note(n->host[i].t);
        CHECK(!is_one_connection() || (!a->bad_byte && a->received <= n->host[1 - i].app.sent));
    }
}
/* Of a connection that the application still has. */
static void set(struct host *h, uint8_t what)
{
    struct tcp_conn *c = h->app.conn;
    if (!c)
        return;
    if (what & 26)
        tcp_choose(h->t, c, &(struct tcp_choices){ .keepalive_idle_s = what & 2 ? 20 : 0, .nagle = what & 4, .cork = what & 8,
                                                   .user_timeout_ms = what & 16 ? what >> 5 << 10 : 0, .unsent_mark_bytes = what >> 6 << 8,
                                                   .auto_buffers = what & 1 || what & 32,
                                                   .send_budget_bytes = what >> 5 << 9 }, n->now);
    struct tcp_times times = tcp_times(c, n->now);
    CHECK(times.window_limited + times.budget_limited <= times.busy && times.busy <= n->now);
    struct tcp_info i = tcp_info(h->t, c);
    CHECK(i.pipe_bytes <= i.in_flight_bytes && i.unread_bytes <= h->cfg.receive_buffer_bytes);
    CHECK(tcp_local(c).port == c->entry.tuple.local_port && tcp_remote(c).port == c->entry.tuple.remote_port);
    CHECK(tcp_index(h->t, c) < h->cfg.num_conns && (!tcp_is_sent(c) || i.queued_bytes == 0));
    CHECK(!tcp_has_room(h->t, c, h->cfg.send_buffer_bytes + 1u));
}
static void end(struct host *h, uint8_t how)
{
    struct app *a = &h->app;
    a->closes_when_sent = a->closes_when_sent || how & 2;
    a->closes_at_end = a->closes_at_end || how & 4;
    if (!a->conn || !(how & 24))
        return;
    if (how & 8)
        tcp_abort(h->t, a->conn, n->now);
    tcp_release(h->t, a->conn, n->now);
    a->conn = NULL;
}
/* The path of the last segment gets narrow, and a router tells its sender. */
static void narrow(uint8_t how)
{
    unsigned from = n->last.source_port == SERVER_PORT;
    struct endpoint local = { n->host[from].ip, n->last.source_port }, remote = { n->host[1 - from].ip, n->last.destination_port };
    n->path_mtu = how & 1 ? 0 : 300 + how * 5u;
    if (how & 2)
        (void)!tcp_path_mtu(n->host[from].t, &local, &remote, n->last.seq, n->path_mtu);
}
/* What is to happen to segments that are sent soon, or for a while. */
static void disturb(uint8_t what, uint8_t how)
{
    uint32_t soon = n->num_sent + how % 16u;
    switch (what % 8) {
    case 0:
    case 1:
        n->drop[what % 8] = soon;
        break;
    case 2:
        n->duplicate = soon;
        break;
    case 3:
        n->hold_back = soon;
        n->late_by = (nanos)(how / 16) * 4 * NS_PER_MS;
        break;
    case 4:
        n->mark = soon;
        break;
    case 5:
        n->loss_percent = how & 1 ? how / 4 : n->loss_percent;
        n->hold_back_percent = how & 2 ? how / 4 : n->hold_back_percent;
        n->duplicate_percent = how / 16;
        break;
    case 6:
        n->is_cut = how & 1;
        n->is_chained = how & 2;
        n->has_no_sack = how & 4;
        n->is_batched = how & 8;
        n->delay = (nanos)(1 + how / 8) * 2 * NS_PER_MS;
        break;
    default:
        narrow(how);
    }
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script), how = cur_u8(script);
    struct host *h = &n->host[how & 1];
    switch (what % 8) {
    case 0:
        h->app.to_send += h->app.to_send + how * 300u <= BYTES_MAX ? how * 300u : 0;
        h->app.sends_static = what & 8;
        h->app.write_bytes = what & 16 ? how : 0;
        break;
    case 1:
        net_run_for(n, (nanos)how * (what & 8 ? 20 * (nanos)NS_PER_MS : NS_PER_MS));
        break;
    case 2:
        net_run_for(n, (nanos)how * (what & 8 ? 100 : 1) * NS_PER_S);
        break;
    case 3:
    case 4:
        disturb(what >> 3, how);
        break;
    case 5:
        h->app.receive_max = how & 2 ? h->app.received + how * 50u : UINT64_MAX;
        break;
    case 6:
        end(h, what >> 2);
        break;
    default:
        set(h, how);
    }
    settle();
}
static void start(struct cur *script)
{
    uint8_t about = cur_u8(script);
    struct tcp_config cfg = net_config(), server;
    cfg.ecn = about & 1;
    cfg.congestion = about & 2 ? &tcp_reno : NULL;
    cfg.gso_max_bytes = about & 4 ? 20000 : 0;
    cfg.receive_buffer_bytes = about & 16 ? 10000 : 65536;
    cfg.send_buffer_bytes = 20000;
    server = cfg;
    server.num_half_open = about & 32 ? 0 : 8;      /* cookies alone */
    server.mss_bytes = about & 64 ? 600 : 1460;
    n = net_start_with(&cfg, &server);
    struct endpoint to = { n->host[1].ip, SERVER_PORT };
    CHECK(about & 128 || tcp_open_listener(n->host[1].t, SERVER_PORT, &n->host[1].app));
    if ((about & 136) == 8)
        tcp_choose_for_port(n->host[1].t, SERVER_PORT, &(struct tcp_choices){ .no_timestamps = about & 1, .no_sack = about & 2,
                                                                              .no_window_scaling = about & 4, .mss_bytes = 700 });
    n->host[0].app.conn = tcp_open(n->host[0].t, &n->host[0].ip, &to, &n->host[0].app, n->now);
    CHECK(n->host[0].app.conn);
}
/* The network is good again, and the applications read: so all that was written is there. */
static void recover(void)
{
    n->is_cut = n->has_no_sack = false;
    n->loss_percent = n->hold_back_percent = n->duplicate_percent = n->path_mtu = 0;
    n->drop[0] = n->drop[1] = NO_SEGMENT;
    for (unsigned i = 0; i < 2; i++)
        n->host[i].app.receive_max = UINT64_MAX;
    settle();
    net_run_for(n, 2000 * (nanos)NS_PER_S);
    settle();
    const struct app *a = &n->host[0].app, *b = &n->host[1].app;
    bool are_alive = is_one_connection() && a->conn && b->conn && !a->has_ended && !b->has_ended;
    CHECK(!are_alive || (a->received == b->sent && b->received == a->sent));
    CHECK(!are_alive || ((a->sent == a->to_send || a->has_shut_down) && (b->sent == b->to_send || b->has_shut_down)));
}
static void release_all(void)
{
    for (unsigned i = 0; i < 2; i++)
        for (size_t k = 0; k < n->host[i].t->num_conns_used; k++) {
            struct tcp_conn *c = &AT(n->host[i].t->conns, k);
            if (c->entry.tuple.local_port != 0 && !c->is_released)
                tcp_release(n->host[i].t, c, n->now);
        }
    n->host[0].app.conn = n->host[1].app.conn = NULL;
    n->host[0].app.keeps_still = n->host[1].app.keeps_still = true;
    net_run_for(n, 20000 * (nanos)NS_PER_S);        /* a cleared timer may be looked for once more */
    for (unsigned i = 0; i < 2; i++)
        CHECK(n->host[i].pool.num_free == NET_PACKETS && tcp_num_open(n->host[i].t) == 0 && tcp_deadline(n->host[i].t) == NEVER);
}

PROPERTY(prop_tcp_pair, 160)
{
    struct cur script = cur_of(in);
    start(&script);
    while (cur_more(&script))
        step(&script);
    recover();
    release_all();
}
