// SPDX-License-Identifier: ISC
/* option.c - options of sockets, as far as the engine has what they choose, and what Linux tells of a connection. */
#include "check/packetdrill/socket.h"
#include "lib/tcp/engine.h"
#define tcp_info linux_tcp_info         /* theirs and ours have one name */
#include <linux/tcp.h>
#undef tcp_info
#include <netinet/in.h>
#include <string.h>
#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif
#define KEEPALIVE_IDLE_S 7200

static int give(void *value, socklen_t *n, const void *from, size_t num_bytes)
{
    *n = *n < num_bytes ? *n : (socklen_t)num_bytes;
    memcpy(value, from, *n);
    return 0;
}
static int give_int(void *value, socklen_t *n, int v)
{
    return give(value, n, &v, sizeof v);
}

/* ---- TCP_INFO: counts of bytes are counts of segments there */

static uint32_t usecs(nanos ns)
{
    return u32_saturate(ns / 1000);
}
static uint32_t segments(uint64_t num_bytes, uint32_t mss)
{
    return u32_saturate((num_bytes + mss - 1) / mss);
}
static uint8_t linux_state(const struct socket *s)
{
    static const uint8_t of[] = { [TCP_CLOSED] = 7, [TCP_SYN_SENT] = 2, [TCP_SYN_RECEIVED] = 3, [TCP_ESTABLISHED] = 1,
                                  [TCP_FIN_WAIT_1] = 4, [TCP_FIN_WAIT_2] = 5, [TCP_CLOSE_WAIT] = 8, [TCP_CLOSING] = 11,
                                  [TCP_LAST_ACK] = 9 };
    return s->kind == SOCKET_LISTENING ? 10 : s->conn ? of[s->conn->state] : 7;
}
static uint8_t linux_options(const struct tcp_conn *c)
{
    return (uint8_t)((c->agreed.timestamps ? TCPI_OPT_TIMESTAMPS : 0) | (c->agreed.sack ? TCPI_OPT_SACK : 0) |
                     (c->agreed.window_scaling ? TCPI_OPT_WSCALE : 0) | (c->agreed.ecn ? TCPI_OPT_ECN : 0) |
                     (tcp_info(world_tcp, c).syn_text_bytes > 0 ? TCPI_OPT_SYN_DATA : 0));
}
static uint8_t linux_ca_state(const struct tcp_conn *c, const struct tcp_info *i)
{
    if (c->recovery.mode == TCP_TIMEOUT_RECOVERY)
        return TCP_CA_Loss;
    if (c->recovery.board.num == 0 && seq_lt(c->snd_una, c->ecn_point))
        return TCP_CA_CWR;
    return i->is_recovering ? TCP_CA_Recovery : i->sacked_bytes > 0 ? TCP_CA_Disorder : TCP_CA_Open;
}
static uint32_t sent_again(const struct tcp_conn *c)
{
    uint32_t text_end = c->iss + 1 + c->syn_text_bytes, octets = 0;
    if (c->syn_text_refused && seq_lt(c->snd_una, text_end))
        octets += text_end - c->snd_una;
    for (uint32_t seq = c->snd_una; seq_lt(seq, c->snd_max);) {
        struct tcp_piece p = tcp_scoreboard_at(&c->recovery.board, seq, c->snd_max);
        octets += p.kind == TCP_RANGE_RESENT ? p.end - seq : 0;
        seq = p.end;
    }
    return octets;
}
/* SYN and text on it are one segment; before the peer has confirmed that, none has arrived. */
static uint32_t delivered(const struct socket *s, uint32_t mss)
{
    const struct tcp_conn *c = s->conn;
    if (c->fast_opening || c->snd_una == c->iss)
        return 0;
    uint32_t later = c->snd_una - c->iss - 1 - (s->has_connected && !c->syn_text_refused ? c->syn_text_bytes : 0);
    return 1 + segments(later + c->recovery.board.sacked, mss);
}
static void describe(const struct socket *s, struct linux_tcp_info *out)
{
    *out = (struct linux_tcp_info){ .tcpi_state = linux_state(s) };
    if (!s->conn)
        return;
    const struct tcp_conn *c = s->conn;
    struct tcp_info i = tcp_info(world_tcp, c);
    struct tcp_times times = tcp_times(c, world_now);
    uint32_t mss = u32_max(i.mss_bytes, 1);
    out->tcpi_ca_state = linux_ca_state(c, &i);
    out->tcpi_retransmits = out->tcpi_backoff = (uint8_t)i.num_timeouts;
    out->tcpi_options = linux_options(c);
    out->tcpi_snd_wscale = c->agreed.snd_wind_shift & 15u;
    out->tcpi_rcv_wscale = c->agreed.rcv_wind_shift & 15u;
    out->tcpi_rto = usecs(i.retransmission_timeout);
    out->tcpi_snd_mss = i.mss_bytes;
    out->tcpi_rcv_mss = c->rcv_mss;
    out->tcpi_advmss = tcp_mss_to_announce(world_tcp, &c->entry.tuple);
    out->tcpi_unacked = segments(i.in_flight_bytes, mss);
    out->tcpi_sacked = segments(i.sacked_bytes, mss);
    out->tcpi_retrans = segments(sent_again(c), mss);
    out->tcpi_lost = segments(i.lost_bytes, mss) + out->tcpi_retrans;       /* lost it was, too */
    out->tcpi_last_data_sent = usecs(nanos_sub(world_now, c->last_sent_at)) / 1000;
    out->tcpi_last_data_recv = usecs(nanos_sub(world_now, c->heard_at)) / 1000;
    out->tcpi_rtt = usecs(i.round_trip);
    out->tcpi_rttvar = usecs(i.round_trip_varies);
    out->tcpi_min_rtt = usecs(i.round_trip_min);
    out->tcpi_snd_ssthresh = i.ssthresh_bytes ? i.ssthresh_bytes / mss : INT32_MAX;
    out->tcpi_snd_cwnd = i.cwnd_bytes / mss;
    out->tcpi_delivered = delivered(s, mss);
    out->tcpi_reordering = u32_max(segments(i.reordering_bytes, mss), 3);
    out->tcpi_reord_seen = i.reordering_bytes > 0;
    out->tcpi_snd_wnd = i.peer_window_bytes;
    out->tcpi_busy_time = (uint64_t)WORLD_USECS(times.busy);
    out->tcpi_rwnd_limited = (uint64_t)WORLD_USECS(times.window_limited);
    out->tcpi_sndbuf_limited = (uint64_t)WORLD_USECS(times.budget_limited);
    out->tcpi_total_retrans = i.num_sent_again;
    out->tcpi_notsent_bytes = buffer_unsent(s);
}

