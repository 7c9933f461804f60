// SPDX-License-Identifier: ISC
/* sentlog.h - when what is in flight was sent for the first time: the one thing that round trip samples and RACK
 * (RFC 8985) want to know of a segment. Not a record for each segment but a few groups of neighbours, each as long as
 * a fraction of the round trip; a group has the time of its last segment, so nothing seems older than it is. */
#ifndef LIB_TCP_SENTLOG_H
#define LIB_TCP_SENTLOG_H
#include "base/attr.h"
#include "base/nanos.h"
#include "lib/tcp/seq.h"

#define TCP_SENT_GROUPS 6
#define TCP_TICK_SHIFT 10           /* a tick: 1.024 us, of 32 bits */

static inline uint32_t tcp_ticks(nanos t)
{
    return (uint32_t)(t >> TCP_TICK_SHIFT);
}

struct tcp_sent_group {
    uint32_t end, at;               /* sequence number behind it; ticks when its last segment was sent */
};
struct tcp_sent_log {
    struct tcp_sent_group group[TCP_SENT_GROUPS];   /* a ring */
    uint32_t opened_at;             /* when the first segment of the last group was sent */
    uint8_t first, num;
};

/* Everything up to `end` was sent; what was sent within `width` ticks is one group. With no group left the last one
 * grows. */
void tcp_sent_log_note(struct tcp_sent_log *log, uint32_t end, uint32_t at, uint32_t width);
/* Forgets the groups that una has passed; true: there was one, and *at is when the last of them was sent. */
MUST_CHECK bool tcp_sent_log_acked(struct tcp_sent_log *log, uint32_t una, uint32_t *at);
void tcp_sent_log_forget(struct tcp_sent_log *log, uint32_t una);
/* Where the last group begins; una: it is the only one. */
uint32_t tcp_sent_log_last(const struct tcp_sent_log *log, uint32_t una);
/* The group that the octet seq belongs to; seq was sent and is not acknowledged. */
struct tcp_sent_group tcp_sent_log_find(const struct tcp_sent_log *log, uint32_t seq);

#endif
