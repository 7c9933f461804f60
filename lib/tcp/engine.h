// SPDX-License-Identifier: ISC
/* engine.h - the inside of lib/tcp: the engine, its connections, and what its machines ask of each other.
 *
 * A segment goes tcp_input (input.c) -> half_open.c, handshake.c, established.c or time_wait.c, which only note what
 * is due; tcp_output (output.c) then decides and writes. Two lists make that cheap: connections with output due, and
 * connections with news. Sequence variables have the names of RFC 9293 section 3.3.1. */
#ifndef LIB_TCP_ENGINE_H
#define LIB_TCP_ENGINE_H
#include "base/checked.h"
#include "base/wheel.h"
#include "lib/tcp/congestion.h"
#include "lib/tcp/fast_open.h"
#include "lib/tcp/receivequeue.h"
#include "lib/tcp/recovery.h"
#include "lib/tcp/rto.h"
#include "lib/tcp/sacklist.h"
#include "lib/tcp/segment.h"
#include "lib/tcp/sendqueue.h"
#include "lib/tcp/seq.h"
#include "lib/tcp/table.h"

#define TCP_MSS_DEFAULT 536                             /* RFC 9293 section 3.7.1: the peer gave none */
#define IPV6_LARGER_BYTES 20                            /* its header than that of IPv4 */
#define TCP_OWN_MSS_MIN 88                              /* that we announce: an mtu of 128 */
#define TCP_MSS_MIN 64                                  /* less would let a peer make us send mostly headers */
#define TCP_GSO_BYTES_MAX 65160                         /* with the headers, a multiple of a usual mss, in 64 KiB */
#define TCP_SYN_RETRIES 7                               /* 183 s; RFC 9293 section 3.8.3: at least three minutes */
#define TCP_SYN_ACK_RETRIES 4                           /* 31 s */
#define TCP_RETRIES 15                                  /* R2: from 200 ms on that is more than 100 s */
#define TCP_PROBES_WHEN_RELEASED 8                      /* of a window that stays closed, with nobody waiting for it */
#define TCP_DELAYED_ACK (40 * (nanos)NS_PER_MS)
#define TCP_QUICK_ACKS 16                               /* while a peer that sends in bulk is in slow start */
#define TCP_TIME_WAIT (60 * (nanos)NS_PER_S)            /* 2 MSL */
#define TCP_FIN_WAIT_2_MAX (60 * (nanos)NS_PER_S)       /* of a released connection */
#define TCP_CHALLENGE_INTERVAL (500 * (nanos)NS_PER_MS) /* RFC 5961 section 7, for each connection of its own */
#define TCP_KEEPALIVE_INTERVAL (75 * (nanos)NS_PER_S)
#define TCP_KEEPALIVE_PROBES 9
#define TCP_TIMESTAMP_SHIFT 20                          /* our timestamp clock: 1.05 ms */
#define TCP_PAWS_IDLE (24 * 24 * 3600 * (nanos)NS_PER_S) /* RFC 7323 section 5.5 */
#define TCP_REPLIES_MAX 256
#define TCP_FREE_FOR_EACH_HELD 8                        /* packets in the pool, for a packet that a connection holds */

/* RFC 9293 section 3.3.2. LISTEN is struct tcp_listener, a passive SYN-RECEIVED struct tcp_half_open, TIME-WAIT
 * struct tcp_time_wait: none of them needs a connection. */
enum tcp_state {
    TCP_CLOSED, TCP_SYN_SENT, TCP_SYN_RECEIVED /* simultaneous open */, TCP_ESTABLISHED, TCP_FIN_WAIT_1, TCP_FIN_WAIT_2,
    TCP_CLOSE_WAIT, TCP_CLOSING, TCP_LAST_ACK,
};
/* What the state of a connection waits for; the other thing is a delayed acknowledgment. One timer is for both, and
 * runs early rather than be moved: what is due is looked up when it fires. */
enum tcp_timer_kind {
    TCP_TIMER_NONE,
    TCP_TIMER_RETRANSMIT,       /* something is in flight, SYN and FIN included */
    TCP_TIMER_TAIL_PROBE,       /* the same, but first the peer is asked (RFC 8985 section 7) */
    TCP_TIMER_REORDER,          /* what is in flight is lost if it has not arrived by then (RFC 8985 section 6.3) */
    TCP_TIMER_PERSIST,          /* data waits for the peer's window, nothing is in flight */
    TCP_TIMER_KEEPALIVE,        /* nothing is in flight, and the application wants to know */
    TCP_TIMER_LINGER,           /* FIN-WAIT-2, released */
};

