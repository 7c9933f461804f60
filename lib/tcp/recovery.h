// SPDX-License-Identifier: ISC
/* recovery.h - what a connection knows of its losses: the scoreboard, when things were sent, RACK, PRR, tail loss probe.
 * The few ranges of its own suffice for a loss or two; for more it borrows a larger table from the engine, if one is
 * free. */
#ifndef LIB_TCP_RECOVERY_H
#define LIB_TCP_RECOVERY_H
#include "base/list.h"
#include "lib/tcp/congestion.h"
#include "lib/tcp/prr.h"
#include "lib/tcp/rack.h"

#define TCP_FEW_RANGES 4
#define TCP_MANY_RANGES 126                     /* a table is 1 KiB */

struct tcp_ranges {
    struct link place;                          /* in the engine's free ones */
    struct tcp_range range[TCP_MANY_RANGES];
};
enum tcp_recovery_mode {
    TCP_NO_RECOVERY,
    TCP_FAST_RECOVERY,                          /* PRR says what is sent */
    TCP_TIMEOUT_RECOVERY,                       /* slow start from one segment */
};
enum tcp_frto { TCP_FRTO_NONE, TCP_FRTO_SENT_AGAIN /* the oldest segment */, TCP_FRTO_SENDS_NEW /* rather than what is lost */ };
struct tcp_undo {                               /* of the last reduction */
    struct tcp_congestion prior;                /* as it was before */
    uint32_t left, right;                       /* what was sent again first, and last; equal: nothing was */
    uint32_t octets, sent_at;                   /* those that were, and did not come twice; the timestamp of the first */
    uint8_t frto;
    bool is_possible;
};
struct tcp_recovery {
    struct tcp_scoreboard board;
    struct tcp_range few[TCP_FEW_RANGES];
    struct tcp_sent_log log;
    struct tcp_rack rack;
    struct tcp_prr prr;
    struct tcp_undo undo;
    uint32_t point;                             /* RecoveryPoint: the last one; ends when it is acknowledged */
    uint32_t probe_end;                         /* TLP.end_seq */
    uint32_t short_end;                         /* SND.MAX when a segment shorter than snd_mss was sent last */
    uint16_t num_duplicates;                    /* acknowledgments, of a peer that has no SACK */
    uint8_t mode;
    bool has_lost_more;                         /* by the last acknowledgment */
    bool probe_due, probe_is_out, probe_was_sent_before;        /* tail loss probe; the latter: TLP.is_retrans */
};

#endif
