// SPDX-License-Identifier: ISC
/* receive.c - from the device to the IP payload. The device writes into packets of the pool, which travel up as they
 * are; one that nobody kept a reference to is lent to the device again. */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"

enum {
    LARGE_FRAME_BYTES = 8 << 10,    /* at least */
    LARGE_FRAMES_LIKELY = 64,       /* of so many frames from a large one on others may be large */
};

/* The device used the first places; those whose packet was kept get another. */
static void lend(struct stack_host *h)
{
    for (size_t i = 0; h->is_all_lent && i < h->num_used; i++) {
        if (h->rx_packet[i])
            continue;
        struct packet *p = packet_alloc(h->lends);
        h->is_all_lent = p;
        h->rx_packet[i] = p;
        h->rx_buffer[i] = p ? packet_data(p) : (struct mspan){ 0 };
    }
    h->num_used = 0;
    if (!h->is_all_lent)
        host_lend_all(h);
    host_choose_size(h);
}

/* The packets of one frame, from the lent ones at `first`, as a chain that holds all references. */
static struct packet *chain(struct stack_host *h, size_t first, const struct rx_frame *f)
{
    size_t left = f->num_bytes;
    struct packet *head = h->rx_packet[first], *last = NULL;
    for (size_t i = first; i < first + f->num_buffers; i++) {
        struct packet *p = h->rx_packet[i];
        h->rx_packet[i] = NULL;
        p->view = span_first(span_of(h->rx_buffer[i]), left);
        left -= p->view.n;
        if (last)
            last->next = p;
        last = p;
    }
    return head;
}

static void ethernet_input(struct stack_host *h, struct packet *p, const struct frame_offload *offload)
{
    struct ethernet_header eth;
    if (ethernet_decode(p->view, &eth) != WIRE_OK) {
        count_up(&h->counters.bad_ethernet);
        return;
    }
    bool is_group = mac_is_group(&eth.destination);
    if (!is_group && !mac_eq(&eth.destination, &h->net->mac)) {
        count_up(&h->counters.not_our_mac);
        return;
    }
    packet_chain_skip(p, ETHERNET_HEADER_BYTES);
    if (eth.type == h->ipv4_type)
        host_ipv4_input(h, p, offload, is_group);
    else if (eth.type == h->ipv6_type)
        host_ipv6_input(h, p, offload, &eth);
    else if (eth.type == h->arp_type)
        arp_input(&h->arp, p->view, h->now);
    else
        count_up(&h->counters.unknown_type);
}

static void receive_frame(struct stack_host *h, size_t first, const struct rx_frame *f)
{
    struct packet *p = chain(h, first, f);
    count_up(&h->counters.frames_in);
    h->counters.bytes_in += f->num_bytes;
    h->num_large_likely -= h->num_large_likely > 0;
    if (f->num_bytes >= LARGE_FRAME_BYTES)
        h->num_large_likely = LARGE_FRAMES_LIKELY;
    ethernet_input(h, p, &f->offload);
    if (!p->next && p->num_refs == 1)
        h->rx_packet[first] = p;                /* nobody kept it */
    else
        packet_unref(p);
}

size_t host_receive(struct stack_host *h)
{
    lend(h);
    size_t n = net_receive(h->net, h->rx_buffer, h->num_lent, h->rx_frame, HOST_RX_FRAMES);
    REQUIRE(n <= HOST_RX_FRAMES);
    for (size_t i = 0; i < n; i++) {
        const struct rx_frame *f = &h->rx_frame[i];
        REQUIRE(f->num_buffers > 0 && f->num_buffers <= h->num_lent - h->num_used);
        receive_frame(h, h->num_used, f);
        h->num_used += f->num_buffers;
    }
    return n;
}
