// SPDX-License-Identifier: ISC
/* link.c - a further link of the host: what every connection can rely on is what all of them can do. */
#include "lib/tcp/engine.h"

void tcp_add_link(struct tcp *t, const struct tcp_link *link)
{
    struct tcp_config *cfg = &t->cfg;
    uint32_t num = link->num_packets_reserved;
    REQUIRE(link->mss_bytes >= TCP_OWN_MSS_MIN);
    cfg->mss_bytes = (uint16_t)u32_min(cfg->mss_bytes, link->mss_bytes);
    cfg->gso_max_bytes = link->is_plain ? 0 : cfg->gso_max_bytes;
    cfg->num_packets_reserved += num;
    t->num_free_for_disorder += num;
    t->unread.for_first += num;
    t->unread.for_more += num;
    t->unsent.for_first += num;
    t->unsent.for_more += num;
    uint32_t fits = u32_max(tcp_window_that_fits(cfg, t->packets->all.n), cfg->mss_bytes);
    cfg->receive_buffer_bytes = u32_min(cfg->receive_buffer_bytes, fits);
}
