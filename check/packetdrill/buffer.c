// SPDX-License-Identifier: ISC
/* buffer.c - how much of a write Linux's sockets take, which scripts know to the byte. What is written lies in pieces, each as large
 * as what a device may get at once: half of the largest window that the peer announced. A new piece begins while there are fewer bytes
 * than SO_SNDBUF, and fewer than TCP_NOTSENT_LOWAT wait to be sent. Each costs PIECE_COST besides its bytes.
 *
 * The engine gets one piece after the other, the next when all of the one before was sent: so a segment never has text of two, and PSH is
 * where one ends, if it is the last, or the first that ends half a window behind the PSH before.
 *
 * A buffer that was not chosen grows when the text that is in flight is less than the congestion window: to two of those. */
#include "check/packetdrill/settings.h"
#include "check/packetdrill/socket.h"
#include "lib/tcp/engine.h"
#include <stdlib.h>
#include <string.h>

#define PIECE_COST 1280u            /* of the kernel's memory */
#define HEADERS_COST 640u
#define DESCRIPTION_COST 256u
#define SEGMENTS_MIN 10u
#define DEVICE_BYTES_MAX 65160u

struct piece {
    struct piece *next;
    uint32_t num_bytes;
    bool has_more;                  /* it does not end with PSH */
    uint8_t bytes[DEVICE_BYTES_MAX];
};

/* ---- What there is */

static uint32_t piece_bytes(const struct tcp_conn *c)
{
    uint32_t mss = u32_max(c->snd_mss, 1), most = u32_max(u32_min(c->max_snd_wnd / 2, DEVICE_BYTES_MAX), mss);
    return most - most % mss;
}
static uint32_t in_engine(const struct socket *s)
{
    const struct tcp_conn *c = s->conn;
    uint32_t in_flight = c->snd_nxt - c->snd_una, bytes = u32_saturate(c->send.num_bytes);
    return bytes - u32_min(in_flight, bytes);
}
uint32_t buffer_unsent(const struct socket *s)
{
    return in_engine(s) + s->buffer.num_waiting;
}
uint32_t buffer_queued(const struct socket *s)
{
    return u32_saturate(s->conn->send.num_bytes) + s->buffer.num_waiting;
}
static uint32_t cost(const struct socket *s)
{
    uint32_t bytes = buffer_queued(s), piece = piece_bytes(s->conn);
    return bytes + (bytes + piece - 1) / piece * PIECE_COST;
}
static uint32_t size_of(const struct socket *s)
{
    return s->buffer.bytes ? s->buffer.bytes : u32_max(s->buffer.grown, setting("tcp_wmem", 1, 16384));
}
/* What a segment costs of the kernel's memory: a power of two that takes it and its headers, and what describes it. */
static uint32_t cost_of_segment(uint32_t mss)
{
    uint32_t bytes = 2048;
    while (bytes < mss + HEADERS_COST)
        bytes *= 2;
    return bytes + DESCRIPTION_COST;
}
void buffer_grows(struct socket *s)
{
    const struct tcp_conn *c = s->conn;
    uint32_t cwnd = c->congestion.cwnd / u32_max(c->snd_mss, 1);
    if (!s->buffer.is_awaited || tcp_conn_pipe(c) + c->snd_mss > c->congestion.cwnd)
        return;
    uint32_t wanted = u32_max(cwnd, SEGMENTS_MIN) * 2 * cost_of_segment(c->snd_mss);
    s->buffer.grown = u32_max(s->buffer.grown, u32_min(wanted, setting("tcp_wmem", 2, 4u << 20)));
}
static uint32_t mark_of(const struct socket *s)
{
    return s->buffer.unsent_mark ? s->buffer.unsent_mark : setting("tcp_notsent_lowat", 0, UINT32_MAX);
}

/* ---- Writing */

