// SPDX-License-Identifier: ISC
/* tcp.h - TCP (RFC 9293) for one host: an engine. Segments and time in, segments and news out; no I/O, no
 * clock, no allocation. Addresses and sequence space are all it knows of the layers below: the caller puts
 * IP headers and checksums around what comes out, and has verified those of what goes in.
 *
 * The caller drives it in rounds: tcp_input for every segment received, tcp_poll for the connections with
 * news, reads and writes by the applications, then tcp_output until it has nothing more. Spans handed out by
 * tcp_output and tcp_peek stay valid until the next call of anything but these two. */
#ifndef LIB_TCP_TCP_H
#define LIB_TCP_TCP_H
#include "base/frame.h"
#include "base/nanos.h"
#include "interface/address.h"
#include "interface/choices.h"
#include "lib/packet/packet.h"

struct tcp;             /* the engine with all its connections, in memory that the caller lends */
struct tcp_conn;

/* How the congestion window grows and falls: CUBIC (RFC 9438, with HyStart++), Reno (RFC 5681). Linked where it is named. */
extern const struct tcp_congestion_algorithm tcp_cubic, tcp_reno;
struct tcp_config {
    size_t num_conns;               /* established or on their way there by connect */
    uint32_t num_half_open;         /* SYN cache: connections not yet confirmed; when full, cookies */
    uint32_t num_time_wait;         /* when full the oldest gives way */
    uint16_t mss_bytes;             /* that we announce over IPv4: mtu - 40; over IPv6 20 less */
    uint32_t gso_max_bytes;         /* largest payload of one tcp_output; 0: one mss */
    uint32_t gso_min_segments;      /* a large window is not cut in smaller pieces than that; 0: 2 */
    uint32_t receive_buffer_bytes;  /* budget of one connection, the window that it can announce */
    uint32_t send_buffer_bytes;     /* of copied bytes, of one connection */
    uint32_t num_packets_reserved;  /* of the pool, that stay free for the device */
    const struct tcp_congestion_algorithm *congestion;      /* NULL: tcp_cubic */
    uint32_t max_ack_delay_ms;      /* how late peers acknowledge a single segment (RFC 8985 section 7.2); 0: 50, which most keep */
    bool ecn;                       /* use it where the peer can (RFC 3168): the caller passes codepoints on, both ways */
    uint8_t secret[16];             /* keys the initial sequence numbers (RFC 6528) and the hash tables */
};
size_t tcp_memory_bytes(const struct tcp_config *cfg);
/* The largest receive_buffer_bytes that a connection which is alone can fill, unread, from a pool of so many packets: of a larger
 * window, what the peer was invited to send would be dropped. Looks at mss_bytes, send_buffer_bytes, num_packets_reserved. */
uint32_t tcp_window_that_fits(const struct tcp_config *cfg, size_t num_packets);
/* Keeps memory (tcp_memory_bytes, zeroed, aligned to 64) and the pool, from which copied writes are stored.
 *
 * What gives way: with all connections in use, the oldest that was released, or else the SYN is dropped. With less
 * than an eighth of the pool free, segments out of order are not taken; with less than a sixteenth, what is out of order
 * is dropped. The more a connection holds, unread or copied and unacknowledged, the more must be free for it to hold
 * more; one that holds nothing receives, and writes, down to a sixty-fourth. */
struct tcp *tcp_init(const struct tcp_config *cfg, struct mspan memory, struct packet_pool *packets, nanos now);

/* There is another link to send by: segments of connections made from now on are such that each link takes them, and of the pool so many
 * packets more stay free for its device. */
struct tcp_link {
    uint16_t mss_bytes;             /* as above, at least 88 */
    bool is_plain;                  /* it does not cut segments */
    uint32_t num_packets_reserved;
};
void tcp_add_link(struct tcp *t, const struct tcp_link *link);

/* ---- Below: segments */

