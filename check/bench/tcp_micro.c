// SPDX-License-Identifier: ISC
/* tcp_micro - what the TCP engine itself costs: requests of 100 bytes and responses of 1 KiB between two engines in one
 * process, no network; many connections in turn, of which ACTIVE_MAX at a time have asked. Prints ns for a pair of request and
 * response, both ends together.
 *
 *     tcp_micro [CONNECTIONS [PAIRS]] */
#include "lib/packet/packet.h"
#include "lib/tcp/tcp.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NUM_PACKETS 16384
#define ACTIVE_MAX 1000
#define SEGMENTS_MAX 4096               /* at a time */
#define CONNS_MAX 131072
#define CONNS_EACH_PORT 8000         /* there are 16384 local ones to each */
#define REQUEST_BYTES 100
#define HEADER_BYTES 150
#define BODY_BYTES 1024

struct side {
    struct tcp *t;
    struct packet_pool pool;
    struct ip ip;
    unsigned long num_done, num_asked;
};
static struct side side[2];
static struct packet packets[2][NUM_PACKETS] __attribute__((aligned(64)));
static uint8_t request[REQUEST_BYTES], header[HEADER_BYTES], body[BODY_BYTES];
static nanos now = NS_PER_S;

void panic(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}
static nanos clock_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return from_s((uint64_t)ts.tv_sec) + (nanos)ts.tv_nsec;
}

/* Straight into the other's engine, as a driver would deliver it. */
static unsigned long move_segments(struct side *from, struct side *to)
{
    uint8_t head[TCP_HEADER_BYTES_MAX];
    struct tcp_out out = { .header_room = MSPAN(head) };
    unsigned long num = 0;
    for (; num < SEGMENTS_MAX && tcp_output(from->t, &out, now); num++) {
        struct packet *p = packet_alloc(&to->pool);
        if (!p)
            continue;
        size_t n = span_copy(MSPAN(p->data), span_first(SPAN(head), out.header_bytes));
        for (size_t i = 0; i < out.num_parts; i++)
            n += span_copy(mspan_skip(MSPAN(p->data), n), out.part[i]);
        p->view = span_first(SPAN(p->data), n);
        struct tcp_arrival a = { .src = out.src, .dst = out.dst, .packet = p };
        tcp_input(to->t, &a, now);
        packet_unref(p);
    }
    return num;
}
static void ask(struct side *s, struct tcp_conn *c)
{
    if (tcp_write(s->t, c, SPAN(request), now) != REQUEST_BYTES)
        abort();
}
/* Those that have their response wait behind all others. */
static struct tcp_conn *waiting[CONNS_MAX];
static size_t first, num_waiting;
static void wait_turn(struct tcp_conn *c)
{
    waiting[(first + num_waiting++) % CONNS_MAX] = c;
}
static void ask_next(struct side *s)
{
    for (; num_waiting > 0 && s->num_asked - s->num_done < ACTIVE_MAX; s->num_asked++, num_waiting--) {
        ask(s, waiting[first]);
        first = (first + 1) % CONNS_MAX;
    }
}
static void serve(struct side *s)
{
    unsigned news;
    for (struct tcp_conn *c; (c = tcp_poll(s->t, &news)) != NULL;) {
        struct span got = tcp_peek(c);
        if (got.n == 0)
            continue;
        tcp_consume(s->t, c, got.n, now);
        if (tcp_write(s->t, c, SPAN(header), now) != HEADER_BYTES || !tcp_write_static(s->t, c, SPAN(body), now))
            abort();
    }
}
static void enjoy(struct side *s)
{
    unsigned news;
    for (struct tcp_conn *c; (c = tcp_poll(s->t, &news)) != NULL;) {
        size_t got = 0;
        for (struct span b; (b = tcp_peek(c)).n > 0; got += b.n)
            tcp_consume(s->t, c, b.n, now);
        if (got == 0 && !(news & TCP_CONNECTED))
            continue;
        s->num_done += got > 0;
        wait_turn(c);
    }
    ask_next(s);
}
static void start(struct side *s, size_t i, size_t num_conns)
{
    struct tcp_config cfg = { .num_conns = num_conns, .num_half_open = 1024, .num_time_wait = 64, .mss_bytes = 1460,
                              .receive_buffer_bytes = 65536, .send_buffer_bytes = 16384, .secret = { (uint8_t)i } };
    size_t bytes = tcp_memory_bytes(&cfg);
    void *memory = aligned_alloc(64, (bytes + 63) & ~(size_t)63);
    if (!memory)
        abort();
    memset(memory, 0, bytes);
    s->ip = ip_from_v4((uint32_t)i + 1);
    packet_pool_init(&s->pool, packets[i], NUM_PACKETS);
    s->t = tcp_init(&cfg, (struct mspan){ memory, bytes }, &s->pool, now);
}
static void round_trip(void)
{
    now += 100 * NS_PER_US;
    (void)move_segments(&side[0], &side[1]);
    serve(&side[1]);
    (void)move_segments(&side[1], &side[0]);
    enjoy(&side[0]);
    tcp_tick(side[0].t, now);
    tcp_tick(side[1].t, now);
}

int main(int argc, char **argv)
{
    size_t num_conns = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
    unsigned long num_pairs = argc > 2 ? strtoul(argv[2], NULL, 10) : 2000000;
    start(&side[0], 0, num_conns);
    start(&side[1], 1, num_conns);
    for (size_t i = 0; i < num_conns; i++) {
        struct endpoint to = { side[1].ip, (uint16_t)(80 + i / CONNS_EACH_PORT) };
        if (i % CONNS_EACH_PORT == 0 && !tcp_open_listener(side[1].t, to.port, NULL))
            abort();
        if (!tcp_open(side[0].t, &side[0].ip, &to, NULL, now))
            abort();
    }
    while (side[0].num_done < num_conns)
        round_trip();
    unsigned long done = side[0].num_done;
    nanos begun = clock_now();
    while (side[0].num_done < done + num_pairs)
        round_trip();
    double ns = (double)(clock_now() - begun) / (double)(side[0].num_done - done);
    printf("tcp request and response, both ends: %.0f ns with %zu connections\n", ns, num_conns);
    return 0;
}
