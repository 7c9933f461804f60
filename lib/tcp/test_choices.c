// SPDX-License-Identifier: ISC
/* What an application chooses for a connection: when the rest of a write goes out, how much is taken, what the handshake offers, and
 * what is measured. Keepalive, user timeout and Nagle are in test_options.c. */
#include "lib/tcp/test_net.h"

static struct net *start(void)
{
    struct net *n = net_start();
    net_connect(n);
    return n;
}
static struct tcp_conn *client(const struct net *n)
{
    return n->host[0].app.conn;
}
static void choose(struct net *n, struct tcp_choices choices)
{
    tcp_choose(n->host[0].t, client(n), &choices, n->now);
}
static size_t write(struct net *n, size_t bytes, bool has_more)
{
    struct app *a = &n->host[0].app;
    struct span s = span_sub(SPAN(net_pattern), a->sent % sizeof net_pattern, bytes);
    size_t taken = has_more ? tcp_write_more(n->host[0].t, client(n), s, n->now) : tcp_write(n->host[0].t, client(n), s, n->now);
    a->sent += taken;
    a->to_send = a->sent;
    net_collect(n, 0);
    return taken;
}
/* Whole segments that were put on the wire since, of so many octets in the last one. */
static void expect_sent(const struct net *n, uint32_t before, uint32_t num, size_t last)
{
    EQ(n->num_sent - before, num);
    if (num > 0)
        EQ(n->log_payload[n->num_sent - 1], last);
}

TEST(a_corked_connection_sends_whole_segments_and_the_rest_when_it_is_uncorked)
{
    struct net *n = start();
    uint32_t before = n->num_sent;
    choose(n, (struct tcp_choices){ .cork = true });
    write(n, 100, false);
    expect_sent(n, before, 0, 0);
    write(n, 1400, false);
    expect_sent(n, before, 1, 1448);
    TRUE(!(n->last.flags & TCP_PSH));
    choose(n, (struct tcp_choices){ 0 });
    net_collect(n, 0);
    expect_sent(n, before, 2, 52);
    TRUE(n->last.flags & TCP_PSH);
    net_expect_clean(n);
}
TEST(a_cork_holds_for_a_retransmission_timeout_and_never_holds_the_end)
{
    struct net *n = start();
    choose(n, (struct tcp_choices){ .cork = true });
    write(n, 100, false);
    nanos timeout = tcp_rto_now(&client(n)->rto);
    net_run_for(n, timeout - 10 * NS_PER_MS);
    EQ(n->host[1].app.received, 0);
    net_run_for(n, 10 * NS_PER_MS + 3 * NET_DELAY);
    EQ(n->host[1].app.received, 100);
    write(n, 50, false);
    tcp_shutdown(n->host[0].t, client(n), n->now);
    net_run_for(n, 3 * NET_DELAY);
    EQ(n->host[1].app.received, 150);
    TRUE(n->host[1].app.saw_end);
    net_expect_clean(n);
}
TEST(what_has_more_behind_it_waits_for_the_next_write_or_an_acknowledgment)
{
    struct net *n = start();
    uint32_t before = n->num_sent;
    write(n, 40, true);
    write(n, 60, true);
    expect_sent(n, before, 0, 0);
    write(n, 5, false);
    expect_sent(n, before, 1, 105);
    TRUE(n->last.flags & TCP_PSH);
    net_run_for(n, NS_PER_S);
    before = n->num_sent;
    write(n, 1500, true);
    expect_sent(n, before, 1, 1448);
    net_run_for(n, 3 * NET_DELAY);                      /* its acknowledgment */
    EQ(n->host[1].app.received, 105 + 1500);
    net_expect_clean(n);
}
TEST(nagle_holds_the_rest_of_a_large_write_while_another_rest_is_in_flight)
{
    struct net *n = start();
    choose(n, (struct tcp_choices){ .nagle = true });
    uint32_t before = n->num_sent;
    write(n, 1448, false);
    write(n, 1500, false);                              /* only full segments are */
    expect_sent(n, before, 3, 52);
    write(n, 1500, false);
    expect_sent(n, before, 4, 1448);
    net_run_for(n, NS_PER_S);
    EQ(n->host[1].app.received, 1448 + 3000);
    before = n->num_sent;
    write(n, 10, false);
    expect_sent(n, before, 1, 10);
    net_run_for(n, NS_PER_S);
    net_expect_clean(n);
}
TEST(a_budget_is_what_is_copied_and_not_acknowledged)
{
    struct net *n = start();
    choose(n, (struct tcp_choices){ .send_budget_bytes = 3000 });
    EQ(write(n, 10000, false), 3000);
    EQ(write(n, 1, false), 0);
    TRUE(!tcp_has_room(n->host[0].t, client(n), 1));
    n->host[0].app.keeps_still = true;
    net_run_for(n, NS_PER_S);
    TRUE(n->host[0].app.all_news & TCP_WRITABLE);
    TRUE(tcp_has_room(n->host[0].t, client(n), 3000) && !tcp_has_room(n->host[0].t, client(n), 3001));
    choose(n, (struct tcp_choices){ .send_budget_bytes = UINT32_MAX });
    TRUE(!tcp_has_room(n->host[0].t, client(n), 65537));
    net_expect_clean(n);
}
TEST(above_the_mark_nothing_more_is_taken_until_some_of_it_was_sent)
{
    struct net *n = start();
    choose(n, (struct tcp_choices){ .unsent_mark_bytes = 2000 });
    n->host[0].app.keeps_still = true;
    EQ(write(n, 30000, false), 2000);                   /* all of it is sent, as the window is open: */
    TRUE(tcp_has_room(n->host[0].t, client(n), 2000) && !tcp_has_room(n->host[0].t, client(n), 2001));
    while (tcp_has_room(n->host[0].t, client(n), 1))
        write(n, 30000, false);
    EQ(client(n)->send.num_bytes, 14000 + 2000);        /* what of them the initial window takes, and the mark */
    net_settle(n);
    n->host[0].app.all_news = 0;
    net_run_for(n, 3 * NET_DELAY);
    TRUE(n->host[0].app.all_news & TCP_WRITABLE);
    TRUE(tcp_has_room(n->host[0].t, client(n), 2000));
    net_run_for(n, NS_PER_S);
    EQ(n->host[1].app.received, n->host[0].app.sent);
    net_expect_clean(n);
}

