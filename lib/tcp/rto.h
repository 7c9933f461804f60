// SPDX-License-Identifier: ISC
/* rto.h - the retransmission timeout (RFC 6298): estimate of the round trip, backoff. Karn's rule is the caller's: a
 * sample is of a segment that was sent once. */
#ifndef LIB_TCP_RTO_H
#define LIB_TCP_RTO_H
#include "base/nanos.h"

#define TCP_RTO_INITIAL (1 * (nanos)NS_PER_S)
#define TCP_RTO_AFTER_SYN_LOSS (3 * (nanos)NS_PER_S)    /* RFC 6298 (5.7) */
#define TCP_RTO_MIN (200 * (nanos)NS_PER_MS)            /* the RFC says 1 s; everybody has less */
#define TCP_RTO_MAX (60 * (nanos)NS_PER_S)

struct tcp_rto {
    uint32_t srtt_us, rttvar_us;    /* srtt_us 0: no sample yet */
    uint32_t base_us;               /* without backoff */
    uint8_t backoff;                /* doublings */
};

static inline struct tcp_rto tcp_rto_initial(void)
{
    return (struct tcp_rto){ .base_us = TCP_RTO_INITIAL / NS_PER_US };
}
void tcp_rto_sample(struct tcp_rto *r, nanos round_trip);
void tcp_rto_back_off(struct tcp_rto *r);
static inline nanos tcp_rto_srtt(const struct tcp_rto *r)
{
    return r->srtt_us * NS_PER_US;
}
static inline nanos tcp_rto_now(const struct tcp_rto *r)
{
    return nanos_min((r->base_us * NS_PER_US) << r->backoff, TCP_RTO_MAX);
}

#endif
