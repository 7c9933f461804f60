// SPDX-License-Identifier: ISC
#include "lib/tcp/rto.h"
#include "base/checked.h"

/* RFC 6298 (2.2) and (2.3), with alpha 1/8, beta 1/4, K 4. The least timeout is for how late an acknowledgment can be, beyond the
 * round trip. */
void tcp_rto_sample(struct tcp_rto *r, nanos round_trip)
{
    uint32_t us = (uint32_t)(nanos_min(nanos_max(round_trip, NS_PER_US), TCP_RTO_MAX) / NS_PER_US);
    if (r->srtt_us == 0) {
        r->srtt_us = us;
        r->rttvar_us = us / 2;
    } else {
        uint32_t error = us > r->srtt_us ? us - r->srtt_us : r->srtt_us - us;
        r->rttvar_us = r->rttvar_us - r->rttvar_us / 4 + error / 4;
        r->srtt_us = u32_max(r->srtt_us - r->srtt_us / 8 + us / 8, 1);
    }
    uint32_t base_us = r->srtt_us + u32_max(4 * r->rttvar_us, TCP_RTO_MIN / NS_PER_US);
    r->base_us = u32_min(base_us, TCP_RTO_MAX / NS_PER_US);
    r->backoff = 0;
}

void tcp_rto_back_off(struct tcp_rto *r)
{
    if (tcp_rto_now(r) < TCP_RTO_MAX)
        r->backoff++;
}