/* ---- The handshake */

static void expect_offer(const struct tcp_segment *s, const struct tcp_choices *c, uint16_t mss)
{
    EQ(s->opt.mss, c->mss_bytes ? c->mss_bytes : mss);
    EQ(s->opt.has_timestamps, !c->no_timestamps);
    EQ(s->opt.sack_permitted, !c->no_sack);
    EQ(s->opt.has_window_scale, !c->no_window_scaling);
}
static void expect_agreed(struct net *n, const struct tcp_choices *c)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct tcp_conn *e = n->host[i].app.conn;
        EQ(e->agreed.timestamps, !c->no_timestamps);
        EQ(e->agreed.sack, !c->no_sack);
        EQ(e->agreed.window_scaling, !c->no_window_scaling);
        TRUE(c->mss_bytes == 0 || e->snd_mss <= c->mss_bytes);
    }
    n->host[0].app.to_send = n->host[1].app.to_send = 100000;
    app_run(&n->host[0], &n->host[0].app, n->now);
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_run_for(n, 5 * (nanos)NS_PER_S);
    EQ(n->host[0].app.received + n->host[1].app.received, 200000);
    TRUE(!n->host[0].app.bad_byte && !n->host[1].app.bad_byte);
    net_expect_clean(n);
}
static const struct tcp_choices offers[] = {
    { .no_timestamps = true }, { .no_sack = true }, { .no_window_scaling = true }, { .mss_bytes = 700 },
    { .no_timestamps = true, .no_sack = true, .no_window_scaling = true, .mss_bytes = 100 },
};
TEST(a_connection_that_we_open_offers_what_was_chosen)
{
    for (size_t i = 0; i < NUM_OF(offers); i++) {
        struct net *n = net_start();
        net_listen(n);
        net_open(n);
        choose(n, offers[i]);
        net_run_for(n, NS_PER_S);
        expect_offer(&n->log[0], &offers[i], 1460);
        expect_agreed(n, &offers[i]);
    }
}
static void expect_offer_of_port(const struct tcp_config *server, const struct tcp_choices *c)
{
    struct tcp_config usual = net_config();
    struct net *n = net_start_with(&usual, server);
    net_listen(n);
    tcp_choose_for_port(n->host[1].t, SERVER_PORT, c);
    net_open(n);
    net_run_for(n, NS_PER_S);
    expect_offer(&n->log[1], c, 1460);
    expect_agreed(n, c);
}
TEST(connections_of_a_port_are_offered_what_was_chosen_for_it)
{
    struct tcp_config cfg = net_config();
    for (size_t i = 0; i < NUM_OF(offers); i++)
        expect_offer_of_port(&cfg, &offers[i]);
    cfg.num_half_open = 0;                              /* cookies, which keep the options in the timestamp */
    for (size_t i = 1; i < 4; i++)
        expect_offer_of_port(&cfg, &offers[i]);
}
TEST(over_ipv6_the_chosen_segment_size_is_that_of_the_text_as_well)
{
    struct net *n = net_start();
    for (size_t i = 0; i < 2; i++)
        n->host[i].ip.byte[0] = 0xfd;
    net_listen(n);
    net_open(n);
    choose(n, (struct tcp_choices){ .mss_bytes = 1100 });
    net_run_for(n, NS_PER_S);
    EQ(n->log[0].opt.mss, 1100);
    EQ(client(n)->snd_mss, 1100 - TCP_TIMESTAMP_BYTES);
    net_expect_clean(n);
}
TEST(accepted_connections_inherit_what_was_chosen_for_their_port)
{
    struct net *n = net_start();
    net_listen(n);
    tcp_choose_for_port(n->host[1].t, SERVER_PORT, &(struct tcp_choices){ .keepalive_idle_s = 5 });
    net_open(n);
    net_run_for(n, 3 * (nanos)NS_PER_S);
    uint32_t before = n->num_sent;
    net_run_for(n, 3 * (nanos)NS_PER_S);
    EQ(n->num_sent, before + 2);                        /* a question, and its answer */
    net_expect_clean(n);
}

