// SPDX-License-Identifier: ISC
/* receive_large.c - while the device has large frames, it writes into packets that hold one each, since the kernel copies 64 KiB
 * into one buffer at half the cost of 34. What is small is moved to packets of its size, so that nobody holds much more than he got. */
#include "lib/stack/host.h"

#define SMALL_BYTES (16u << 10)     /* less than this is small */
#define LARGE_FRAMES_LIKELY 64      /* so many frames from a large one on may be large */

void host_note_size(struct stack_host *h, size_t num_bytes)
{
    if (num_bytes >= SMALL_BYTES)
        h->num_large_likely = LARGE_FRAMES_LIKELY;
    else if (h->num_large_likely > 0)
        h->num_large_likely--;
}

static size_t lend(struct stack_host *h)
{
    size_t num = 0;
    for (struct packet *p; num < HOST_RX_LARGE && (p = packet_alloc(&h->large)); num++) {
        h->large_packet[num] = p;
        h->large_buffer[num] = packet_data(p);
    }
    return num;
}

/* The bytes in packets of their size; NULL: there are not enough. */
static struct packet *copy(struct stack_host *h, struct span bytes)
{
    struct packet *head = NULL, **end = &head;
    for (struct packet *p; bytes.n > 0 && (p = packet_alloc(&h->packets)); end = &p->next) {
        *end = p;
        p->view = span_first(SPAN(p->data), span_copy(MSPAN(p->data), bytes));
        bytes = span_skip(bytes, p->view.n);
    }
    if (bytes.n == 0)
        return head;
    packet_unref(head);
    return NULL;
}

static void receive(struct stack_host *h, struct packet *p, const struct rx_frame *f)
{
    struct span bytes = span_first(span_of(packet_data(p)), f->num_bytes);
    struct packet *small = f->num_bytes < SMALL_BYTES ? copy(h, bytes) : NULL;
    REQUIRE(f->num_buffers == 1);
    host_note_size(h, f->num_bytes);
    p->view = bytes;
    host_ethernet_input(h, small ? small : p, f);
    packet_unref(small);
    packet_unref(p);
}

/* What was not used goes back first, so that what is used now is lent first next time, while it is in the cache. */
bool host_receive_large(struct stack_host *h, size_t *num_frames)
{
    size_t num_lent = lend(h), num = num_lent > 0 ? net_receive(h->net, h->large_buffer, num_lent, h->rx_frame, num_lent) : 0;
    REQUIRE(num <= num_lent);
    *num_frames = num;
    for (size_t i = num_lent; i > num; i--)
        packet_unref(h->large_packet[i - 1]);
    for (size_t i = 0; i < num; i++)
        receive(h, h->large_packet[i], &h->rx_frame[i]);
    return num_lent > 0;
}