/* ---- Options */

static int get_tcp(struct socket *s, int name, void *value, socklen_t *n)
{
    struct {
        struct linux_tcp_info known;
        uint64_t later[16];             /* what newer kernels tell, too */
    } info = { 0 };
    switch (name) {
    case TCP_INFO:
        describe(s, &info.known);
        return give(value, n, &info, sizeof info);
    case TCP_CC_INFO:                   /* of algorithms that tell something: none of ours */
        return give(value, n, &(struct { uint32_t word[4]; }){ 0 }, 16);
    case TCP_NODELAY:
        return give_int(value, n, !s->choices.nagle);
    case TCP_CORK:
        return give_int(value, n, s->choices.cork);
    case TCP_MAXSEG:
        return give_int(value, n, s->conn ? s->conn->snd_mss : s->choices.mss_bytes ? s->choices.mss_bytes : TCP_MSS_DEFAULT);
    case TCP_USER_TIMEOUT:
        return give_int(value, n, (int)s->choices.user_timeout_ms);
    case TCP_NOTSENT_LOWAT:
        return give_int(value, n, (int)s->buffer.unsent_mark);
    default:
        return fails(ENOPROTOOPT);
    }
}
int socket_get(struct socket *s, int level, int name, void *value, socklen_t *n)
{
    int error = s->error;
    if (level == IPPROTO_TCP)
        return get_tcp(s, name, value, n);
    if (level != SOL_SOCKET)
        return fails(ENOPROTOOPT);
    switch (name) {
    case SO_ERROR:
        s->error = 0;
        return give_int(value, n, error);
    case SO_REUSEADDR:
    case SO_ACCEPTCONN:
        return give_int(value, n, name == SO_REUSEADDR || s->kind == SOCKET_LISTENING);
    case SO_KEEPALIVE:
        return give_int(value, n, s->choices.keepalive_idle_s > 0);
    case SO_SNDBUF:
        return give_int(value, n, (int)s->buffer.bytes);
    case SO_MEMINFO:
        return give(value, n, &(struct { uint32_t word[9]; }){ 0 }, 36);
    default:
        return fails(ENOPROTOOPT);
    }
}

