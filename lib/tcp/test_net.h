// SPDX-License-Identifier: ISC
/* test_net.h - two hosts and a network between them, for tests: time is fake, and what happens to the k-th segment is
 * the test's choice. The applications act on news alone, so that news which is missing shows as a standstill. Every
 * byte has a value that its position decides. */
#ifndef LIB_TCP_TEST_NET_H
#define LIB_TCP_TEST_NET_H
#include "base/poison.h"
#include "check/test.h"
#include "lib/tcp/engine.h"

#ifndef NET_PACKETS
#define NET_PACKETS 512
#define NET_MEMORY_BYTES (4 << 20)
#define NET_QUEUE_MAX 512
#endif
#define NET_SEGMENT_BYTES_MAX 1600
#define NET_DELAY (5 * (nanos)NS_PER_MS)
#define NO_SEGMENT UINT32_MAX
#define SERVER_PORT 80

struct app {                    /* what one end wants to do, and what has come of it */
    struct tcp_conn *conn;
    uint64_t to_send, sent, received;
    uint64_t receive_max;       /* reads no more than this */
    size_t write_bytes;         /* at a time; 0: as much as goes */
    bool sends_static, closes_when_sent, closes_at_end, releases_when_ended, keeps_still;
    bool is_connected, has_shut_down, saw_end, has_ended, bad_byte;
    unsigned all_news;
    enum tcp_end why;
};
struct host {
    struct tcp *t;
    struct tcp_config cfg;
    struct ip ip;
    struct app app;
    struct packet_pool pool;
    _Alignas(64) struct packet packets[NET_PACKETS];
    _Alignas(64) uint8_t memory[NET_MEMORY_BYTES];
};
struct flying {
    nanos at;
    uint64_t order;
    size_t n;
    unsigned to;
    bool is_ce;
    uint8_t bytes[NET_SEGMENT_BYTES_MAX];
};
struct net {
    struct host host[2];        /* 0: client, 1: server */
    nanos now, delay, late_by;  /* late_by: what is held back comes so much later; 0: by three and a half delays */
    struct flying flying[NET_QUEUE_MAX];
    size_t num_flying;
    uint64_t order;
    uint32_t num_sent;          /* segments put on the wire */
    uint32_t path_mtu;          /* larger segments do not arrive; 0: all do */
    uint32_t mark;              /* CE on this one, if it may be marked */
    uint8_t ecn;                /* codepoint of what is being sent */
    uint32_t drop[2], duplicate, hold_back;     /* positions on the wire, from 0 */
    uint32_t loss_percent, duplicate_percent, hold_back_percent;
    bool loses_no_acks;         /* loss_percent is of segments with text */
    bool is_cut;                /* nothing arrives any more */
    bool is_chained;            /* segments arrive in chains of small buffers */
    bool is_batched;            /* those that arrive at one time do so together */
    bool has_no_sack, has_no_timestamps;        /* a middlebox takes these options out of the first SYN */
    uint64_t random;
    struct tcp_segment last;    /* seen on the wire */
    struct tcp_segment log[64]; /* the first ones */
    size_t log_payload[64];
    struct tcp_cookie log_cookie[64];
    unsigned log_from[64];
};

static inline uint64_t net_random(struct net *n)
{
    n->random ^= n->random << 13;
    n->random ^= n->random >> 7;
    n->random ^= n->random << 17;
    return n->random;
}
static inline bool net_chance(struct net *n, uint32_t percent)
{
    return percent > 0 && net_random(n) % 100 < percent;
}
static inline uint8_t net_byte(uint64_t position)
{
    return (uint8_t)(position * 167 + (position >> 8) * 59 + 1);
}
static uint8_t net_pattern[1 << 16];        /* of positions: repeats every 64 KiB */

