// SPDX-License-Identifier: ISC
/* rack.h - RACK (RFC 8985 section 6): a segment is lost when one that was sent later has arrived, and enough time for
 * reordering has passed. Times are ticks (sentlog.h). */
#ifndef LIB_TCP_RACK_H
#define LIB_TCP_RACK_H
#include "lib/tcp/scoreboard.h"
#include "lib/tcp/sentlog.h"

#define TCP_RACK_REORDER_PERSIST 16     /* recoveries until a wider window is forgotten */

struct tcp_rack {
    uint32_t at, end, rtt;              /* of the segment sent last of those that arrived: RACK.xmit_ts, .end_seq, .rtt */
    uint32_t min_rtt;                   /* 0: none yet */
    uint32_t fack;                      /* RACK.fack: the highest octet that arrived, by the acknowledgment before */
    uint32_t dsack_round;               /* RACK.dsack_round: not widened again before it is acknowledged */
    uint32_t reordering;                /* by how much at most octets were overtaken; 0: RACK.reordering_seen is false */
    uint8_t reorder_mult, reorder_persist;      /* RACK.reo_wnd_mult less 1, RACK.reo_wnd_persist */
    bool dsack_round_is_set, is_valid;
};

void tcp_rack_round_trip(struct tcp_rack *r, uint32_t rtt);
/* [left, right) is SACKed or acknowledged; what of it was SACKed before is no news. */
void tcp_rack_arrived(struct tcp_rack *r, const struct tcp_scoreboard *b, const struct tcp_sent_log *log, uint32_t left,
                      uint32_t right, uint32_t now);
/* A duplicate was received: where there is reordering the window was too narrow, else an acknowledgment was lost. */
void tcp_rack_duplicate(struct tcp_rack *r, uint32_t una, uint32_t snd_max);
void tcp_rack_recovered(struct tcp_rack *r);
/* reo_wnd. is_certain: in recovery, or as much was SACKed as means a loss. */
uint32_t tcp_rack_window(const struct tcp_rack *r, bool is_certain, uint32_t srtt);

/* Marks what is lost by now in [una, snd_max); returns after how many ticks to look again, 0: there is nothing to look
 * for. */
uint32_t tcp_rack_detect(const struct tcp_rack *r, struct tcp_scoreboard *b, const struct tcp_sent_log *log, uint32_t una,
                         uint32_t snd_max, uint32_t window, uint32_t now);

#endif