/* The last piece takes more until it is full; what was sent of it is no longer it. */
static uint32_t room_for(struct socket *s)
{
    uint32_t unsent = buffer_unsent(s), piece = piece_bytes(s->conn), last = u32_min(unsent, s->buffer.last_piece);
    if (last > 0 && last < piece)
        return piece - last;
    s->buffer.lacked_room = cost(s) >= size_of(s) || unsent >= mark_of(s);
    s->buffer.is_awaited |= s->buffer.lacked_room;
    s->buffer.last_piece = 0;
    return s->buffer.lacked_room ? 0 : piece;
}
static void into_engine(const struct socket *s, struct span bytes, bool has_more)
{
    size_t n = has_more ? tcp_write_more(world_tcp, s->conn, bytes, world_now) : tcp_write(world_tcp, s->conn, bytes, world_now);
    REQUIRE(n == bytes.n);
}
/* Behind all that waits; to the last piece, or as a new one. */
static void wait_for_turn(struct socket *s, struct span bytes, bool has_more)
{
    struct piece **last = &s->buffer.waiting;
    while (*last && ((*last)->next || s->buffer.last_piece == 0))
        last = &(*last)->next;
    struct piece *p = *last ? *last : calloc(1, sizeof *p);
    REQUIRE(p);
    *last = p;
    memcpy(p->bytes + p->num_bytes, bytes.p, bytes.n);
    p->num_bytes += (uint32_t)bytes.n;
    p->has_more = has_more;
    s->buffer.num_waiting += (uint32_t)bytes.n;
}
static bool is_forced(const struct socket *s)
{
    return s->buffer.num_written - s->buffer.pushed_at > s->conn->max_snd_wnd / 2;
}
size_t buffer_write(struct socket *s, struct span bytes, bool has_more)
{
    struct buffer *b = &s->buffer;
    struct span now = span_first(bytes, room_for(s));
    bool is_first = in_engine(s) == 0 || (!b->waiting && b->last_piece > 0);
    uint32_t last = u32_min(buffer_unsent(s), b->last_piece) + (uint32_t)now.n;
    if (now.n == 0)
        return 0;
    b->num_written += (uint32_t)now.n;
    has_more = !is_forced(s) && (has_more || now.n < bytes.n);
    if (!has_more)
        b->pushed_at = b->num_written;
    if (is_first)
        into_engine(s, now, has_more);
    else
        wait_for_turn(s, now, has_more);
    b->last_piece = last;
    return now.n;
}

static bool next_piece(struct socket *s)
{
    struct piece *p = s->buffer.waiting;
    if (!p)
        return false;
    s->buffer.waiting = p->next;
    s->buffer.num_waiting -= p->num_bytes;
    into_engine(s, (struct span){ p->bytes, p->num_bytes }, p->has_more);
    free(p);
    return true;
}
bool buffer_goes_on(struct socket *s)
{
    return s->conn && s->buffer.waiting && tcp_why(s->conn) == TCP_ALIVE && in_engine(s) == 0 && next_piece(s);
}
void buffer_ends(struct socket *s)
{
    while (s->conn && tcp_why(s->conn) == TCP_ALIVE && next_piece(s))
        continue;
    for (struct piece *p; (p = s->buffer.waiting) != NULL; free(p))
        s->buffer.waiting = p->next;
    s->buffer.num_waiting = 0;
}

void buffer_tells(struct socket *s)
{
    if (!s->buffer.is_awaited || !buffer_is_writable(s))
        return;
    s->buffer.is_awaited = false;
    s->num_arrivals++;
}
/* The engine measures it. */
void buffer_is_wanted(struct socket *s)
{
    s->conn->wants_room = true;
    tcp_conn_output(world_tcp, s->conn);
}
bool buffer_is_writable(const struct socket *s)
{
    uint32_t queued = cost(s), size = size_of(s);
    return size >= queued && size - queued >= queued / 2 && (uint64_t)buffer_unsent(s) << s->buffer.lacked_room < mark_of(s);
}
