// SPDX-License-Identifier: ISC
/* start.c - the engine at its start: what its configuration means for what it may hold. */
#include "lib/tcp/engine.h"
#include "lib/tcp/memory.h"

#define DISORDERED_PACKETS_MIN 16
/* Most peers delay the acknowledgment of a tail by 40 ms. To one that is slower a probe is a duplicate, and harms nobody. */
#define MAX_ACK_DELAY_MS 50
#define GSO_MIN_SEGMENTS 2
#define HEADERS_BYTES_MAX 128           /* before the text of a segment in its packet */

static uint8_t window_shift(uint32_t buffer_bytes)
{
    uint8_t shift = 0;
    while (shift < TCP_WINDOW_SCALE_MAX && buffer_bytes >> shift > UINT16_MAX)
        shift++;
    return shift;
}
static struct tcp_reserve reserve_for_unread(const struct tcp_config *cfg, size_t num_packets)
{
    return (struct tcp_reserve){ cfg->num_packets_reserved + (uint32_t)(num_packets / 64),
                                 cfg->num_packets_reserved + (uint32_t)(num_packets / 16), TCP_FREE_FOR_EACH_HELD };
}

/* Of the packets, the device has those reserved for it, as many must stay free, and a full send queue holds its own. Each of the rest is
 * one that is held, or one of those that must be free for it. */
uint32_t tcp_window_that_fits(const struct tcp_config *cfg, size_t num_packets)
{
    uint64_t not_ours = (uint64_t)reserve_for_unread(cfg, num_packets).for_more + cfg->num_packets_reserved +
                        cfg->send_buffer_bytes / PACKET_DATA_BYTES + 1;
    uint64_t ours = num_packets > not_ours ? num_packets - not_ours : 0, mss = cfg->mss_bytes;
    uint64_t packets_of_segment = (mss + HEADERS_BYTES_MAX + PACKET_DATA_BYTES - 1) / PACKET_DATA_BYTES;
    return u32_saturate(ours * mss * PACKET_DATA_BYTES / (TCP_FREE_FOR_EACH_HELD * mss + packets_of_segment * PACKET_DATA_BYTES));
}

struct tcp *tcp_init(const struct tcp_config *cfg, struct mspan memory, struct packet_pool *packets, nanos now)
{
    REQUIRE(cfg->mss_bytes >= TCP_OWN_MSS_MIN && cfg->receive_buffer_bytes >= cfg->mss_bytes && cfg->num_conns > 0);
    REQUIRE(cfg->receive_buffer_bytes <= (uint32_t)UINT16_MAX << TCP_WINDOW_SCALE_MAX);
    struct tcp *t = tcp_carve(cfg, memory);
    t->cfg.gso_max_bytes = u32_min(cfg->gso_max_bytes, TCP_GSO_BYTES_MAX);
    t->cfg.gso_min_segments = u32_max(cfg->gso_min_segments, GSO_MIN_SEGMENTS);
    t->cfg.max_ack_delay_ms = cfg->max_ack_delay_ms ? cfg->max_ack_delay_ms : MAX_ACK_DELAY_MS;
    t->packets = packets;
    t->congestion = cfg->congestion ? cfg->congestion : &tcp_cubic;
    t->num_free_for_disorder = cfg->num_packets_reserved + (uint32_t)(packets->all.n / 8);
    t->unread = t->unsent = reserve_for_unread(cfg, packets->all.n);
    t->unsent.for_more = t->num_free_for_disorder;
    t->num_disordered_max = u32_max(cfg->receive_buffer_bytes / 1024, DISORDERED_PACKETS_MIN);
    t->rcv_wind_shift = window_shift(cfg->receive_buffer_bytes);
    t->replies = ring_of(TCP_REPLIES_MAX);
    (void)span_copy(MSPAN(t->table.key), SPAN(cfg->secret));
    wheel_init(&t->wheel, now);
    return t;
}
