// SPDX-License-Identifier: ISC
#include "platform/virtio/virtqueue.h"

enum {                                      /* flags of a descriptor */
    NEXT = 1,
    WRITE = 2,
};
enum { FLAGS, INDEX, RING };                /* in `available`, and the first two in `used` */
#define NO_INTERRUPT 1u
#define NO_NOTIFY 1u

static size_t aligned(size_t n)
{
    return (n + VIRTQUEUE_ALIGNMENT - 1) / VIRTQUEUE_ALIGNMENT * VIRTQUEUE_ALIGNMENT;
}
static size_t available_bytes(size_t size)
{
    return (RING + size + 1) * sizeof(uint16_t);
}
static size_t used_offset(size_t size)
{
    return aligned(size * sizeof(struct virtqueue_descriptor) + available_bytes(size));
}

size_t virtqueue_bytes(size_t size)
{
    return used_offset(size) + aligned(3 * sizeof(uint16_t) + size * sizeof(struct virtqueue_used));
}

/* The parts of the shared memory, as legacy devices expect them. */
static void lay_out(struct virtqueue *q, struct mspan memory, size_t size)
{
    struct mspan available = mspan_skip(memory, size * sizeof(struct virtqueue_descriptor));
    struct mspan used = mspan_skip(memory, used_offset(size)), ring = mspan_skip(used, 2 * sizeof(uint16_t));
    q->descriptors.p = (volatile struct virtqueue_descriptor *)(void *)memory.p;
    q->descriptors.n = size;
    q->available.p = (volatile uint16_t *)(void *)available.p;
    q->available.n = RING + size + 1;
    q->used_index.p = (volatile uint16_t *)(void *)used.p;
    q->used_index.n = RING;
    q->used.p = (volatile struct virtqueue_used *)(void *)ring.p;
    q->used.n = size;
    q->available_event.p = (volatile uint16_t *)(void *)mspan_skip(ring, size * sizeof(struct virtqueue_used)).p;
    q->available_event.n = 1;
}

err virtqueue_init(struct virtqueue *q, struct mspan memory, struct virtqueue_slot *slots, size_t size, bool has_event_index)
{
    *q = (struct virtqueue){ .is_broken = true };
    if (size == 0 || size > VIRTQUEUE_SIZE_MAX || (size & (size - 1)) != 0)
        return E_INVALID;
    REQUIRE(memory.n >= virtqueue_bytes(size) && (uintptr_t)memory.p % VIRTQUEUE_ALIGNMENT == 0);
    *q = (struct virtqueue){ .slots = { slots, size }, .size = (uint16_t)size, .num_free = (uint16_t)size,
                             .has_event_index = has_event_index };
    lay_out(q, memory, size);
    for (size_t i = 0; i < size; i++)
        AT(q->slots, i) = (struct virtqueue_slot){ .next = (uint16_t)(i + 1) };
    virtqueue_want_quiet(q);
    return OK;
}

struct virtqueue_places virtqueue_places(const struct virtqueue *q)
{
    return (struct virtqueue_places){ (uintptr_t)q->descriptors.p, (uintptr_t)q->available.p, (uintptr_t)q->used_index.p };
}

static size_t index_in(const struct virtqueue *q, uint16_t count)
{
    return count & (q->size - 1u);
}

/* ---- To the device */

/* The part in the next free descriptor, which stays linked to those behind it. */
static void describe(struct virtqueue *q, uint16_t at, struct mspan part, bool is_readable, bool is_last)
{
    REQUIRE(part.n > 0 && part.n <= UINT32_MAX);
    volatile struct virtqueue_descriptor *d = &AT(q->descriptors, at);
    d->address = (uintptr_t)part.p;
    d->num_bytes = (uint32_t)part.n;
    d->next = is_last ? 0 : AT(q->slots, at).next;
    d->flags = (uint16_t)((is_readable ? 0 : WRITE) | (is_last ? 0 : NEXT));
}