enum tcp_timer_owner { TCP_TIMER_OF_CONN, TCP_TIMER_OF_HALF_OPEN };
struct tcp_timer {
    struct wheel_timer wheel;
    uint8_t owner;
};

/* What the SYNs agreed upon. */
struct tcp_agreed {
    uint16_t mss;                           /* of what we send, options not deducted */
    uint8_t snd_wind_shift, rcv_wind_shift;
    bool window_scaling, timestamps, sack, ecn;
    uint32_t ts_recent, ts_offset;          /* the peer's last, and what our clock is moved by */
};

struct tcp_mtu_search {                     /* plpmtud.c */
    nanos raise_at;                         /* until then nothing larger than high_mss is tried */
    uint32_t probe_seq;
    uint16_t high_mss, seen_mss;            /* 0: not limited; snd_mss when it was looked at last */
    uint16_t probe_bytes;                   /* of the probe that is in flight; 0: none is */
};
struct tcp_mtu_probing {
    uint32_t (*next)(struct tcp_conn *c, nanos now);    /* octets from SND.NXT that are to be one segment, as a probe; 0: none */
    bool (*is_lost)(struct tcp_conn *c);                /* some of what is in flight is: the probe alone, which is no congestion */
    void (*timed_out)(struct tcp_conn *c);              /* before all that is in flight is sent again */
};

/* Why no more is sent; each includes that there is something to send. */
enum tcp_limit { TCP_LIMIT_PATH, TCP_LIMIT_WINDOW, TCP_LIMIT_BUDGET, TCP_LIMIT_IDLE /* there is not */ };
#define TCP_LIMITS 3                        /* that are measured: all but TCP_LIMIT_IDLE */
struct tcp_chosen {                         /* choice.c; nobody else looks at it but output.c at has_more */
    struct tcp_choices choices;
    uint32_t consumed;                      /* by the application, since round_at; autosize.c */
    uint32_t round_at;                      /* ticks; 0: no round has begun */
    uint32_t waits_at;                      /* SND.UNA, while the last write's end waits for more */
    bool has_more;                          /* the last write said that more would come */
    uint8_t limit;
    nanos limit_at, lasted[TCP_LIMITS];     /* since then it is that limit; how long each of them was, before */
};
/* What connections do whose application chose something: a table, so that only those images have it that choose. */
struct tcp_choosing {
    void (*agree)(const struct tcp *t, const struct tcp_tuple *tuple, struct tcp_agreed *a);    /* takes away what is not wanted */
    uint16_t (*mss)(const struct tcp *t, const struct tcp_tuple *tuple);    /* as tcp_config has it */
    bool (*holds)(const struct tcp_conn *c);            /* what does not fill a segment waits */
    bool (*gives_up)(struct tcp *t, struct tcp_conn *c, nanos now);     /* the user timeout has passed; a timer fired */
    void (*rests)(struct tcp *t, struct tcp_conn *c, nanos now);        /* nothing is in flight */
    void (*consumed)(struct tcp *t, struct tcp_conn *c, size_t num_bytes, nanos now);
    void (*keepalive_due)(struct tcp *t, struct tcp_conn *c, nanos now);
    void (*look)(struct tcp *t, struct tcp_conn *c, nanos now);         /* what can be sent was, since a write or an acknowledgment */
};