void socket_apply(struct socket *s)
{
    if (s->conn)
        tcp_choose(world_tcp, s->conn, &s->choices, world_now);
    else if (s->kind == SOCKET_LISTENING)
        tcp_choose_for_port(world_tcp, s->local_port, &s->choices);
}
/* Whatever waits goes out, corked or not. */
static void push(struct socket *s)
{
    struct tcp_choices uncorked = s->choices;
    uncorked.cork = false;
    if (!s->conn)
        return;
    tcp_choose(world_tcp, s->conn, &uncorked, world_now);
    wire_output();
}

/* The engine has one number of them: those that are not wanted count as sent. */
void socket_limit_syns(struct socket *s)
{
    struct tcp_conn *c = s->conn;
    if (s->num_syns_again > 0 && c && c->state == TCP_SYN_SENT && c->snd_max != c->iss && c->retries == 0)
        c->retries = (uint8_t)(TCP_SYN_RETRIES - s->num_syns_again);
}

static int set_tcp(struct socket *s, int name, int v)
{
    switch (name) {
    case TCP_NODELAY:
        s->choices.nagle = !v;
        if (v)
            push(s);
        break;
    case TCP_CORK:
        s->choices.cork = v;
        break;
    case TCP_MAXSEG:
        s->choices.mss_bytes = (uint16_t)v;
        break;
    case TCP_USER_TIMEOUT:
        s->choices.user_timeout_ms = (uint32_t)v;
        break;
    case TCP_NOTSENT_LOWAT:
        s->buffer.unsent_mark = (uint32_t)v;
        break;
    case TCP_FASTOPEN:
        s->fast_open_max = v;
        socket_listen_fast(s);
        break;
    case TCP_FASTOPEN_CONNECT:
        if (!socket_may_connect_fast())
            return fails(EOPNOTSUPP);
        s->connects_fast = v;
        break;
    case TCP_SYNCNT:
        s->num_syns_again = v;
        socket_limit_syns(s);
        break;
    case TCP_KEEPIDLE:
        s->keepalive_idle_s = (uint32_t)v;
        if (s->choices.keepalive_idle_s > 0)
            s->choices.keepalive_idle_s = (uint32_t)v;
        break;
    case TCP_QUICKACK:
        break;
    default:
        return fails(ENOPROTOOPT);
    }
    socket_apply(s);
    return 0;
}
int socket_set(struct socket *s, int level, int name, const void *value, socklen_t n)
{
    int v = 0;
    struct linger linger;
    if (level == IPPROTO_TCP && name == TCP_FASTOPEN_KEY)
        return socket_set_fast_open_key(s, value, n);
    if (level == IPPROTO_IP && (name == IP_TOS || name == IP_MTU_DISCOVER))     /* of the layer below */
        return 0;
    if (level == SOL_SOCKET && name == SO_LINGER && n >= sizeof linger) {
        memcpy(&linger, value, sizeof linger);
        s->has_linger = linger.l_onoff;
        s->linger_s = (uint16_t)linger.l_linger;
        return 0;
    }
    if (n < sizeof v)
        return fails(EINVAL);
    memcpy(&v, value, sizeof v);
    if (level == IPPROTO_TCP)
        return set_tcp(s, name, v);
    if (level != SOL_SOCKET)
        return fails(ENOPROTOOPT);
    switch (name) {
    case SO_KEEPALIVE:
        s->choices.keepalive_idle_s = !v ? 0 : s->keepalive_idle_s > 0 ? s->keepalive_idle_s : KEEPALIVE_IDLE_S;
        socket_apply(s);
        return 0;
    case SO_SNDBUF:                     /* twice, for what it costs */
        s->buffer.bytes = 2 * (uint32_t)v;
        return 0;
    case SO_REUSEADDR:
    case SO_RCVBUF:
        return 0;
    default:
        return fails(ENOPROTOOPT);
    }
}
