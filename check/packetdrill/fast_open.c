// SPDX-License-Identifier: ISC
/* fast_open.c - options and settings of Linux for TCP fast open. */
#include "check/packetdrill/settings.h"
#include "check/packetdrill/socket.h"
#include "base/checked.h"
#include <stdlib.h>
#include <string.h>

/* net.ipv4.tcp_fastopen */
enum { CONNECTS = 1, SERVES = 2, NEEDS_NO_COOKIE_OF_SERVERS = 4, NEEDS_NO_COOKIE_OF_CLIENTS = 0x200, ALL_LISTENERS = 0x400 };
#define WORDS_OF_KEY 4
#define OPTIONS_BYTES_MAX 40            /* of a SYN, which its text leaves room for */

/* Four words in hexadecimal, each little-endian in the key. Returns what follows them, NULL: they are no key. */
static const char *read_key(const char *text, uint8_t *key)
{
    for (size_t i = 0; i < WORDS_OF_KEY; i++) {
        char *end;
        unsigned long word = strtoul(text, &end, 16);
        if (end == text)
            return NULL;
        for (size_t k = 0; k < 4; k++)
            key[4 * i + k] = (uint8_t)(word >> 8 * k);
        text = *end == '-' || *end == ',' ? end + 1 : end;
    }
    return text;
}
static struct tcp_fast_open_keys machine_keys(void)
{
    struct tcp_fast_open_keys k = { 0 };
    char line[128];
    setting_line("net.ipv4.", "tcp_fastopen_key", line, sizeof line);
    const char *more = read_key(line, k.key);
    k.has_previous_key = more && read_key(more, k.previous_key);
    return k;
}

void socket_listen_fast(const struct socket *s)
{
    uint32_t mode = setting("tcp_fastopen", 0, 1);
    int max = s->fast_open_max > 0 ? s->fast_open_max : mode & ALL_LISTENERS ? s->backlog : 0;
    struct tcp_fast_open_listening l = { .keys = s->has_fast_open_key ? s->fast_open_keys : machine_keys(),
                                         .num_pending_max = (uint16_t)max, .needs_no_cookie = mode & NEEDS_NO_COOKIE_OF_CLIENTS };
    if (s->kind == SOCKET_LISTENING)
        tcp_fast_open_listen(world_tcp, s->local_port, mode & SERVES && max > 0 ? &l : NULL);
}
int socket_set_fast_open_key(struct socket *s, const void *value, socklen_t n)
{
    struct tcp_fast_open_keys *k = &s->fast_open_keys;
    if (n != sizeof k->key && n != sizeof k->key + sizeof k->previous_key)
        return fails(EINVAL);
    memcpy(k->key, value, sizeof k->key);
    k->has_previous_key = n > sizeof k->key;
    if (k->has_previous_key)
        memcpy(k->previous_key, (const char *)value + sizeof k->key, sizeof k->previous_key);
    s->has_fast_open_key = true;
    socket_listen_fast(s);
    return 0;
}

/* ---- A client */

bool socket_may_connect_fast(void)
{
    return setting("tcp_fastopen", 0, 1) & CONNECTS;
}
static bool needs_no_cookie(void)
{
    return setting("tcp_fastopen", 0, 1) & NEEDS_NO_COOKIE_OF_SERVERS;
}
void socket_forget_peers(void)
{
    static uint32_t num_seen;
    uint32_t num = setting("tcp_metrics", 0, 0);
    if (num != num_seen)
        tcp_fast_open_forget(world_tcp);
    num_seen = num;
}
bool socket_defers(struct socket *s, const struct endpoint *remote)
{
    struct ip local = call_local_for(s, &remote->ip);
    if (tcp_fast_open_room(world_tcp, &local, &remote->ip, needs_no_cookie(), world_now) == 0)
        return false;
    s->kind = SOCKET_DEFERRED;
    s->remote = *remote;
    return true;
}

/* The first so many bytes, as the text of the SYN. */
static size_t write_text(struct socket *s, const struct iovec *v, size_t num, size_t room)
{
    size_t written = 0;
    for (size_t i = 0; i < num && room > 0; i++) {
        size_t n = tcp_write(world_tcp, s->conn, (struct span){ v[i].iov_base, v[i].iov_len < room ? v[i].iov_len : room }, world_now);
        written += n;
        room -= n;
    }
    return written;
}
static ssize_t send_rest(struct socket *s, const struct iovec *v, size_t num, size_t written, int flags)
{
    ssize_t sent = (ssize_t)written;
    for (size_t i = 0; i < num; i++) {
        size_t skip = v[i].iov_len < written ? v[i].iov_len : written;
        const struct iovec rest = { (char *)v[i].iov_base + skip, v[i].iov_len - skip };
        written -= skip;
        ssize_t n = rest.iov_len > 0 ? call_send(s, &rest, 1, flags) : 0;
        if (n < 0)
            return sent > 0 ? sent : n;
        sent += n;
    }
    return sent;
}
ssize_t call_send_fast(struct socket *s, const struct endpoint *remote, const struct iovec *v, size_t num, int flags)
{
    bool has_no_cookie = needs_no_cookie();
    struct ip local = call_local_for(s, &remote->ip);
    uint32_t room = tcp_fast_open_room(world_tcp, &local, &remote->ip, has_no_cookie, world_now), mss = s->choices.mss_bytes;
    room = room > 0 && mss > 0 ? u32_min(room, mss - OPTIONS_BYTES_MAX) : room;
    s->conn = tcp_open_fast(world_tcp, &local, remote, s, has_no_cookie, world_now);
    if (!s->conn)
        return fails(EADDRNOTAVAIL);
    s->kind = SOCKET_CONNECTING;
    s->has_connected = true;
    socket_apply(s);
    size_t written = write_text(s, v, num, call_may_block(s, flags) ? SIZE_MAX : room);
    if (!call_may_block(s, flags))
        return written > 0 ? (ssize_t)written : fails(EINPROGRESS);
    return call_await_connection(s) ? -1 : send_rest(s, v, num, written, flags);
}
