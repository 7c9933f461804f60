// SPDX-License-Identifier: ISC
/* A queue between an honest driver and a device that writes what it likes: what is taken is a chain that was lent, with no more bytes than
 * may be written into it; no descriptor is lost; and a queue that is broken stays so. */
#include "platform/virtio/virtqueue.h"
#include "base/cursor.h"
#include "check/any.h"

#define SIZE_MAX_TESTED 16u
#define PARTS_MAX 5u

static _Alignas(VIRTQUEUE_ALIGNMENT) uint8_t memory[2 * VIRTQUEUE_ALIGNMENT];
static uint8_t bytes[64];
static struct virtqueue_slot slots[SIZE_MAX_TESTED];
static struct virtqueue q;
static struct chain {
    uint16_t num_parts;
    uint32_t writable_bytes;
} chains[SIZE_MAX_TESTED];          /* by token; of no parts: the device does not have it */

static size_t num_descriptors_lent(void)
{
    size_t num = 0;
    for (size_t i = 0; i < NUM_OF(chains); i++)
        num += chains[i].num_parts;
    return num;
}
static void lend(uint8_t about)
{
    struct mspan parts[PARTS_MAX];
    uint16_t num_parts = (uint16_t)(1 + about % PARTS_MAX);
    size_t num_readable = about / PARTS_MAX % (num_parts + 1u);
    struct chain c = { .num_parts = num_parts };
    uint32_t token = 0;
    while (token < q.size && chains[token].num_parts > 0)
        token++;
    for (size_t i = 0; i < num_parts; i++) {
        parts[i] = mspan_first(MSPAN(bytes), 1 + (about + i) % sizeof bytes);
        c.writable_bytes += i < num_readable ? 0 : (uint32_t)parts[i].n;
    }
    bool has_room = !q.is_broken && num_parts <= q.num_free;
    CHECK(virtqueue_add(&q, parts, num_parts, num_readable, token) == has_room);
    if (has_room)
        chains[token] = c;
}
static void show(void)
{
    bool was_broken = q.is_broken;
    if (virtqueue_publish(&q))
        CHECK(!was_broken);
}
static void take(void)
{
    uint32_t token, num_bytes, seen, num_seen;
    bool is_there = virtqueue_peek(&q, &seen, &num_seen);
    if (!virtqueue_take(&q, &token, &num_bytes)) {
        CHECK(!is_there && (q.is_broken || virtqueue_num_done(&q) == 0));
        return;
    }
    CHECK(is_there && token == seen && num_bytes == num_seen);
    CHECK(token < NUM_OF(chains) && chains[token].num_parts > 0 && num_bytes <= chains[token].writable_bytes);
    chains[token] = (struct chain){ 0 };
}
/* A word of its own, or the next chain as an honest device would use it. */
static void device(uint8_t what, uint8_t at, uint8_t value)
{
    volatile struct virtqueue_used *u = &AT(q.used, at & (q.size - 1u));
    uint16_t index = AT(q.used_index, 1);
    if (what & 1)
        u->head = what & 2 ? (uint32_t)value << 8 : value;
    else if (what & 2)
        u->num_bytes = what & 4 ? UINT32_MAX - value : value;
    else if (what & 4)
        AT(q.used_index, what >> 3 & 1) = (uint16_t)(index + (int8_t)value);
    else if (what & 8)
        AT(q.available_event, 0) = (uint16_t)(q.added + (int8_t)value);
    else {
        u = &AT(q.used, index & (q.size - 1u));
        u->head = AT(q.available, 2 + (index & (q.size - 1u)));
        u->num_bytes = value;
        AT(q.used_index, 1) = (uint16_t)(index + 1);
    }
}

PROPERTY(prop_virtqueue, 200)
{
    struct cur script = cur_of(in);
    uint8_t about = cur_u8(&script);
    mspan_zero(MSPAN(memory));
    mspan_zero((struct mspan){ (uint8_t *)chains, sizeof chains });
    CHECK(virtqueue_init(&q, MSPAN(memory), slots, 1u << (about & 3) << (about >> 2 & 1), about & 128) == OK);
    while (cur_more(&script)) {
        uint8_t what = cur_u8(&script);
        bool was_broken = q.is_broken;
        switch (what & 7) {
        case 0:
        case 1:
            lend(what >> 3);
            break;
        case 2:
            show();
            break;
        case 3:
        case 4:
            take();
            break;
        case 5:
            CHECK(!virtqueue_want_interrupt(&q) || virtqueue_num_done(&q) > 0);
            virtqueue_want_quiet(&q);
            break;
        default: {
            uint8_t at = cur_u8(&script);
            device(what >> 4, at, cur_u8(&script));
        }
        }
        CHECK(!was_broken || q.is_broken);
        CHECK(q.num_free + num_descriptors_lent() == q.size);
    }
}
