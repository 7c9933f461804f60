// SPDX-License-Identifier: ISC
/* congestion.h - how much may be in flight. Loss recovery is NewReno's (RFC 6582, 3042) for every algorithm; how the
 * window grows and how far it falls is the algorithm's, a table of two functions. */
#ifndef LIB_TCP_CONGESTION_H
#define LIB_TCP_CONGESTION_H
#include "base/attr.h"
#include "base/nanos.h"
#include <stddef.h>

struct tcp_congestion;
struct tcp_congestion_algorithm {
    /* `bytes` of new data were acknowledged outside of recovery, and the window had been used. */
    void (*grow)(struct tcp_congestion *g, uint32_t bytes, nanos now);
    /* The slow start threshold after a loss with so much in flight. */
    uint32_t (*threshold)(struct tcp_congestion *g, uint32_t flight, nanos now);
};
struct tcp_congestion {
    const struct tcp_congestion_algorithm *algorithm;
    uint32_t mss, cwnd, ssthresh;
    uint32_t counted;               /* acknowledged since the window last grew in congestion avoidance */
    uint32_t recover;               /* RFC 6582: highest sequence number sent when the last loss was noticed */
    uint8_t num_duplicates;
    bool in_recovery;
};

extern const struct tcp_congestion_algorithm tcp_newreno;

/* iss: everything sent lies behind it. */
void tcp_congestion_init(struct tcp_congestion *g, const struct tcp_congestion_algorithm *a, uint32_t mss, uint32_t iss,
                         bool syn_was_lost);
/* How much may be in flight now, limited transmit included. */
uint32_t tcp_congestion_window(const struct tcp_congestion *g);
/* A duplicate acknowledgment of una with all up to snd_max in flight; true: retransmit the segment at una. */
MUST_CHECK bool tcp_congestion_duplicate(struct tcp_congestion *g, uint32_t una, uint32_t snd_max, nanos now);
/* `bytes` acknowledged, up to una; flight before that; true: a partial acknowledgment, retransmit at una. */
MUST_CHECK bool tcp_congestion_acknowledged(struct tcp_congestion *g, uint32_t una, uint32_t bytes, uint32_t flight,
                                            nanos now);
/* The retransmission timer went off; first: for this data. */
void tcp_congestion_timeout(struct tcp_congestion *g, uint32_t snd_max, uint32_t flight, bool first, nanos now);
/* Nothing was sent for longer than the retransmission timeout (RFC 5681 section 4.1). */
void tcp_congestion_idle(struct tcp_congestion *g);

#endif