/* ---- Time */

TEST(the_user_timeout_is_of_a_closed_window_too_though_the_peer_answers)
{
    struct net *n = start();
    n->host[1].app.receive_max = 0;
    choose(n, (struct tcp_choices){ .user_timeout_ms = 5000 });
    n->host[0].app.to_send = 100000;
    app_run(&n->host[0], &n->host[0].app, n->now);
    net_run_for(n, 4 * (nanos)NS_PER_S);
    TRUE(!n->host[0].app.has_ended);
    net_run_for(n, 3 * (nanos)NS_PER_S);
    EQ(n->host[0].app.why, TCP_END_TIMEOUT);
    net_expect_clean(n);
}
/* On its very millisecond, not with the retransmission that follows. */
TEST(a_user_timeout_ends_a_connection_when_it_is_over)
{
    struct net *n = start();
    choose(n, (struct tcp_choices){ .user_timeout_ms = 1234 });
    n->is_cut = true;
    write(n, 10, false);
    net_run_for(n, 1233 * (nanos)NS_PER_MS);
    TRUE(!n->host[0].app.has_ended);
    net_run_for(n, 3 * (nanos)NS_PER_MS);
    EQ(n->host[0].app.why, TCP_END_TIMEOUT);
    n->is_cut = false;
    net_expect_clean(n);
}
static bool is_about(nanos got, uint64_t want_ms)
{
    return got >= want_ms * NS_PER_MS && got <= (want_ms + 2) * NS_PER_MS;
}
TEST(it_is_measured_how_long_what_kept_a_connection_from_sending)
{
    struct net *n = start();
    choose(n, (struct tcp_choices){ 0 });
    net_run_for(n, NS_PER_S);
    EQ(tcp_times(client(n), n->now).busy, 0);
    write(n, 10, false);
    net_run_for(n, NS_PER_S);                           /* a round trip, and no delay of the acknowledgment: it is the first */
    struct tcp_times t = tcp_times(client(n), n->now);
    TRUE(is_about(t.busy, 2 * NET_DELAY / NS_PER_MS));
    n->host[1].app.receive_max = 0;
    n->host[0].app.to_send = n->host[0].app.sent + 65535;
    app_run(&n->host[0], &n->host[0].app, n->now);
    net_run_for(n, NS_PER_S);
    struct tcp_times before = tcp_times(client(n), n->now);
    write(n, 1000, false);                              /* the window is closed */
    net_run_for(n, NS_PER_S / 10);
    t = tcp_times(client(n), n->now);
    TRUE(is_about(t.window_limited - before.window_limited, 100));
    TRUE(is_about(t.busy - before.busy, 100));
    EQ(t.budget_limited, 0);
    n->host[1].app.receive_max = UINT64_MAX;
    net_expect_clean(n);
}
TEST(a_writer_without_room_is_measured_once_everything_was_sent)
{
    struct net *n = start();
    choose(n, (struct tcp_choices){ .send_budget_bytes = 3000 });
    n->host[0].app.to_send = 6000;
    app_run(&n->host[0], &n->host[0].app, n->now);
    net_run_for(n, NS_PER_S);
    struct tcp_times t = tcp_times(client(n), n->now);
    TRUE(is_about(t.budget_limited, 2 * NET_DELAY / NS_PER_MS));
    TRUE(is_about(t.busy, 4 * NET_DELAY / NS_PER_MS));
    EQ(t.window_limited, 0);
    net_expect_clean(n);
}
TEST(the_information_counts_what_was_delivered_and_what_was_sent_again)
{
    struct net *n = start();
    n->drop[0] = n->num_sent;
    write(n, 5000, false);
    net_run_for(n, 5 * (nanos)NS_PER_S);
    struct tcp_info i = tcp_info(n->host[0].t, client(n));
    EQ(i.delivered_bytes, 5000);
    EQ(i.num_sent_again, 1);
    net_expect_clean(n);
}
/* RFC 7323 section 3.2: it SHOULD. */
TEST(a_reset_carries_timestamps_where_they_were_agreed_upon)
{
    struct net *n = start();
    tcp_abort(n->host[0].t, client(n), n->now);
    net_collect(n, 0);
    TRUE(n->last.flags & TCP_RST);
    TRUE(n->last.opt.has_timestamps);
    net_expect_clean(n);
}
TEST_MAIN
