// SPDX-License-Identifier: ISC
/* congestion.h - how much may be in flight. What is lost and when, recovery.c says; how the window grows and how far it
 * falls is the algorithm's, a table of two functions. */
#ifndef LIB_TCP_CONGESTION_H
#define LIB_TCP_CONGESTION_H
#include "base/nanos.h"
#include <stdbool.h>
#include <stdint.h>

struct tcp_congestion;
struct tcp_congestion_algorithm {
    /* `bytes` of new data were acknowledged outside of a fast recovery, and the window had been used. */
    void (*grow)(struct tcp_congestion *g, uint32_t bytes, nanos round_trip, nanos now);
    /* The slow start threshold after a loss with so much in flight. */
    uint32_t (*threshold)(struct tcp_congestion *g, uint32_t flight, nanos now);
};
struct tcp_congestion {
    const struct tcp_congestion_algorithm *algorithm;
    uint32_t mss, cwnd, ssthresh;
    uint32_t counted;               /* acknowledged since the window last grew in congestion avoidance */
};

extern const struct tcp_congestion_algorithm tcp_reno;

void tcp_congestion_init(struct tcp_congestion *g, const struct tcp_congestion_algorithm *a, uint32_t mss, bool syn_was_lost);
/* `bytes` acknowledged; flight before that; round_trip: 0, not known. */
void tcp_congestion_acknowledged(struct tcp_congestion *g, uint32_t bytes, uint32_t flight, nanos round_trip, nanos now);
/* A loss with so much in flight: sets ssthresh, and leaves cwnd to the recovery. */
void tcp_congestion_reduce(struct tcp_congestion *g, uint32_t flight, nanos now);
/* The retransmission timer went off; first: of this recovery. */
void tcp_congestion_timeout(struct tcp_congestion *g, uint32_t flight, bool first, nanos now);
/* Nothing was sent for longer than the retransmission timeout (RFC 5681 section 4.1). */
void tcp_congestion_idle(struct tcp_congestion *g);

#endif