bool virtqueue_add(struct virtqueue *q, const struct mspan *parts, size_t num_parts, size_t num_readable, uint32_t token)
{
    SLICE(const struct mspan) list = { parts, num_parts };
    uint16_t head = q->first_free, at = head;
    uint64_t writable_bytes = 0;
    REQUIRE(num_parts > 0);
    if (q->is_broken || num_parts > q->num_free)
        return false;
    for (size_t i = 0; i < num_parts; i++) {
        describe(q, at, AT(list, i), i < num_readable, i == num_parts - 1);
        writable_bytes += i < num_readable ? 0 : AT(list, i).n;
        at = AT(q->slots, at).next;
    }
    REQUIRE(writable_bytes <= UINT32_MAX);
    struct virtqueue_slot *slot = &AT(q->slots, head);
    slot->token = token;
    slot->writable_bytes = (uint32_t)writable_bytes;
    slot->num_descriptors = (uint16_t)num_parts;
    q->first_free = at;
    q->num_free = (uint16_t)(q->num_free - num_parts);
    AT(q->available, RING + index_in(q, q->added)) = head;
    q->added++;
    return true;
}

bool virtqueue_publish(struct virtqueue *q)
{
    uint16_t before = q->published, now = q->added;
    if (q->is_broken || before == now)
        return false;
    __atomic_thread_fence(__ATOMIC_RELEASE);
    AT(q->available, INDEX) = now;
    q->published = now;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!q->has_event_index)
        return (AT(q->used_index, FLAGS) & NO_NOTIFY) == 0;
    uint16_t event = AT(q->available_event, 0);
    return (uint16_t)(now - event - 1) < (uint16_t)(now - before);
}

/* ---- From the device */

size_t virtqueue_num_done(struct virtqueue *q)
{
    if (q->is_broken)
        return 0;
    uint16_t num = (uint16_t)(AT(q->used_index, INDEX) - q->taken);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    q->is_broken = num > (uint16_t)(q->published - q->taken);
    return q->is_broken ? 0 : num;
}

/* Reads the device's word once, and judges that. */
static bool next_used(struct virtqueue *q, struct virtqueue_used *out)
{
    if (virtqueue_num_done(q) == 0)
        return false;
    volatile struct virtqueue_used *u = &AT(q->used, index_in(q, q->taken));
    *out = (struct virtqueue_used){ u->head, u->num_bytes };
    q->is_broken = out->head >= q->size || AT(q->slots, out->head).num_descriptors == 0 ||
                   out->num_bytes > AT(q->slots, out->head).writable_bytes;
    return !q->is_broken;
}

bool virtqueue_peek(struct virtqueue *q, uint32_t *token, uint32_t *num_bytes)
{
    struct virtqueue_used used;
    if (!next_used(q, &used))
        return false;
    *token = AT(q->slots, used.head).token;
    *num_bytes = used.num_bytes;
    return true;
}

static void release(struct virtqueue *q, uint16_t head)
{
    struct virtqueue_slot *slot = &AT(q->slots, head);
    uint16_t last = head;
    for (unsigned i = 1; i < slot->num_descriptors; i++)
        last = AT(q->slots, last).next;
    AT(q->slots, last).next = q->first_free;
    q->first_free = head;
    q->num_free = (uint16_t)(q->num_free + slot->num_descriptors);
    slot->num_descriptors = 0;
}

bool virtqueue_take(struct virtqueue *q, uint32_t *token, uint32_t *num_bytes)
{
    struct virtqueue_used used;
    if (!next_used(q, &used))
        return false;
    *token = AT(q->slots, used.head).token;
    *num_bytes = used.num_bytes;
    release(q, (uint16_t)used.head);
    q->taken++;
    return true;
}

/* ---- Interrupts */

static void set_used_event(struct virtqueue *q, uint16_t event)
{
    AT(q->available, RING + (size_t)q->size) = event;
}

bool virtqueue_want_interrupt(struct virtqueue *q)
{
    AT(q->available, FLAGS) = 0;
    if (q->has_event_index)
        set_used_event(q, q->taken);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return virtqueue_num_done(q) > 0;
}

void virtqueue_want_quiet(struct virtqueue *q)
{
    if (q->has_event_index)
        set_used_event(q, (uint16_t)(q->taken - 1));
    else
        AT(q->available, FLAGS) = NO_INTERRUPT;
}
