// SPDX-License-Identifier: ISC
/* prr.h - Proportional Rate Reduction (RFC 6937, 9937): how much is sent for what is delivered during a recovery, so that its
 * end finds as much in flight as the slow start threshold says. */
#ifndef LIB_TCP_PRR_H
#define LIB_TCP_PRR_H
#include "base/checked.h"

struct tcp_prr {
    uint32_t recover_fs;            /* FlightSize at the start of recovery */
    uint32_t delivered, out;        /* prr_delivered, prr_out */
};

/* sndcnt for an acknowledgment that delivered so much. beyond: a segment where it is a SafeACK (RFC 9937: SND.UNA moved and
 * nothing more was found lost), else 0. */
static inline uint32_t tcp_prr_acknowledged(struct tcp_prr *p, uint32_t delivered, uint32_t pipe, uint32_t ssthresh, uint32_t beyond)
{
    p->delivered = u32_saturate((uint64_t)p->delivered + delivered);
    if (pipe > ssthresh) {
        uint64_t due = ((uint64_t)p->delivered * ssthresh + p->recover_fs - 1) / u32_max(p->recover_fs, 1);
        return u32_saturate(due > p->out ? due - p->out : 0);
    }
    uint32_t ahead = p->delivered > p->out ? p->delivered - p->out : 0;
    return u32_min(ssthresh - pipe, u32_max(ahead, delivered) + beyond);
}

#endif
