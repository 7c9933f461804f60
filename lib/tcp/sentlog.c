// SPDX-License-Identifier: ISC
#include "lib/tcp/sentlog.h"

static uint8_t place_of(const struct tcp_sent_log *log, uint8_t i)
{
    uint32_t place = log->first + (uint32_t)i;
    return (uint8_t)(place < TCP_SENT_GROUPS ? place : place - TCP_SENT_GROUPS);
}

void tcp_sent_log_note(struct tcp_sent_log *log, uint32_t end, uint32_t at, uint32_t width)
{
    if (log->num == 0 || (at - log->opened_at >= width && log->num < TCP_SENT_GROUPS)) {
        log->num++;
        log->opened_at = at;
    }
    log->group[place_of(log, (uint8_t)(log->num - 1))] = (struct tcp_sent_group){ end, at };
}

bool tcp_sent_log_acked(struct tcp_sent_log *log, uint32_t una, uint32_t *at)
{
    bool has_passed = false;
    while (log->num > 0 && seq_leq(log->group[log->first].end, una)) {
        *at = log->group[log->first].at;
        log->first = place_of(log, 1);
        log->num--;
        has_passed = true;
    }
    return has_passed;
}
void tcp_sent_log_forget(struct tcp_sent_log *log, uint32_t una)
{
    uint32_t at;
    if (!tcp_sent_log_acked(log, una, &at))
        return;
}

uint32_t tcp_sent_log_last(const struct tcp_sent_log *log, uint32_t una)
{
    return log->num > 1 ? log->group[place_of(log, (uint8_t)(log->num - 2))].end : una;
}

struct tcp_sent_group tcp_sent_log_find(const struct tcp_sent_log *log, uint32_t seq)
{
    struct tcp_sent_group g = { 0 };
    for (uint8_t i = 0; i < log->num; i++) {
        g = log->group[place_of(log, i)];
        if (seq_lt(seq, g.end))
            break;
    }
    return g;
}
