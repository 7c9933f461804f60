// SPDX-License-Identifier: ISC
/* buffer.c - how much of a write Linux's sockets take, which scripts know to the byte. What is written lies in pieces, each as large
 * as what a device may get at once: half of the largest window that the peer announced. A new piece begins while there are fewer bytes
 * than SO_SNDBUF, and fewer than TCP_NOTSENT_LOWAT wait to be sent. Each costs PIECE_COST besides its bytes. */
#include "check/packetdrill/settings.h"
#include "check/packetdrill/socket.h"
#include "lib/tcp/engine.h"

#define PIECE_COST 1280u            /* of the kernel's memory */
#define DEVICE_BYTES_MAX 65160u

static uint32_t piece_bytes(const struct tcp_conn *c)
{
    uint32_t mss = u32_max(c->snd_mss, 1), most = u32_max(u32_min(c->max_snd_wnd / 2, DEVICE_BYTES_MAX), mss);
    return most - most % mss;
}
static uint32_t queued_bytes(const struct tcp_conn *c)
{
    uint32_t bytes = u32_saturate(c->send.num_bytes), piece = piece_bytes(c);
    return bytes + (bytes + piece - 1) / piece * PIECE_COST;
}
static uint32_t unsent_bytes(const struct tcp_conn *c)
{
    uint32_t in_flight = c->snd_nxt - c->snd_una, bytes = u32_saturate(c->send.num_bytes);
    return bytes - u32_min(in_flight, bytes);
}
static uint32_t size_of(const struct socket *s)
{
    return s->buffer.bytes ? s->buffer.bytes : setting("tcp_wmem", 1, 16384);
}
static uint32_t mark_of(const struct socket *s)
{
    return s->buffer.unsent_mark ? s->buffer.unsent_mark : setting("tcp_notsent_lowat", 0, UINT32_MAX);
}

/* The last piece takes more until it is full; what was sent of it is no longer it. */
size_t buffer_room(struct socket *s)
{
    const struct tcp_conn *c = s->conn;
    uint32_t unsent = unsent_bytes(c), piece = piece_bytes(c), last = u32_min(unsent, s->buffer.last_piece);
    if (last > 0 && last < piece)
        return piece - last;
    s->buffer.lacked_room = queued_bytes(c) >= size_of(s) || unsent >= mark_of(s);
    s->buffer.last_piece = 0;
    return s->buffer.lacked_room ? 0 : piece;
}
void buffer_wrote(struct socket *s, size_t num_bytes)
{
    s->buffer.last_piece = u32_saturate(u32_min(unsent_bytes(s->conn) - (uint32_t)num_bytes, s->buffer.last_piece) + num_bytes);
}
/* The engine measures it. */
void buffer_is_wanted(struct socket *s)
{
    s->conn->wants_room = true;
    tcp_conn_output(world_tcp, s->conn);
}
bool buffer_is_writable(const struct socket *s)
{
    const struct tcp_conn *c = s->conn;
    uint32_t queued = queued_bytes(c), unsent = unsent_bytes(c), size = size_of(s), mark = mark_of(s);
    return size >= queued && size - queued >= queued / 2 && (uint64_t)unsent << s->buffer.lacked_room < mark;
}