struct tcp_conn {
    struct tcp_entry entry;
    void *user;
    const struct tcp_fast_opening *fast_opening;    /* NULL: opened in the usual way, or done */
    struct link output, news, disordered;   /* in the engine's lists of that name */
    struct link place;                      /* in the engine's free or orphans */
    struct tcp_timer timer;
    nanos timer_at, ack_at;
    nanos last_sent_at, challenge_at, heard_at;
    uint32_t iss, snd_una, snd_nxt, snd_max, snd_wnd, snd_wl1, snd_wl2, max_snd_wnd;
    uint32_t ecn_point;                     /* ECE counts again when this is acknowledged */
    uint32_t irs, rcv_nxt, rcv_adv, last_ack_sent, rcv_fin;     /* rcv_adv: right edge of the announced window */
    struct tcp_agreed agreed;
    uint16_t snd_mss, rcv_mss;              /* payload of a full segment; the largest one received */
    uint16_t syn_text_bytes;                /* that the SYN carried, */
    bool syn_text_refused;                  /* of which the SYN-ACK took not all */
    bool syn_ack_due;
    uint8_t answer_cookie;                  /* of the server: form of the cookie that the SYN-ACK carries */
    uint8_t state, end, timer_kind, retries, new_news;
    uint8_t num_quick_acks;                 /* that are not delayed, since the peer's window grows by them; none to whom we answer */
    bool is_released, syn_was_lost;
    bool ecn_echo_due, cwr_due;             /* ECE on what is sent until CWR comes; CWR on the next new text */
    bool has_fin_to_send, has_rcv_fin;      /* FIN that is not acknowledged yet; the peer's has come, perhaps early */
    bool wants_room;
    bool ack_due, ack_delayed, probe_due, keepalive_due;
    struct tcp_send_queue send;
    struct tcp_receive_queue receive;
    struct tcp_rto rto;
    struct tcp_congestion congestion;
    struct tcp_recovery recovery;
    struct tcp_mtu_search mtu;
    struct tcp_sack_list sacks;             /* that we report */
    uint32_t num_sent_again;                /* segments */
    uint32_t send_budget_bytes;             /* of copied bytes */
    uint32_t receive_budget_bytes;          /* the largest window */
    struct tcp_chosen chosen;
};
_Static_assert(sizeof(struct tcp_conn) <= 936, "a connection at rest is small");

struct tcp_half_open {                      /* passive SYN-RECEIVED */
    struct tcp_entry entry;
    struct link age, output;
    struct tcp_timer timer;
    nanos sent_at, challenge_at;
    uint32_t iss, irs, snd_wnd;
    struct tcp_agreed agreed;
    uint8_t retries;
    uint8_t answer_cookie;                  /* form of the cookie for fast open that the first SYN-ACK carries */
};
struct tcp_opening {                        /* a connection that the third segment of its handshake has confirmed */
    struct tcp_tuple tuple;
    uint32_t iss, irs, snd_wnd;
    nanos round_trip;                       /* NEVER: not known */
    struct tcp_agreed agreed;
    bool syn_was_lost;
};
struct tcp_time_wait {
    struct tcp_entry entry;
    struct link age;
    nanos until, challenge_at;
    uint32_t snd_nxt, rcv_nxt;
    uint16_t window;
    struct tcp_agreed agreed;
};
struct tcp_listener {
    uint16_t port;                          /* 0: not in use */
    void *user;
    struct tcp_fast_open_port *fast_open;   /* NULL: it takes no part */
    struct tcp_choices choices;             /* of its connections */
};
struct tcp_reply {                          /* a segment without a connection to send it */
    struct tcp_tuple tuple;
    struct tcp_segment segment;
};

/* Everything a handler needs to know of a segment. */
struct tcp_incoming {
    struct tcp_tuple tuple;
    struct tcp_segment s;
    struct span header;                     /* and what follows it in its packet */
    struct packet *packet;                  /* views: the payload */
    uint32_t payload_bytes;
    bool is_ce;
    nanos now;
};

struct tcp {
    struct tcp_config cfg;
    struct packet_pool *packets;
    const struct tcp_congestion_algorithm *congestion;
    const struct tcp_mtu_probing *mtu_probing;      /* NULL: none */
    struct tcp_fast_open *fast_open;                /* NULL: none */
    const struct tcp_choosing *choosing;            /* NULL: nobody has chosen anything */
    /* packets that have to stay free where a connection keeps more: out of order, unread, copied and unacknowledged */
    uint32_t num_free_for_disorder;
    struct tcp_reserve unread, unsent;
    uint32_t num_disordered_max;
    uint8_t rcv_wind_shift;
    struct wheel wheel;
    struct tcp_table table;
    SLICE(struct tcp_conn) conns;
    SLICE(struct tcp_half_open) half_opens;
    SLICE(struct tcp_time_wait) time_waits;
    SLICE(struct tcp_ranges) ranges;        /* for the scoreboards of those that lose much */
    struct mspan first_chunks, chunks;      /* of the conns' send queues, chunks_each for each of them */
    size_t chunks_each;
    /* the places behind these were never touched */
    size_t num_conns_used, num_half_opens_used, num_time_waits_used, num_ranges_used;
    struct list free_conns, orphans;        /* orphans: released, finishing in the background, oldest first */
    struct list free_half_opens, half_opens_by_age, half_opens_due;
    struct list free_time_waits, time_waits_by_age;
    struct list free_ranges;
    struct list output_due, news, disordered;
    struct tcp_listener listener[TCP_LISTENERS_MAX];
    struct tcp_reply reply[TCP_REPLIES_MAX];
    struct ring replies;
    nanos cookies_until;                    /* until then acknowledgments out of nowhere may be of cookies */
    uint32_t num_opened;                    /* moves the choice of local ports */
    size_t num_open;
    struct tcp_incoming held;               /* of a batch, as more may follow; no packet: nothing is held */
    struct packet *held_last;               /* of its chain */
    struct tcp_stats stats;
};

