// SPDX-License-Identifier: ISC
/* congestion.h - how much may be in flight. What is lost and when, recovery.c says; how the window grows and how far it
 * falls is the algorithm's, a table of functions. */
#ifndef LIB_TCP_CONGESTION_H
#define LIB_TCP_CONGESTION_H
#include "base/nanos.h"
#include <stdbool.h>
#include <stdint.h>

#define TCP_CWND_MAX (UINT32_C(1) << 30)    /* ssthresh of a connection that has lost nothing yet */

struct tcp_congestion;
struct tcp_delivery {               /* an acknowledgment of new data */
    uint32_t bytes, flight;         /* so much was acknowledged, of so much */
    nanos round_trip, now;          /* round_trip 0: not known */
};
struct tcp_congestion_algorithm {
    /* Data was acknowledged outside of a fast recovery, and the window had been used. */
    void (*grow)(struct tcp_congestion *g, const struct tcp_delivery *d);
    /* The slow start threshold after a loss with so much in flight. */
    uint32_t (*threshold)(struct tcp_congestion *g, uint32_t flight);
    void (*restart)(struct tcp_congestion *g);          /* after a time without sending */
};
struct tcp_hystart {
    uint32_t round_left;            /* to be acknowledged before the next round */
    uint32_t last_us, current_us;   /* lastRoundMinRTT, currentRoundMinRTT; 0: infinite */
    uint32_t css_baseline_us;       /* cssBaselineMinRtt; 0: not in conservative slow start */
    uint8_t num_samples, num_css_rounds;
};
struct tcp_cubic {
    uint32_t w_max, k_ms;
    uint32_t cwnd_prior;            /* before the last reduction */
    uint32_t epoch_ms;              /* when congestion avoidance began; 0: has not */
    uint32_t w_est, w_est_rest;     /* the window of Reno; what its last division left */
};
struct tcp_congestion {
    const struct tcp_congestion_algorithm *algorithm;
    uint32_t mss, cwnd, ssthresh;
    uint32_t counted;               /* what the window's last growth left for the next */
    uint32_t used, used_until;      /* the most in flight in this round trip, which ends when used_until is acknowledged */
    union {
        struct tcp_hystart hystart; /* while ssthresh is TCP_CWND_MAX */
        struct tcp_cubic cubic;
    };
};

extern const struct tcp_congestion_algorithm tcp_cubic, tcp_reno;
/* hystart.c: slow start that ends by itself where the round trip grows. */
void tcp_hystart_grow(struct tcp_congestion *g, const struct tcp_delivery *d);

void tcp_congestion_init(struct tcp_congestion *g, const struct tcp_congestion_algorithm *a, uint32_t mss, bool syn_was_lost);
/* What was sent ends at snd_max. */
void tcp_congestion_sent(struct tcp_congestion *g, uint32_t snd_una, uint32_t snd_max);
/* A window that was not used says nothing about the path (RFC 7661 section 4.1): false, it may not grow. A third of it may have waited to
 * become a larger piece (burst.c); in slow start half of it is enough, since it will be twice as large when the acknowledgments come. */
bool tcp_congestion_is_used(const struct tcp_congestion *g);
/* What was acknowledged while the window was used. */
void tcp_congestion_acknowledged(struct tcp_congestion *g, const struct tcp_delivery *d);
/* A loss with so much in flight: sets ssthresh, and leaves cwnd to the recovery. */
void tcp_congestion_reduce(struct tcp_congestion *g, uint32_t flight);
/* The retransmission timer went off; first: of this recovery. */
void tcp_congestion_timeout(struct tcp_congestion *g, uint32_t flight, bool first);
/* Nothing was sent for longer than the retransmission timeout (RFC 5681 section 4.1). */
void tcp_congestion_idle(struct tcp_congestion *g);

#endif
