// SPDX-License-Identifier: ISC
/* start.c - the engine at its start: what its configuration means for what it may hold. */
#include "lib/tcp/engine.h"
#include "lib/tcp/memory.h"

#define MSS_BYTES_MIN 88                /* of ours: an mtu of 128 */
#define DISORDERED_PACKETS_MIN 16

static uint8_t window_shift(uint32_t buffer_bytes)
{
    uint8_t shift = 0;
    while (shift < TCP_WINDOW_SCALE_MAX && buffer_bytes >> shift > UINT16_MAX)
        shift++;
    return shift;
}
struct tcp *tcp_init(const struct tcp_config *cfg, struct mspan memory, struct packet_pool *packets, nanos now)
{
    REQUIRE(cfg->mss_bytes >= MSS_BYTES_MIN && cfg->receive_buffer_bytes >= cfg->mss_bytes && cfg->num_conns > 0);
    REQUIRE(cfg->receive_buffer_bytes <= (uint32_t)UINT16_MAX << TCP_WINDOW_SCALE_MAX);
    struct tcp *t = tcp_carve(cfg, memory);
    t->cfg.gso_max_bytes = u32_min(cfg->gso_max_bytes, TCP_GSO_BYTES_MAX);
    t->packets = packets;
    t->congestion = cfg->congestion ? cfg->congestion : &tcp_cubic;
    t->num_free_for_disorder = cfg->num_packets_reserved + (uint32_t)(packets->all.n / 8);
    t->unread = t->unsent = (struct tcp_reserve){ cfg->num_packets_reserved + (uint32_t)(packets->all.n / 64),
                                                  cfg->num_packets_reserved + (uint32_t)(packets->all.n / 16), TCP_FREE_FOR_EACH_HELD };
    t->unsent.for_more = t->num_free_for_disorder;
    t->num_disordered_max = u32_max(cfg->receive_buffer_bytes / 1024, DISORDERED_PACKETS_MIN);
    t->rcv_wind_shift = window_shift(cfg->receive_buffer_bytes);
    t->replies = ring_of(TCP_REPLIES_MAX);
    (void)span_copy(MSPAN(t->table.key), SPAN(cfg->secret));
    wheel_init(&t->wheel, now);
    return t;
}