/* What came, in a packet that is borrowed. false: it is no segment. */
MUST_CHECK bool tcp_incoming_of(struct tcp *t, const struct tcp_arrival *a, nanos now, struct tcp_incoming *in);
/* To the connection, or the listener, that it is for. */
void tcp_incoming_input(struct tcp *t, struct tcp_incoming *in);
static inline uint32_t tcp_incoming_length(const struct tcp_incoming *in)   /* SEG.LEN */
{
    return in->payload_bytes + ((in->s.flags & TCP_SYN) != 0) + ((in->s.flags & TCP_FIN) != 0);
}

/* ---- conn.c: places of connections, news, timers. An ended connection is TCP_CLOSED; a released one is free then. */
bool tcp_has_place(const struct tcp *t);                    /* tcp_conn_take will give one */
struct tcp_conn *tcp_conn_take(struct tcp *t, const struct tcp_tuple *tuple, nanos now);    /* may end an orphan; NULL */
void tcp_conn_free(struct tcp *t, struct tcp_conn *c);
void tcp_conn_end(struct tcp *t, struct tcp_conn *c, enum tcp_end why);     /* no more segments come for it */
void tcp_conn_reset(struct tcp *t, struct tcp_conn *c, enum tcp_end why, nanos now);        /* and tells the peer */
void tcp_conn_news(struct tcp *t, struct tcp_conn *c, unsigned news);
void tcp_conn_output(struct tcp *t, struct tcp_conn *c);                    /* something may be due */
void tcp_conn_ack_now(struct tcp *t, struct tcp_conn *c);
void tcp_conn_delay_ack(struct tcp *t, struct tcp_conn *c, nanos now);
void tcp_conn_challenge(struct tcp *t, struct tcp_conn *c, nanos now);      /* RFC 5961: an acknowledgment, not too often */
MUST_CHECK bool tcp_may_challenge(nanos *challenge_at, nanos now);
void tcp_conn_established(struct tcp *t, struct tcp_conn *c, const struct tcp_agreed *agreed, nanos now);
void tcp_conn_first_round_trip(struct tcp_conn *c, nanos round_trip);
void tcp_conn_set_timer(struct tcp *t, struct tcp_conn *c, enum tcp_timer_kind kind, nanos at);
void tcp_conn_rests(struct tcp *t, struct tcp_conn *c, nanos now);           /* nothing is in flight */
void tcp_conn_wake(struct tcp *t, struct tcp_conn *c, nanos at);            /* then at the latest its timer fires */
void tcp_conn_timer_fired(struct tcp *t, struct tcp_conn *c, nanos now);

/* ---- recovery.c: losses of what a connection sends */
struct tcp_ranges *tcp_ranges_take(struct tcp *t);                          /* memory.c; NULL: all are in use */
void tcp_recovery_init(struct tcp_conn *c);
void tcp_recovery_end(struct tcp *t, struct tcp_conn *c);                   /* gives back what it borrowed */
void tcp_recovery_received(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in, bool is_duplicate);
void tcp_recovery_set_timer(struct tcp *t, struct tcp_conn *c, nanos now);  /* for what is in flight */
void tcp_recovery_timeout(struct tcp *t, struct tcp_conn *c);
void tcp_recovery_reorder_timeout(struct tcp *t, struct tcp_conn *c, nanos now);
void tcp_recovery_probe_timeout(struct tcp *t, struct tcp_conn *c, nanos now);
void tcp_recovery_probe_sent(struct tcp_conn *c, bool was_sent_before);
/* RFC 3168 section 6.1.2, when SND.UNA has moved: by so much, of so much in flight. */
void tcp_recovery_ecn_echo(struct tcp_conn *c, uint32_t flight, uint32_t delivered);

