// SPDX-License-Identifier: ISC
#include "lib/tcp/rto.h"

/* RFC 6298 (2.2) and (2.3), with alpha 1/8, beta 1/4, K 4. */
void tcp_rto_sample(struct tcp_rto *r, nanos round_trip)
{
    round_trip = nanos_min(nanos_max(round_trip, 1), TCP_RTO_MAX);
    if (r->srtt == 0) {
        r->srtt = round_trip;
        r->rttvar = round_trip / 2;
    } else {
        nanos error = nanos_sub(r->srtt, round_trip) + nanos_sub(round_trip, r->srtt);
        r->rttvar = r->rttvar - r->rttvar / 4 + error / 4;
        r->srtt = nanos_max(r->srtt - r->srtt / 8 + round_trip / 8, 1);
    }
    r->base = nanos_min(nanos_max(r->srtt + 4 * r->rttvar, TCP_RTO_MIN), TCP_RTO_MAX);
    r->backoff = 0;
}

void tcp_rto_back_off(struct tcp_rto *r)
{
    if (tcp_rto_now(r) < TCP_RTO_MAX)
        r->backoff++;
}
