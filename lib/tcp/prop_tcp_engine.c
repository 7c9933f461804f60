// SPDX-License-Identifier: ISC
/* An engine between hostile peers and a restless application: the input is a script of segments, of time, and of the
 * application's calls. Peers know what the engine sent last, and so what it expects; how far a segment is from that, the script says.
 * Whatever it is, the engine's numbers stay in order, its budgets hold, every round of output ends, and in the end every
 * packet is back in the pool. */
#include "check/any.h"
#include "lib/tcp/prop_states.h"

#define NUM_PACKETS 48
#define NUM_CONNS 3
#define NUM_PEERS 6
#define RECEIVE_BUFFER 8000

struct peer {               /* as the engine sees it */
    uint16_t our_port, their_port;
    uint32_t seq, ack;      /* what the engine expects next, and what it has sent up to */
    uint32_t first;         /* the oldest that it has sent and that was not acknowledged then */
    uint32_t ts_val;
    bool has_timestamps;
};

static struct packet packets[NUM_PACKETS];
static struct packet_pool pool;
static _Alignas(64) uint8_t memory[1 << 18];
static uint8_t bytes[4000];
static struct tcp *t;
static nanos now;
static struct peer peers[NUM_PEERS];
static struct tcp_fast_open fast_open;
static bool opens_fast;
static size_t next_peer;

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
static struct peer *peer_of(uint16_t our_port, uint16_t their_port)
{
    for (size_t i = 0; i < NUM_PEERS; i++)
        if (peers[i].our_port == our_port && peers[i].their_port == their_port)
            return &peers[i];
    struct peer *p = &peers[next_peer++ % NUM_PEERS];
    *p = (struct peer){ .our_port = our_port, .their_port = their_port };
    return p;
}
static void note_segment(const struct tcp_segment *s, size_t payload_bytes)
{
    struct peer *p = peer_of(s->source_port, s->destination_port);
    uint32_t end = s->seq + (uint32_t)payload_bytes + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN);
    p->seq = s->flags & TCP_ACK ? s->ack : p->seq;
    p->first = s->flags & TCP_SYN || seq_leq(p->ack, p->first) ? s->seq : p->first;
    p->ack = s->flags & TCP_SYN ? end : seq_max(p->ack, end);
    p->has_timestamps = s->opt.has_timestamps;
    p->ts_val = s->opt.has_timestamps ? s->opt.ts_val : p->ts_val;
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
        note_segment(&s, sum);
    }
}
/* Moved a little or much. */
static uint32_t near(uint32_t expected, uint8_t move)
{
    return expected + (uint32_t)((int8_t)move * (move & 1 ? 1 : 211));
}
static struct packet *packet_of_bytes(struct span bytes)
{
    struct packet *p = packet_alloc(&pool);
    if (p)
        p->view = span_first(SPAN(p->data), span_copy(MSPAN(p->data), bytes));
    return p;
}
/* What is on a SYN where fast open is on: a cookie, the right one or not, and how much text. */
static struct tcp_cookie cookie_on_syn(struct cur *script, size_t *text_bytes)
{
    uint8_t what = opens_fast ? cur_u8(script) : 0;
    struct ip ours = ip_from_v4(1), theirs = ip_from_v4(2);
    const struct tcp_fast_open_keys *k = &fast_open.port[0].as.keys;
    struct tcp_cookie c = tcp_fast_open_cookie(what & 8 ? SPAN(k->previous_key) : SPAN(k->key), &theirs, &ours);
    c.form = what & 3;
    c.num_bytes = what & 4 ? 0 : c.num_bytes;
    c.bytes[7] ^= what & 16;
    *text_bytes = opens_fast ? (size_t)(what >> 5) * 60 : 0;
    return c;
}
/* In one packet, or in a chain of two. */
static void give(const struct tcp_segment *s, const struct tcp_cookie *cookie, size_t payload_bytes, size_t cut, bool is_ce)
{
    uint8_t wire[2000];
    size_t n = tcp_segment_encode(s, MSPAN(wire));
    if (cookie && (cookie->form == TCP_COOKIE_KIND_34 || cookie->form == TCP_COOKIE_EXPERIMENTAL))
        n = tcp_cookie_append(cookie, mspan_first(MSPAN(wire), TCP_HEADER_BYTES_MAX), n);
    n += span_copy(mspan_skip(MSPAN(wire), n), span_first(SPAN(bytes), payload_bytes));
    struct span all = span_first(SPAN(wire), n);
    struct packet *p = packet_of_bytes(cut ? span_first(all, cut) : all);
    if (p && cut && cut < n)
        p->next = packet_of_bytes(span_skip(all, cut));
    if (!p)
        return;
    struct tcp_arrival a = { .src = ip_from_v4(2), .dst = ip_from_v4(1), .packet = p, .is_ce = is_ce };
    tcp_input(t, &a, now);
    packet_unref(p);
}
/* A SYN to one of our ports, with options of the script's choice. */
static void syn(struct cur *script)
{
    uint8_t about = cur_u8(script), options = cur_u8(script);
    struct tcp_segment s = { .flags = TCP_SYN | (about & 8 ? TCP_ECE | TCP_CWR : 0), .source_port = (uint16_t)(1 + (about & 7)),
                             .destination_port = about & 16 ? 81 : 80, .window = options & 16 ? 100 : 30000 };
    s.seq = about & 32 ? peer_of(s.destination_port, s.source_port)->seq + 1000 : about >> 6;
    s.opt = (struct tcp_options){ .mss = options & 1 ? 700 : 0, .has_timestamps = options & 2, .sack_permitted = options & 4,
                                  .has_window_scale = options & 8, .window_scale = options >> 5, .ts_val = (uint32_t)(now >> 20) };
    size_t text_bytes;
    struct tcp_cookie cookie = cookie_on_syn(script, &text_bytes);
    give(&s, &cookie, text_bytes, 0, false);
}
/* Acknowledges everything and goes on where it should; or else, as far as the bits of `odd` say. */
static void segment(struct cur *script)
{
    uint8_t which = cur_u8(script), flags = cur_u8(script), odd = cur_u8(script);
    struct peer *p = &peers[which % NUM_PEERS];
    struct tcp_segment s = { .flags = (flags & 31) ^ TCP_ACK, .source_port = p->their_port, .destination_port = p->our_port,
                             .seq = p->seq, .ack = p->ack, .window = 20000 };
    s.flags |= flags & 128 ? TCP_ECE | (flags & 64 ? TCP_CWR : 0) : 0;
    bool may_stamp = p->has_timestamps && !(odd & 1);
    s.opt = (struct tcp_options){ .has_timestamps = may_stamp, .ts_val = (uint32_t)(now >> 20), .ts_ecr = p->ts_val };
    if (s.flags & TCP_SYN)
        s.opt = (struct tcp_options){ .mss = 1200, .sack_permitted = flags & 8, .has_window_scale = flags & 64, .window_scale = 1,
                                      .has_timestamps = may_stamp, .ts_val = (uint32_t)(now >> 20), .ts_ecr = p->ts_val };
    if (odd & 2)
        s.seq = near(s.seq, cur_u8(script));
    if (odd & 4)
        s.ack = p->first + cur_u8(script) * 50u;
    if (odd & 8)
        s.window = (uint16_t)(cur_u8(script) * 10);
    if (odd & 16)
        s.opt.ts_val = near(s.opt.ts_val, cur_u8(script));
    if (odd & 32 && !(s.flags & TCP_SYN)) {
        s.opt.num_sack_blocks = 1 + (flags >> 6 & 1);
        s.opt.sack_block[0].left = p->first + cur_u8(script) * 100u;
        s.opt.sack_block[0].right = s.opt.sack_block[0].left + cur_u8(script) * 20u;
        s.opt.sack_block[1] = (struct tcp_sack_block){ s.opt.sack_block[0].left - 500, s.opt.sack_block[0].right + 1000 };
    }
    if (odd & 128)
        s.destination_port = 82;
    size_t num = which & 128 ? 0 : (size_t)cur_u8(script) * 6, text_bytes;
    struct tcp_cookie cookie = s.flags & TCP_SYN ? cookie_on_syn(script, &text_bytes) : (struct tcp_cookie){ 0 };
    give(&s, &cookie, num, odd & 64 ? 20u + which : 0, which & 64);
}
/* Of the application that owns the connection. */
static void use(struct tcp_conn *c, uint8_t what, size_t n)
{
    struct span got;
    switch (what % 8) {
    case 0:
        (void)tcp_write(t, c, span_first(SPAN(bytes), n), now);
        break;
    case 1:
        if (!tcp_write_static(t, c, span_first(SPAN(bytes), n), now))
            tcp_shutdown(t, c, now);
        break;
    case 2:
        got = tcp_peek(c);
        CHECK(got.n <= c->receive.num_bytes);
        tcp_consume(t, c, n < got.n ? n : got.n, now);
        CHECK(!tcp_at_end(c) || tcp_peek(c).n == 0);
        break;
    case 3:
        (void)tcp_write_more(t, c, span_first(SPAN(bytes), n), now);
        tcp_choose(t, c, &(struct tcp_choices){ .keepalive_idle_s = n & 1 ? 5 : 0, .nagle = n & 2, .user_timeout_ms = (n & 60) << 10,
                                                .cork = n & 64, .unsent_mark_bytes = n & 128 ? 1000 : 0 }, now);
        break;
    case 4:
        tcp_shutdown(t, c, now);
        break;
    case 5:
        tcp_abort(t, c, now);
        break;
    case 6:
        tcp_release(t, c, now);
        break;
    default:
        for (unsigned i = 0; i < n / 15; i++)
            (void)!tcp_write_static(t, c, span_first(SPAN(bytes), i), now);
    }
}
static void open_fast(const struct ip *local, const struct endpoint *to, size_t n)
{
    struct tcp_conn *c = tcp_open_fast(t, local, to, NULL, n & 1, now);
    uint32_t room = tcp_fast_open_room(t, local, &to->ip, n & 1, now);
    CHECK(room < 1000);
    if (c)
        (void)tcp_write(t, c, span_first(SPAN(bytes), n), now);
}
static void application(struct cur *script)
{
    struct tcp_conn *c = some_conn(cur_u8(script));
    uint8_t what = cur_u8(script);
    size_t n = (size_t)cur_u8(script) * 15;
    struct endpoint to = { ip_from_v4(2), (uint16_t)(1 + what / 16) };
    struct ip local = ip_from_v4(1);
    bool is_ours = c->entry.tuple.local_port != 0 && !c->is_released;
    if (what & 8 && opens_fast)
        open_fast(&local, &to, n);
    else if (what & 8)
        (void)tcp_open(t, &local, &to, NULL, now);
    else if (is_ours)
        use(c, what, n);
}
/* Errors that quote what was sent, and ports that open and close. */
static void elsewhere(struct cur *script)
{
    uint8_t what = cur_u8(script);
    const struct peer *p = &peers[(what >> 4) % NUM_PEERS];
    struct endpoint local = { ip_from_v4(1), p->our_port }, remote = { ip_from_v4(2), p->their_port };
    if ((what & 7) == 0)
        tcp_unreachable(t, &local, &remote, p->ack - 1, !(what & 8));
    else if ((what & 7) == 1)
        (void)!tcp_path_mtu(t, &local, &remote, p->first, cur_u8(script) * 6u);
    else if ((what & 7) == 2)
        tcp_close_listener(t, what & 8 ? 80 : 81);
    else if ((what & 7) == 3 && opens_fast)
        tcp_fast_open_forget(t);
    else
        (void)!tcp_open_listener(t, what & 8 ? 80 : (uint16_t)(81 + cur_u8(script)), NULL);
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script);
    void (*const does[])(struct cur *) = { segment, segment, segment, application, application, syn, elsewhere };
    unsigned news;
    if (what % 8 < sizeof does / sizeof *does)
        does[what % 8](script);
    else
        now += (nanos)cur_u8(script) * (what & 8 ? (what & 16 ? 100 : 1) * NS_PER_S : NS_PER_MS);
    tcp_tick(t, now);
    while (tcp_poll(t, &news) != NULL)
        ;
    if (!(what & 128))
        output_all();
    for (size_t i = 0; i < t->num_conns_used; i++)
        check_conn(&AT(t->conns, i));
    states_note(t);
}
static void release_all(void)
{
    for (size_t i = 0; i < t->num_conns_used; i++) {
        struct tcp_conn *c = &AT(t->conns, i);
        if (c->entry.tuple.local_port != 0 && !c->is_released)
            tcp_release(t, c, now);
    }
    for (int i = 0; i < 200; i++) {
        output_all();
        now += 60 * (nanos)NS_PER_S;
        tcp_tick(t, now);
    }
    CHECK(fast_open.port[0].num_pending == 0);
    CHECK(pool.num_free == pool.all.n && tcp_num_open(t) == 0 && tcp_deadline(t) == NEVER);
}