/* ---- undo.c: was it needless? */
void tcp_undo_begin(struct tcp_conn *c);                                    /* before the window is reduced for a loss */
void tcp_undo_sent_again(struct tcp_conn *c, uint32_t left, uint32_t right, nanos now);
void tcp_undo_duplicate(struct tcp_conn *c, struct tcp_sack_block b);       /* the peer had these octets already */
/* SND.UNA, which has moved by so many octets, and the scoreboard are as the acknowledgment says. is_news: some of what was lost has
 * arrived. */
void tcp_undo_received(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in, uint32_t bytes, bool is_news);
static inline void tcp_undo_forget(struct tcp_conn *c)
{
    c->recovery.undo.is_possible = false;
    c->recovery.undo.frto = TCP_FRTO_NONE;
}

/* ---- pathmtu.c */
uint32_t tcp_mss_for_mtu(const struct tcp_conn *c, uint32_t mtu_bytes);         /* what a segment takes of text */

/* ---- burst.c */
/* So many of these octets at once; 0: with what more the next acknowledgments let go. NEVER: now, even if there are few. */
uint32_t tcp_conn_burst_bytes(const struct tcp *t, const struct tcp_conn *c, uint32_t bytes, nanos now);

/* ---- listen.c, half_open.c: passive open */
struct tcp_listener *tcp_listener_of(struct tcp *t, uint16_t port);         /* NULL: none */
size_t tcp_listener_place(const struct tcp *t, uint16_t port);              /* TCP_LISTENERS_MAX: none */
struct tcp_agreed tcp_agreed_by(const struct tcp *t, const struct tcp_incoming *syn);
/* MSS option of a SYN: what the link takes without the headers of the family (RFC 9293 section 3.7.1). */
uint16_t tcp_mss_to_announce(const struct tcp *t, const struct tcp_tuple *tuple);
uint32_t tcp_timestamp_offset(const struct tcp *t, const struct tcp_tuple *tuple);
/* iss_min: behind everything that an earlier connection of the tuple sent; NULL: there was none. */
void tcp_listen_input(struct tcp *t, struct tcp_incoming *in, const uint32_t *iss_min);
void tcp_half_open_free(struct tcp *t, struct tcp_half_open *h);
void tcp_half_open_input(struct tcp *t, struct tcp_half_open *h, struct tcp_incoming *in);
MUST_CHECK bool tcp_half_open_output(struct tcp *t, struct tcp_out *out, nanos now);
/* NULL: there is no place; the peer, who believes it is connected, will send again. */
struct tcp_conn *tcp_accept(struct tcp *t, const struct tcp_opening *o, const struct tcp_listener *l, nanos now);
void tcp_syn_ack_options(const struct tcp *t, const struct tcp_tuple *tuple, struct tcp_segment *s, const struct tcp_agreed *a, nanos now);
void tcp_half_open_timer_fired(struct tcp *t, struct tcp_half_open *h);

/* ---- cookie.c: passive open with no place in the SYN cache */
void tcp_cookie_send(struct tcp *t, const struct tcp_incoming *syn);
/* false: it does not acknowledge a cookie of ours. */
MUST_CHECK bool tcp_cookie_accept(struct tcp *t, struct tcp_incoming *ack, const struct tcp_listener *l);

/* ---- disorder.c */
void tcp_disorder_keep(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in);
void tcp_disorder_close_gap(struct tcp *t, struct tcp_conn *c);             /* RCV.NXT has moved */
void tcp_disorder_give_way(struct tcp *t);                                  /* packets are few */

/* ---- close.c */
void tcp_conn_received_fin(struct tcp *t, struct tcp_conn *c, nanos now);
void tcp_conn_fin_acknowledged(struct tcp *t, struct tcp_conn *c, nanos now);

