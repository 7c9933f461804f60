// SPDX-License-Identifier: ISC
/* lend.c - which packets the device gets to write into. */
#include "lib/stack/host.h"

/* Places without a packet come last; the pool may be empty, and then fewer are lent. */
void host_lend_all(struct stack_host *h)
{
    size_t num = h->lends == &h->large ? HOST_RX_LARGE : h->num_rx;
    h->num_lent = 0;
    for (size_t i = 0; i < num; i++) {
        struct packet *p = h->rx_packet[i] ? h->rx_packet[i] : packet_alloc(h->lends);
        h->rx_packet[i] = NULL;
        if (!p)
            continue;
        h->rx_packet[h->num_lent] = p;
        h->rx_buffer[h->num_lent++] = packet_data(p);
    }
    h->is_all_lent = h->num_lent == num;
}

/* The kernel copies 64 KiB into one buffer at half the cost of 34. So while such frames come, the device gets packets that hold one
 * each, as long as there are some. */
void host_choose_size(struct stack_host *h)
{
    bool are_enough = h->lends == &h->large ? h->num_lent > 0 : 2 * h->large.num_free > h->large.large.n;
    struct packet_pool *pool = h->num_large_likely > 0 && are_enough ? &h->large : h->packets;
    if (pool == h->lends)
        return;
    for (size_t i = 0; i < h->num_lent; i++) {
        packet_unref(h->rx_packet[i]);
        h->rx_packet[i] = NULL;
    }
    h->lends = pool;
    host_lend_all(h);
}