static void begin_fast_open(uint8_t about)
{
    struct tcp_fast_open_listening l = { .keys = { .key = "new", .previous_key = "old", .has_previous_key = about & 4 },
                                         .num_pending_max = 2, .needs_no_cookie = about & 16 };
    fast_open = (struct tcp_fast_open){ 0 };
    opens_fast = about & 128;
    if (!opens_fast)
        return;
    tcp_use_fast_open(t, &fast_open);
    tcp_fast_open_listen(t, 80, &l);
}
PROPERTY(prop_tcp, 600)
{
    struct cur script = cur_of(in);
    uint8_t about = cur_u8(&script);
    struct tcp_config cfg = { .num_conns = NUM_CONNS, .num_half_open = about & 1 ? 0 : 2, .num_time_wait = about & 2 ? 0 : 2,
                              .mss_bytes = 1000, .gso_max_bytes = about & 4 ? 0 : 3000, .receive_buffer_bytes = RECEIVE_BUFFER,
                              .send_buffer_bytes = 6000, .congestion = about & 8 ? &tcp_reno : NULL, .ecn = about & 16 };
    packet_pool_init(&pool, packets, about & 64 ? NUM_PACKETS / 4 : NUM_PACKETS);
    mspan_zero(MSPAN(memory));
    for (size_t i = 0; i < NUM_PEERS; i++)
        peers[i] = (struct peer){ 0 };
    next_peer = 0;
    now = NS_PER_S;
    CHECK(tcp_memory_bytes(&cfg) <= sizeof memory);
    t = tcp_init(&cfg, MSPAN(memory), &pool, now);
    CHECK(tcp_open_listener(t, 80, NULL));
    if (in.n % 8 == 0)
        tcp_add_link(t, &(struct tcp_link){ .mss_bytes = 900, .is_plain = about & 128, .num_packets_reserved = 2 });
    begin_fast_open(about);
    while (cur_more(&script))
        step(&script);
    release_all();
}
