// SPDX-License-Identifier: ISC
/* sacklist.h - what a receiver reports of the segments beyond a gap (RFC 2018 section 4): the blocks that changed last,
 * the newest first, and once what came a second time (RFC 2883). A block that is pushed out is not reported again
 * before it grows; the sender has heard of it three times by then. */
#ifndef LIB_TCP_SACKLIST_H
#define LIB_TCP_SACKLIST_H
#include "lib/tcp/segment.h"

#define TCP_SACKS_KEPT 3            /* as many as fit beside timestamps */

struct tcp_sack_list {
    struct tcp_sack_block block[TCP_SACKS_KEPT], duplicate;
    uint8_t num;
    bool has_duplicate;
};

void tcp_sack_list_add(struct tcp_sack_list *l, uint32_t left, uint32_t right);
void tcp_sack_list_advance(struct tcp_sack_list *l, uint32_t rcv_nxt);      /* drops what lies before it */
void tcp_sack_list_duplicate(struct tcp_sack_list *l, uint32_t left, uint32_t right);
void tcp_sack_list_clear(struct tcp_sack_list *l);
/* Whether an acknowledgment has something to report. */
static inline bool tcp_sack_list_is_empty(const struct tcp_sack_list *l)
{
    return l->num == 0 && !l->has_duplicate;
}
/* Writes the blocks into the options, which are of an acknowledgment without text; the duplicate is reported once. */
void tcp_sack_list_report(struct tcp_sack_list *l, struct tcp_options *o);

#endif
