// SPDX-License-Identifier: ISC
/* An engine between a hostile peer and a restless application: the input is a script of segments, whose numbers are
 * near those that the engine expects, of time, and of the application's calls. Whatever it is, the engine's numbers
 * stay in order, its budgets hold, every round of output ends, and in the end every packet is back in the pool. */
#include "check/any.h"
#include "lib/tcp/engine.h"

#define NUM_PACKETS 48
#define NUM_CONNS 3
#define RECEIVE_BUFFER 8000

static struct packet packets[NUM_PACKETS];
static struct packet_pool pool;
static _Alignas(64) uint8_t memory[1 << 18];
static uint8_t bytes[4000];
static struct tcp *t;
static nanos now;

static struct tcp_conn *some_conn(uint8_t which)
{
    return &AT(t->conns, which % NUM_CONNS);
}
static void check_conn(const struct tcp_conn *c)
{
    if (c->state == TCP_CLOSED)
        return;
    CHECK(seq_leq(c->snd_una, c->snd_nxt) && seq_leq(c->snd_nxt, c->snd_max));
    CHECK(c->snd_max - c->snd_una <= c->send.num_bytes + 1);
    const struct tcp_scoreboard *b = &c->recovery.board;
    CHECK(b->num <= b->range.n && b->sacked + b->lost <= c->snd_max - c->snd_una);
    CHECK(b->num == 0 || (b->una == c->snd_una && seq_leq(AT(b->range, b->num - 1).end, c->snd_max)));
    if (!tcp_conn_is_synchronized(c))
        return;
    CHECK(seq_leq(c->rcv_nxt, c->rcv_adv) || tcp_conn_peer_has_finished(c));
    CHECK(c->receive.num_bytes <= RECEIVE_BUFFER && c->receive.num_disordered <= t->num_disordered_max);
}
static void output_all(void)
{
    uint8_t head[TCP_HEADER_BYTES_MAX];
    struct tcp_out out = { .header_room = MSPAN(head) };
    struct tcp_segment s;
    for (int rounds = 0; tcp_output(t, &out, now); rounds++) {
        CHECK(rounds < 1000);
        CHECK(tcp_segment_decode(span_first(SPAN(head), out.header_bytes), &s) == WIRE_OK);
        size_t sum = 0;
        for (size_t i = 0; i < out.num_parts; i++)
            sum += out.part[i].n;
        CHECK(sum == out.payload_bytes);
    }
}
/* seq and ack are those that the connection expects, moved a little or much. */
static uint32_t near(uint32_t expected, uint8_t move)
{
    return expected + (uint32_t)((int8_t)move * (move & 1 ? 1 : 211));
}
static void segment(struct cur *script)
{
    struct tcp_conn *c = some_conn(cur_u8(script));
    struct tcp_segment s = { .flags = cur_u8(script) & 31, .source_port = c->entry.tuple.remote_port,
                             .destination_port = c->entry.tuple.local_port };
    uint8_t about = cur_u8(script);
    s.seq = near(c->rcv_nxt, cur_u8(script));
    s.ack = near(c->snd_una, cur_u8(script));
    s.window = (uint16_t)(cur_u8(script) * 50);
    if (about & 1 || c->entry.tuple.local_port == 0) {              /* or a stranger's */
        s.source_port = (uint16_t)(1 + (about >> 1 & 3));
        s.destination_port = 80;
        struct tcp_half_open *h = &AT(t->half_opens, about >> 3 & 1);
        s.ack = about & 16 ? h->iss + 1 : s.ack;
        s.seq = about & 32 ? h->irs + 1 : s.seq;
    }
    if (about & 64)
        s.opt = (struct tcp_options){ .mss = 700, .has_timestamps = true, .ts_val = near(c->agreed.ts_recent, cur_u8(script)),
                                      .has_window_scale = about & 128, .window_scale = about >> 4 & 3,
                                      .sack_permitted = about & 2 };
    if (about & 2 && !(s.flags & TCP_SYN)) {
        s.opt.sack_permitted = false;
        s.opt.num_sack_blocks = 1;
        s.opt.sack_block[0].left = near(c->snd_una, cur_u8(script));
        s.opt.sack_block[0].right = near(s.opt.sack_block[0].left, cur_u8(script));
    }
    struct packet *p = packet_alloc(&pool);
    if (!p)
        return;
    size_t n = tcp_segment_encode(&s, MSPAN(p->data));
    n += span_copy(mspan_skip(MSPAN(p->data), n), span_first(SPAN(bytes), (size_t)cur_u8(script) * 6));
    p->view = span_first(SPAN(p->data), n);
    struct tcp_arrival a = { .src = ip_from_v4(2), .dst = ip_from_v4(1), .packet = p };
    tcp_input(t, &a, now);
    packet_unref(p);
}
static void application(struct cur *script)
{
    struct tcp_conn *c = some_conn(cur_u8(script));
    uint8_t what = cur_u8(script);
    size_t n = (size_t)cur_u8(script) * 15;
    struct endpoint to = { ip_from_v4(2), (uint16_t)(1 + what / 8) };
    struct ip local = ip_from_v4(1);
    if (what % 8 == 7)
        (void)tcp_open(t, &local, &to, NULL, now);
    bool is_ours = c->entry.tuple.local_port != 0 && !c->is_released;
    if (!is_ours)
        return;
    if (what % 8 == 0)
        (void)tcp_write(t, c, span_first(SPAN(bytes), n), now);
    if (what % 8 == 1 && !tcp_write_static(t, c, span_first(SPAN(bytes), n), now))
        tcp_shutdown(t, c, now);
    if (what % 8 == 2 || what % 8 == 3)
        tcp_consume(t, c, n, now);
    if (what % 8 == 4)
        tcp_shutdown(t, c, now);
    if (what % 8 == 5)
        tcp_abort(t, c, now);
    if (what % 8 == 6)
        tcp_release(t, c, now);
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script);
    unsigned news;
    if (what % 4 < 2)
        segment(script);
    else if (what % 4 == 2)
        application(script);
    else
        now += (nanos)cur_u8(script) * (what & 4 ? NS_PER_S : NS_PER_MS);
    tcp_tick(t, now);
    while (tcp_poll(t, &news) != NULL)
        ;
    output_all();
    for (size_t i = 0; i < NUM_CONNS; i++)
        check_conn(&AT(t->conns, i));
}
static void release_all(void)
{
    for (size_t i = 0; i < NUM_CONNS; i++) {
        struct tcp_conn *c = &AT(t->conns, i);
        if (c->entry.tuple.local_port != 0 && !c->is_released)
            tcp_release(t, c, now);
    }
    for (int i = 0; i < 200; i++) {
        output_all();
        now += 60 * (nanos)NS_PER_S;
        tcp_tick(t, now);
    }
    CHECK(pool.num_free == NUM_PACKETS && tcp_num_open(t) == 0 && tcp_deadline(t) == NEVER);
}

PROPERTY(prop_tcp, 600)
{
    struct tcp_config cfg = { .num_conns = NUM_CONNS, .num_half_open = 2, .num_time_wait = 2, .mss_bytes = 1000, .gso_max_bytes = 3000,
                              .receive_buffer_bytes = RECEIVE_BUFFER, .send_buffer_bytes = 6000 };
    struct cur script = cur_of(in);
    packet_pool_init(&pool, packets, NUM_PACKETS);
    mspan_zero(MSPAN(memory));
    now = NS_PER_S;
    CHECK(tcp_memory_bytes(&cfg) <= sizeof memory);
    t = tcp_init(&cfg, MSPAN(memory), &pool, now);
    CHECK(tcp_open_listener(t, 80, NULL));
    while (cur_more(&script))
        step(&script);
    release_all();
}