static inline struct tcp_config net_config(void)
{
    return (struct tcp_config){ .num_conns = 8, .num_half_open = 8, .num_time_wait = 8, .mss_bytes = 1460,
                                .receive_buffer_bytes = 65536, .send_buffer_bytes = 65536, .secret = "fifteen letters" };
}
static inline void net_start_host(struct host *h, const struct tcp_config *cfg, uint8_t number, size_t num_packets)
{
    unpoison(h, sizeof *h);
    memset(h, 0, sizeof *h);
    h->cfg = *cfg;
    h->cfg.secret[0] = number;
    h->ip = ip_from_v4(0x0a000000u + number);
    h->app.receive_max = UINT64_MAX;
    packet_pool_init(&h->pool, h->packets, num_packets);
    REQUIRE(tcp_memory_bytes(&h->cfg) <= sizeof h->memory);
    h->t = tcp_init(&h->cfg, MSPAN(h->memory), &h->pool, 0);
}
static inline struct net *net_start_with(const struct tcp_config *client, const struct tcp_config *server)
{
    static struct net n;
    for (uint64_t i = 0; i < sizeof net_pattern; i++)
        net_pattern[i] = net_byte(i % 65536);
    memset(&n, 0, offsetof(struct net, host));
    memset(&n.now, 0, sizeof n - offsetof(struct net, now));
    net_start_host(&n.host[0], client, 1, NET_PACKETS);
    net_start_host(&n.host[1], server, 2, NET_PACKETS);
    n.delay = NET_DELAY;
    n.now = NS_PER_S;
    n.drop[0] = n.drop[1] = n.duplicate = n.hold_back = n.mark = NO_SEGMENT;
    n.random = 88172645463325252u;
    return &n;
}
static inline struct net *net_start(void)
{
    struct tcp_config cfg = net_config();
    return net_start_with(&cfg, &cfg);
}

/* ---- The wire */

static inline void net_fly(struct net *n, unsigned to, struct span head, struct span body, nanos at)
{
    if (n->num_flying == NET_QUEUE_MAX)
        return;
    struct flying *f = &n->flying[n->num_flying++];
    f->at = at;
    f->order = n->order++;
    f->to = to;
    f->is_ce = n->ecn && n->order - 1 == n->mark;
    f->n = span_copy(MSPAN(f->bytes), head);
    f->n += span_copy(mspan_skip(MSPAN(f->bytes), f->n), body);
}
/* SACK-permitted stands behind the MSS, timestamps behind that; no-operation takes their places. */
static inline struct span net_without_options(const struct net *n, struct mspan copy, struct span head)
{
    static const uint8_t no_operations[10] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    (void)span_copy(copy, head);
    if (n->has_no_sack)
        (void)span_copy(mspan_first(mspan_skip(copy, 24), 2), SPAN(no_operations));
    if (n->has_no_timestamps)
        (void)span_copy(mspan_skip(copy, 26), SPAN(no_operations));
    return span_first(span_of(copy), head.n);
}
static inline void net_send(struct net *n, unsigned from, struct span head, struct span body)
{
    uint32_t k = n->num_sent++;
    uint8_t copy[TCP_HEADER_BYTES_MAX];
    nanos at = n->now + n->delay;
    if ((span_at(head, 13) & (TCP_SYN | TCP_ACK)) == TCP_SYN)
        head = net_without_options(n, MSPAN(copy), head);
    REQUIRE(tcp_segment_decode(head, &n->last) == WIRE_OK);
    if (k < NUM_OF(n->log)) {
        n->log[k] = n->last;
        n->log_payload[k] = body.n;
        tcp_cookie_decode(head, &n->log_cookie[k]);
        n->log_from[k] = from;
    }
    if (n->path_mtu && 20 + head.n + body.n > n->path_mtu)
        return;
    if (k == n->drop[0] || k == n->drop[1] || ((body.n > 0 || !n->loses_no_acks) && net_chance(n, n->loss_percent)))
        return;
    if (k == n->hold_back || net_chance(n, n->hold_back_percent))
        at += n->late_by ? n->late_by : 3 * n->delay + n->delay / 2;
    net_fly(n, 1 - from, head, body, at);
    if (k == n->duplicate || net_chance(n, n->duplicate_percent))
        net_fly(n, 1 - from, head, body, at + n->delay / 4);
}
/* Cuts what is to be cut, as a device does. */
static inline void net_send_cut(struct net *n, unsigned from, struct span head, struct span body, size_t piece)
{
    uint8_t copy[TCP_HEADER_BYTES_MAX];
    struct mspan h = mspan_first(MSPAN(copy), span_copy(MSPAN(copy), head));
    uint32_t seq = span_u32(head, 4);
    uint16_t flags = span_u16(head, 12);
    for (size_t at = 0; at < body.n; at += piece) {
        bool is_last = body.n - at <= piece;
        mspan_u32(h, 4, seq + (uint32_t)at);
        mspan_u16(h, 12, is_last ? flags : (uint16_t)(flags & ~(TCP_FIN | TCP_PSH)));
        net_send(n, from, span_of(h), span_sub(body, at, piece));
    }
}
static inline void net_collect(struct net *n, unsigned from)
{
    static uint8_t body[70000];
    uint8_t head[TCP_HEADER_BYTES_MAX];
    struct tcp_out out = { .header_room = MSPAN(head) };
    while (tcp_output(n->host[from].t, &out, n->now)) {
        size_t bytes = 0;
        REQUIRE(ip_eq(&out.src, &n->host[from].ip));
        n->ecn = out.ecn;
        for (size_t i = 0; i < out.num_parts; i++)
            bytes += span_copy(mspan_skip(MSPAN(body), bytes), out.part[i]);
        REQUIRE(bytes == out.payload_bytes);
        struct span h = span_first(SPAN(head), out.header_bytes), b = span_first(SPAN(body), bytes);
        if (out.gso_bytes)
            net_send_cut(n, from, h, b, out.gso_bytes);
        else
            net_send(n, from, h, b);
    }
}
static inline struct packet *net_packet(struct host *h, struct span bytes)
{
    struct packet *p = packet_alloc(&h->pool);
    if (p)
        p->view = span_first(SPAN(p->data), span_copy(MSPAN(p->data), bytes));
    return p;
}
static inline void net_give(struct net *n, unsigned to, struct span bytes, bool is_ce)
{
    struct host *h = &n->host[to];
    size_t piece = n->is_chained ? TCP_HEADER_BYTES_MAX + net_random(n) % 700 : bytes.n;
    struct packet *first = net_packet(h, span_first(bytes, piece)), *last = first;
    for (size_t at = piece; last && at < bytes.n; at += piece)
        last = last->next = net_packet(h, span_sub(bytes, at, piece));
    if (!last) {
        packet_unref(first);
        return;
    }
    struct tcp_arrival a = { .src = n->host[1 - to].ip, .dst = h->ip, .packet = first, .is_ce = is_ce };
    if (n->is_batched)
        tcp_batch_input(h->t, &a, n->now);
    else
        tcp_input(h->t, &a, n->now);
    packet_unref(first);
}
/* A segment that somebody made up, and what it draws. */
static inline void net_inject(struct net *n, unsigned to, const struct tcp_segment *s, struct span payload)
{
    uint8_t bytes[NET_SEGMENT_BYTES_MAX];
    size_t head = tcp_segment_encode(s, MSPAN(bytes));
    size_t all = head + span_copy(mspan_skip(MSPAN(bytes), head), payload);
    net_give(n, to, span_first(SPAN(bytes), all), false);
    tcp_batch_end(n->host[to].t);
    net_collect(n, to);
}
static inline bool net_deliver_one(struct net *n)
{
    size_t next = NET_QUEUE_MAX;
    for (size_t i = 0; i < n->num_flying; i++)
        if (n->flying[i].at <= n->now && (next == NET_QUEUE_MAX || n->flying[i].at < n->flying[next].at ||
                                          (n->flying[i].at == n->flying[next].at && n->flying[i].order < n->flying[next].order)))
            next = i;
    if (next == NET_QUEUE_MAX)
        return false;
    static struct flying f;
    f = n->flying[next];
    n->flying[next] = n->flying[--n->num_flying];
    if (!n->is_cut)
        net_give(n, f.to, span_first(SPAN(f.bytes), f.n), f.is_ce);
    return true;
}