struct tcp_arrival {
    struct ip src, dst;
    struct packet *packet;          /* the views of the chain are exactly the segment, its header within the first;
                                     * borrowed: the engine takes references to what it keeps, and then uses the tag
                                     * and the link, which is free when it comes, and may shrink views */
    bool is_ce;                     /* the codepoint of its IP header was CE */
};
void tcp_input(struct tcp *t, const struct tcp_arrival *a, nanos now);
/* The same of several that came together: one may be held, to be taken with those that follow it, until the batch ends. */
void tcp_batch_input(struct tcp *t, const struct tcp_arrival *a, nanos now);
void tcp_batch_end(struct tcp *t);
/* RFC 5927: an ICMP error that quotes a segment of ours. Hard errors only end a connection that is still opening. */
void tcp_unreachable(struct tcp *t, const struct endpoint *local, const struct endpoint *remote, uint32_t seq, bool hard);

/* A verified ICMP error (RFC 1191, 8201) quotes a segment of ours that was larger than mtu_bytes. false: it quotes nothing
 * that is in flight, so it is not to be believed (RFC 5927 section 7). */
MUST_CHECK bool tcp_path_mtu(struct tcp *t, const struct endpoint *local, const struct endpoint *remote, uint32_t seq, uint32_t mtu_bytes);
/* Paths are probed from now on, those of open connections too: larger segments are tried where the path once took less, smaller
 * ones where large ones vanish while no router says why (RFC 4821). */
void tcp_probe_path_mtu(struct tcp *t);

struct tcp_out {
    struct ip src, dst;
    struct mspan header_room;       /* in: where to write the TCP header, >= TCP_HEADER_BYTES_MAX */
    size_t header_bytes;            /* with the checksum field zero */
    struct span part[FRAME_PARTS_MAX - 1];
    size_t num_parts, payload_bytes;
    uint8_t ecn;                    /* codepoint for the IP header: 0 or TCP_ECT_0 */
    uint16_t gso_bytes;             /* 0, or the payload is to be cut in pieces of so many bytes */
};
#define TCP_HEADER_BYTES_MAX 60
#define TCP_ECT_0 2
/* The next segment that is to be sent now; false: none. */
MUST_CHECK bool tcp_output(struct tcp *t, struct tcp_out *out, nanos now);
void tcp_tick(struct tcp *t, nanos now);
nanos tcp_deadline(const struct tcp *t);    /* when tcp_tick has something to do; NEVER */

/* ---- Above: connections */

/* false: the port is taken, or there are TCP_LISTENERS_MAX already. `user` marks what is accepted there. */
#define TCP_LISTENERS_MAX 32
MUST_CHECK bool tcp_open_listener(struct tcp *t, uint16_t port, void *user);
void tcp_close_listener(struct tcp *t, uint16_t port);
/* NULL: no connection or no local port left. TCP_CONNECTED or TCP_ENDED will tell. */
struct tcp_conn *tcp_open(struct tcp *t, const struct ip *local, const struct endpoint *remote, void *user, nanos now);

enum tcp_end { TCP_ALIVE, TCP_END_ORDERLY, TCP_END_RESET, TCP_END_TIMEOUT, TCP_END_REFUSED, TCP_END_UNREACHABLE };
enum tcp_news {             /* set of what has come about since the last poll */
    TCP_ACCEPTED = 1,       /* a new connection of a listener; its user is the listener's */
    TCP_CONNECTED = 2,
    TCP_READABLE = 4,       /* more to peek, or the peer's end */
    TCP_WRITABLE = 8,       /* room again, after a write was not taken whole */
    TCP_SENT = 16,          /* everything written is acknowledged */
    TCP_ENDED = 32,         /* see tcp_why; after an orderly end what was received can still be read; then only
                             * tcp_release is left */
};
/* The next connection with news; NULL: none. */
struct tcp_conn *tcp_poll(struct tcp *t, unsigned *news);

size_t tcp_index(const struct tcp *t, const struct tcp_conn *c);    /* 0..num_conns-1, stable */
void *tcp_user(const struct tcp_conn *c);
void tcp_set_user(struct tcp_conn *c, void *user);
struct endpoint tcp_local(const struct tcp_conn *c);
struct endpoint tcp_remote(const struct tcp_conn *c);
enum tcp_end tcp_why(const struct tcp_conn *c);

