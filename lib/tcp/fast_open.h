// SPDX-License-Identifier: ISC
/* fast_open.h - TCP Fast Open (RFC 7413): text on the SYN, so that a request arrives a round trip earlier. Only for what may
 * arrive twice: the peer of a SYN that is delivered twice gets its text twice, as two connections (section 2.1).
 *
 * A server gives its clients cookies that show that they receive what is sent to their address, and takes text on SYNs that have
 * one. Its side is linked by tcp_fast_open_listen, that of a client by tcp_open_fast. */
#ifndef LIB_TCP_FAST_OPEN_H
#define LIB_TCP_FAST_OPEN_H
#include "lib/tcp/fast_open_option.h"
#include "lib/tcp/tcp.h"

struct tcp_incoming;
struct tcp_listener;
struct tcp_tuple;

struct tcp_fast_open_keys {
    uint8_t key[16];                    /* of the cookies that are made; servers behind one address share it */
    uint8_t previous_key[16];           /* while keys change: cookies of it are taken, and answered by new ones */
    bool has_previous_key;
};
struct tcp_fast_open_listening {
    struct tcp_fast_open_keys keys;
    uint16_t num_pending_max;           /* RFC 7413 section 5.1: connections whose peer has not confirmed its address; more open
                                         * in the usual way */
    bool needs_no_cookie;               /* all text is taken: for networks where nobody forges addresses */
};
struct tcp_fast_open_stats {
    uint64_t cookies_given, cookies_refused, accepted, over_limit;
    uint64_t syns_with_text, texts_taken;           /* of a client; taken: all of it, by the SYN-ACK */
};

/* What a connection does otherwise while it opens, on one of the two sides; the engine's own. */
struct tcp_fast_opening {
    void (*input)(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in);          /* instead of the usual */
    bool (*output)(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now);  /* before the usual; false: nothing is */
    bool (*timeout)(struct tcp *t, struct tcp_conn *c, nanos now);                      /* of any kind; false: the usual happens */
    bool (*too_big)(struct tcp *t, struct tcp_conn *c, uint32_t seq, uint32_t mtu_bytes);   /* not yet synchronized; false: forged */
    void (*ended)(struct tcp_conn *c);
    bool shows_cookies;                 /* of a client */
};
struct tcp_fast_open_port {             /* of a listener that takes part */
    struct tcp_fast_opening opening;    /* its connections lead here by it */
    struct tcp_fast_open_listening as;
    uint32_t num_pending, num_reset;    /* num_reset: pending ones that were reset, until reset_until counted as if they were not */
    nanos reset_until;
};
/* What a client knows of one, as it is seen from one address of ours. */
struct tcp_fast_open_peer {
    struct ip local, remote;
    struct tcp_cookie cookie;
    uint16_t mss;                       /* that it announced last */
    bool is_known, has_asked_in_both;
    uint8_t asks_in;                    /* form of a cookie */
    uint8_t num_losses;                 /* in a row */
    nanos used_at, distrusted_until;
};
#define TCP_FAST_OPEN_PEERS 32          /* the one that was not used for longest gives way */
/* What the two sides have in common. In memory that the caller lends, all of it zero at first, for as long as the engine. */
struct tcp_fast_open {
    /* A SYN for a listener that takes part. TCP_SYN_TAKEN, or the form of the cookie that a usual answer to it carries. */
    uint8_t (*syn)(struct tcp *t, struct tcp_incoming *in, const struct tcp_listener *l, uint32_t iss);
    void (*give_cookie)(struct tcp *t, const struct tcp_tuple *tuple, uint8_t form, struct tcp_out *out);
    struct tcp_fast_open_port port[TCP_LISTENERS_MAX];
    struct tcp_fast_open_peer peer[TCP_FAST_OPEN_PEERS];
    struct tcp_fast_open_stats stats;
};
#define TCP_SYN_TAKEN 255

void tcp_use_fast_open(struct tcp *t, struct tcp_fast_open *memory);
/* For the listener of that port, which is open; NULL: it takes no part any more. Keys can be changed at any time. */
void tcp_fast_open_listen(struct tcp *t, uint16_t port, const struct tcp_fast_open_listening *l);
/* RFC 7413 section 4.1.2, the same as Linux makes: SipHash-2-4 of the client's address and the server's. */
struct tcp_cookie tcp_fast_open_cookie(struct span key16, const struct ip *client, const struct ip *server);

/* As tcp_open. What is written before the next tcp_output goes with the SYN, as far as the peer's cookie is known and there is room;
 * else the SYN asks for a cookie, and everything is sent when the handshake has ended. needs_no_cookie: text is sent without one, to
 * servers that take that. */
struct tcp_conn *tcp_open_fast(struct tcp *t, const struct ip *local, const struct endpoint *remote, void *user, bool needs_no_cookie,
                               nanos now);
/* How many octets the SYN of a connection would take; 0: no cookie is known, or the peer is to be opened in the usual way. */
uint32_t tcp_fast_open_room(struct tcp *t, const struct ip *local, const struct ip *remote, bool needs_no_cookie, nanos now);
/* All that is known of peers: another network has other boxes on the way, and cookies tell peers that we are the same. */
void tcp_fast_open_forget(struct tcp *t);

#endif