/* ---- The applications */

static inline void app_send(struct host *h, struct app *a, nanos now)
{
    while (a->sent < a->to_send) {
        size_t most = a->write_bytes ? a->write_bytes : sizeof net_pattern;
        size_t want = (size_t)(a->to_send - a->sent < most ? a->to_send - a->sent : most);
        struct span s = span_sub(SPAN(net_pattern), a->sent % sizeof net_pattern, want);
        size_t n = s.n;
        if (!a->sends_static)
            n = tcp_write(h->t, a->conn, s, now);
        else if (!tcp_write_static(h->t, a->conn, s, now))
            n = 0;
        a->sent += n;
        if (n < s.n)
            return;
    }
    if (a->closes_when_sent && !a->has_shut_down) {
        a->has_shut_down = true;
        tcp_shutdown(h->t, a->conn, now);
    }
}
static inline void app_read(struct host *h, struct app *a, nanos now)
{
    for (struct span s; a->received < a->receive_max && (s = tcp_peek(a->conn)).n > 0;) {
        s = span_first(s, (size_t)(a->receive_max - a->received));
        for (size_t i = 0; i < s.n; i++)
            a->bad_byte = a->bad_byte || span_at(s, i) != net_byte((a->received + i) % 65536);
        a->received += s.n;
        tcp_consume(h->t, a->conn, s.n, now);
    }
    a->saw_end = tcp_at_end(a->conn);
    a->closes_when_sent = a->closes_when_sent || (a->saw_end && a->closes_at_end);
}
static inline void app_run(struct host *h, struct app *a, nanos now)
{
    if (!a->conn || a->keeps_still)
        return;
    if (a->is_connected)
        app_read(h, a, now);
    if (a->is_connected)
        app_send(h, a, now);
    if (a->has_ended && a->releases_when_ended) {
        tcp_release(h->t, a->conn, now);
        a->conn = NULL;
    }
}
static inline void app_poll(struct host *h, nanos now)
{
    unsigned news;
    for (struct tcp_conn *c; (c = tcp_poll(h->t, &news)) != NULL;) {
        struct app *a = tcp_user(c);
        if (!a)
            continue;
        a->conn = c;
        a->all_news |= news;
        a->is_connected = a->is_connected || news & (TCP_ACCEPTED | TCP_CONNECTED);
        if (news & TCP_ENDED) {
            a->has_ended = true;
            a->why = tcp_why(c);
        }
        app_run(h, a, now);
    }
}