/* Contiguous bytes that can be read; empty: none now. They stay where they are until they are consumed or the
 * connection is released, whatever becomes of it. */
struct span tcp_peek(const struct tcp_conn *c);
void tcp_consume(struct tcp *t, struct tcp_conn *c, size_t n, nanos now);
bool tcp_at_end(const struct tcp_conn *c);      /* the peer has finished and everything was consumed */
/* Will tcp_write take so many bytes behind what it has now, with a few static spans between them? */
bool tcp_has_room(const struct tcp *t, const struct tcp_conn *c, size_t num_bytes);
/* Copies as much as the budget and the pool allow; returns how much. */
size_t tcp_write(struct tcp *t, struct tcp_conn *c, struct span bytes, nanos now);
/* Takes the span itself, of any length, which then must stay as it is for good; false: no room to note it. */
MUST_CHECK bool tcp_write_static(struct tcp *t, struct tcp_conn *c, struct span bytes, nanos now);
bool tcp_is_sent(const struct tcp_conn *c);     /* nothing written is unacknowledged */
void tcp_shutdown(struct tcp *t, struct tcp_conn *c, nanos now);    /* FIN after what is queued */
void tcp_abort(struct tcp *t, struct tcp_conn *c, nanos now);       /* RST; drops what is queued */
/* The application is done with it. An open connection finishes in the background: FIN, or RST where unread
 * bytes were there or come later; then its place is free again. While it finishes it may be reset to make room for
 * a new connection, the oldest first. */
void tcp_release(struct tcp *t, struct tcp_conn *c, nanos now);

/* ---- Choices of one connection, instead of those before; what waited for more goes out. Linked where something is chosen. */
void tcp_choose(struct tcp *t, struct tcp_conn *c, const struct tcp_choices *choices, nanos now);
/* Of those that are accepted from now on; the port is open. */
void tcp_choose_for_port(struct tcp *t, uint16_t port, const struct tcp_choices *choices);
/* As tcp_write, with more to come: what does not fill a segment waits for the next write, for an acknowledgment of what is in
 * flight, or for a retransmission timeout. */
size_t tcp_write_more(struct tcp *t, struct tcp_conn *c, struct span bytes, nanos now);
/* For how long a connection had something to send, and of that, for how long all that kept it from it was the peer's window, or that
 * the writer had no room. Measured from the first choice on that anyone makes. */
struct tcp_times {
    nanos busy, window_limited, budget_limited;
};
struct tcp_times tcp_times(const struct tcp_conn *c, nanos now);

struct tcp_info {                   /* of a connection, as it is now */
    nanos round_trip, round_trip_varies, round_trip_min, retransmission_timeout;   /* round trips: 0, no sample yet */
    uint32_t mss_bytes, cwnd_bytes, ssthresh_bytes /* 0: none */, peer_window_bytes, our_window_bytes;
    uint32_t in_flight_bytes, pipe_bytes, sacked_bytes, lost_bytes;
    uint32_t delivered_bytes /* modulo 2^32 */, num_sent_again /* segments */;
    size_t queued_bytes, unread_bytes;
    uint32_t num_timeouts;          /* in a row */
    uint32_t reordering_bytes;      /* by how much at most something was overtaken; 0: nothing was */
    uint32_t syn_text_bytes;        /* that the SYN brought (fast_open.h), all of it taken; 0: none */
    bool is_recovering, has_timestamps, has_sack, has_ecn, uses_cubic;
};
struct tcp_info tcp_info(const struct tcp *t, const struct tcp_conn *c);

struct tcp_stats {
    uint64_t segments_in, segments_out, retransmitted, tail_probes, out_of_order, dropped_bad_header, dropped_no_listener,
        dropped_out_of_window, dropped_no_memory, resets_in, resets_out, challenge_acks, cookies_sent,
        cookies_accepted, time_wait_evicted, accepted, connected, refused_no_memory, timeouts, path_mtus, undone,
        coalesced;                      /* taken together with the segment before them */
};
const struct tcp_stats *tcp_stats(const struct tcp *t);
size_t tcp_num_open(const struct tcp *t);       /* connections in use */

#endif