/* ---- handshake.c, established.c, acknowledge.c, receive.c: a segment for a connection */
MUST_CHECK bool tcp_handshake_output(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now);
void tcp_handshake_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in);
void tcp_established_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in);
void tcp_conn_received_ack(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in);
void tcp_conn_received_text(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in);
uint16_t tcp_conn_announce_window(const struct tcp *t, struct tcp_conn *c); /* for the segment that goes out now */
bool tcp_conn_wants_window_update(const struct tcp *t, const struct tcp_conn *c);

/* ---- output.c: the next octets of the send queue, of a connection that has nothing in flight, as one piece; false: the windows do
 * not reach so far. */
MUST_CHECK bool tcp_conn_emit_text(struct tcp *t, struct tcp_conn *c, uint32_t bytes, struct tcp_out *out, nanos now);

/* ---- time_wait.c. Entering ends the connection. */
void tcp_time_wait_enter(struct tcp *t, struct tcp_conn *c, nanos now);
void tcp_time_wait_input(struct tcp *t, struct tcp_time_wait *w, struct tcp_incoming *in);
void tcp_time_wait_tick(struct tcp *t, nanos now);
nanos tcp_time_wait_deadline(const struct tcp *t);

/* ---- reply.c: writing segments; those without a connection */
void tcp_segment_out(struct tcp *t, const struct tcp_tuple *tuple, struct tcp_segment *s, struct tcp_out *out);
void tcp_segment_add_timestamps(struct tcp_segment *s, const struct tcp_agreed *a, nanos now);
void tcp_reply_send(struct tcp *t, const struct tcp_tuple *tuple, const struct tcp_segment *s, const struct tcp_agreed *a,
                    nanos now);
void tcp_reply_reset(struct tcp *t, const struct tcp_incoming *in);         /* RFC 9293 section 3.10.7.1 */
MUST_CHECK bool tcp_reply_output(struct tcp *t, struct tcp_out *out);
uint32_t tcp_initial_seq(const struct tcp *t, const struct tcp_tuple *tuple, nanos now);
uint32_t tcp_timestamp(const struct tcp_agreed *a, nanos now);

/* Nothing is known to be missing. */
static inline bool tcp_recovery_is_idle(const struct tcp_recovery *r)
{
    return r->board.num == 0 && r->mode == TCP_NO_RECOVERY && r->num_duplicates == 0 && !r->probe_is_out;
}
/* When something sent again is said to have been sent: rounded up, so that neighbours are one range. */
static inline uint32_t tcp_resent_at(const struct tcp_conn *c, nanos now)
{
    uint32_t step = TCP_RESENT_AT_BITS + 1;
    while (step < tcp_ticks(tcp_rto_srtt(&c->rto)) / (2 * TCP_SENT_GROUPS))
        step *= 2;
    return tcp_ticks(now) | (step - 1);
}
/* A segment is in flight that is shorter than SND.MSS. */
static inline bool tcp_conn_has_short(const struct tcp_conn *c)
{
    return seq_within(c->recovery.short_end - 1, c->snd_una, c->snd_max - c->snd_una);
}
/* RFC 6675 section 4, "pipe": octets that are thought to be in the network. */
static inline uint32_t tcp_conn_pipe(const struct tcp_conn *c)
{
    const struct tcp_recovery *r = &c->recovery;
    uint32_t in_flight = c->snd_max - c->snd_una - r->board.sacked - r->board.lost;
    return in_flight - u32_min(in_flight, r->num_duplicates * (uint32_t)c->snd_mss);
}
/* What can be sent without data that a peer will accept: not beyond the window, where only probes go. */
static inline uint32_t tcp_conn_seq_to_ack_with(const struct tcp_conn *c)
{
    uint32_t edge = c->snd_una + c->snd_wnd;
    return seq_leq(c->snd_max, edge) ? c->snd_max : seq_max(edge, c->snd_nxt);
}
static inline bool tcp_conn_peer_has_finished(const struct tcp_conn *c)
{
    return c->has_rcv_fin && c->rcv_nxt == c->rcv_fin + 1;
}
/* The application has not finished yet. */
static inline bool tcp_conn_can_write(const struct tcp_conn *c)
{
    bool is_opening = c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED;
    return (is_opening || c->state == TCP_ESTABLISHED || c->state == TCP_CLOSE_WAIT) && !c->has_fin_to_send;
}
static inline bool tcp_conn_is_synchronized(const struct tcp_conn *c)
{
    return c->state >= TCP_ESTABLISHED;
}

#endif