/* ---- Time */

static inline nanos net_next(const struct net *n)
{
    nanos next = nanos_min(tcp_deadline(n->host[0].t), tcp_deadline(n->host[1].t));
    for (size_t i = 0; i < n->num_flying; i++)
        next = nanos_min(next, n->flying[i].at);
    return next;
}
static inline void net_settle(struct net *n)
{
    for (unsigned i = 0; i < 2; i++) {
        app_poll(&n->host[i], n->now);
        net_collect(n, i);
    }
}
/* Everything that happens until then. */
static inline void net_run_until(struct net *n, nanos until)
{
    for (;;) {
        net_settle(n);
        nanos next = net_next(n);
        if (next > until)
            break;
        n->now = nanos_max(n->now, next);
        for (unsigned i = 0; i < 2; i++)
            tcp_tick(n->host[i].t, n->now);
        net_settle(n);
        while (net_deliver_one(n))
            if (!n->is_batched)
                net_settle(n);
        for (unsigned i = 0; i < 2; i++)
            tcp_batch_end(n->host[i].t);
        net_settle(n);
    }
    n->now = nanos_max(n->now, until);
}
static inline void net_run_for(struct net *n, nanos duration)
{
    net_run_until(n, n->now + duration);
}

/* ---- The usual */

static inline void net_listen(struct net *n)
{
    TRUE(tcp_open_listener(n->host[1].t, SERVER_PORT, &n->host[1].app));
}
static inline void net_open(struct net *n)
{
    struct endpoint to = { n->host[1].ip, SERVER_PORT };
    n->host[0].app.conn = tcp_open(n->host[0].t, &n->host[0].ip, &to, &n->host[0].app, n->now);
    TRUE(n->host[0].app.conn != NULL);
}
static inline void net_connect(struct net *n)
{
    net_listen(n);
    net_open(n);
    net_run_for(n, NS_PER_S / 10);
    TRUE(n->host[0].app.is_connected && n->host[1].app.is_connected);
}
/* Both ends gave everything back. */
static inline void net_expect_clean(struct net *n)
{
    for (unsigned i = 0; i < 2; i++) {
        if (n->host[i].app.conn)
            tcp_release(n->host[i].t, n->host[i].app.conn, n->now);
        n->host[i].app.conn = NULL;
    }
    net_run_for(n, 2000 * (nanos)NS_PER_S);
    for (unsigned i = 0; i < 2; i++) {
        EQ(n->host[i].pool.num_free, n->host[i].pool.all.n);
        EQ(tcp_num_open(n->host[i].t), 0);
        EQ(tcp_deadline(n->host[i].t), NEVER);
    }
}

/* ---- Strangers */

static inline struct tcp_conn *net_server_conn(struct net *n)
{
    return n->host[1].app.conn;
}
/* A segment that the server takes for the client's. */
static inline struct tcp_segment net_forged(struct net *n, uint8_t flags)
{
    struct tcp_conn *c = net_server_conn(n);
    struct tcp_segment s = { .source_port = c->entry.tuple.remote_port, .destination_port = SERVER_PORT, .flags = flags,
                             .seq = c->rcv_nxt, .ack = c->snd_nxt, .window = 65535 };
    s.opt.has_timestamps = true;
    s.opt.ts_val = c->agreed.ts_recent;
    return s;
}

#endif
