// SPDX-License-Identifier: ISC
#include "lib/tcp/sentlog.h"

static uint8_t place_of(const struct tcp_sent_log *log, uint8_t i)
{
    return (uint8_t)((log->first + i) % TCP_SENT_GROUPS);
}

void tcp_sent_log_note(struct tcp_sent_log *log, uint32_t end, uint32_t at, uint32_t width)
{
    if (log->num == 0 || (at - log->opened_at >= width && log->num < TCP_SENT_GROUPS)) {
        log->num++;
        log->opened_at = at;
    }
    log->group[place_of(log, (uint8_t)(log->num - 1))] = (struct tcp_sent_group){ end, at };
}

static bool first_is_acked(const struct tcp_sent_log *log, uint32_t una)
{
    return log->num > 0 && seq_leq(log->group[log->first].end, una);
}
void tcp_sent_log_forget(struct tcp_sent_log *log, uint32_t una)
{
    while (first_is_acked(log, una)) {
        log->first = place_of(log, 1);
        log->num--;
    }
}
bool tcp_sent_log_acked(struct tcp_sent_log *log, uint32_t una, uint32_t *at)
{
    if (!first_is_acked(log, una))
        return false;
    for (uint8_t i = 0; i < log->num && seq_leq(log->group[place_of(log, i)].end, una); i++)
        *at = log->group[place_of(log, i)].at;
    tcp_sent_log_forget(log, una);
    return true;
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
