// SPDX-License-Identifier: ISC
/* virtqueue.h - a split virtqueue (Virtual I/O Device (VIRTIO) 1.2, section 2.7): chains of buffers that the device is given,
 * and those that it has used. An engine: memory in, chains out; telling the device is the caller's.
 *
 * What the device writes is not believed: a chain that was not added, more of them than were shown, or more bytes than
 * fit break the queue for good, and nothing is touched through such a number. All that is needed to judge lies outside the shared
 * memory. Lacks packed rings and indirect descriptors. */
#ifndef PLATFORM_VIRTIO_VIRTQUEUE_H
#define PLATFORM_VIRTIO_VIRTQUEUE_H
#include "base/err.h"
#include "base/span.h"

#define VIRTQUEUE_SIZE_MAX 32768u
#define VIRTQUEUE_ALIGNMENT 4096u

struct virtqueue_descriptor {
    uint64_t address;
    uint32_t num_bytes;
    uint16_t flags, next;
};
struct virtqueue_used {
    uint32_t head, num_bytes;
};
struct virtqueue_slot {                     /* private: one for each descriptor */
    uint32_t token, writable_bytes;         /* of the chain that begins here */
    uint16_t num_descriptors;               /* 0: no chain that the device has begins here */
    uint16_t next;                          /* of the chain, or of the free ones */
};
struct virtqueue {
    SLICE(volatile struct virtqueue_descriptor) descriptors;
    SLICE(volatile uint16_t) available;     /* flags, index, ring, used_event */
    SLICE(volatile uint16_t) used_index;    /* flags, index */
    SLICE(volatile struct virtqueue_used) used;
    SLICE(volatile uint16_t) available_event;
    SLICE(struct virtqueue_slot) slots;
    uint16_t size, num_free, first_free;
    uint16_t added, published, taken;       /* counts of chains that run free; published ones the device sees */
    bool has_event_index, is_broken;
};

/* How much memory a queue of this many descriptors shares with the device. */
size_t virtqueue_bytes(size_t size);
/* The queue keeps the memory, zeroed and aligned to VIRTQUEUE_ALIGNMENT, and `size` slots. E_INVALID: no power of two, 0 or
 * larger than VIRTQUEUE_SIZE_MAX. */
MUST_CHECK err virtqueue_init(struct virtqueue *q, struct mspan memory, struct virtqueue_slot *slots, size_t size,
                              bool has_event_index);
/* What the device is told: where its three parts lie. */
struct virtqueue_places {
    uint64_t descriptors, available, used;
};
struct virtqueue_places virtqueue_places(const struct virtqueue *q);

/* Adds a chain: of its parts the first num_readable are read by the device, the others written; none is empty. The device
 * has the bytes until virtqueue_take returns the token. false: the chain does not fit at the moment. */
MUST_CHECK bool virtqueue_add(struct virtqueue *q, const struct mspan *parts, size_t num_parts, size_t num_readable, uint32_t token);
/* Shows the device what was added. true: it wants to be told. */
MUST_CHECK bool virtqueue_publish(struct virtqueue *q);

/* How many chains have been used and not yet been taken; 0 for a broken queue. */
size_t virtqueue_num_done(struct virtqueue *q);
/* The next of them, with how many bytes were written into it. false: there is none, or the queue is broken. */
MUST_CHECK bool virtqueue_peek(struct virtqueue *q, uint32_t *token, uint32_t *num_bytes);
MUST_CHECK bool virtqueue_take(struct virtqueue *q, uint32_t *token, uint32_t *num_bytes);

/* Whether the device is to interrupt us at the next chain it has used. true: one has been used already. */
MUST_CHECK bool virtqueue_want_interrupt(struct virtqueue *q);
void virtqueue_want_quiet(struct virtqueue *q);

#endif
