// SPDX-License-Identifier: ISC
/* The other end of the queue is a fake device in memory, honest or lying. */
#include "check/test.h"
#include "platform/virtio/virtqueue.h"

#define SIZE 8u
enum { NEXT = 1, WRITE = 2 };

static _Alignas(VIRTQUEUE_ALIGNMENT) uint8_t memory[4 * VIRTQUEUE_ALIGNMENT];
static uint8_t bytes[64];
static struct virtqueue_slot slots[SIZE];
static struct virtqueue q;

static void begin(bool has_event_index)
{
    memset(memory, 0, sizeof memory);
    EQ(virtqueue_init(&q, MSPAN(memory), slots, SIZE, has_event_index), OK);
}
static struct mspan part(size_t n)
{
    return mspan_first(MSPAN(bytes), n);
}
/* A chain of one part that the device writes. */
static bool lend(uint32_t token, size_t n)
{
    struct mspan p = part(n);
    return virtqueue_add(&q, &p, 1, 0, token);
}

/* Whether the device wants to be told of it is not the question. */
static void show(void)
{
    bool wants_notification = virtqueue_publish(&q);
    (void)wants_notification;
}

/* ---- The device: its view is of the raw layout of section 2.7 */

static uint16_t available_head(unsigned i)
{
    return q.available.p[2 + i % SIZE];
}
static void use(uint16_t head, uint32_t num_bytes)
{
    uint16_t index = q.used_index.p[1];
    q.used.p[index % SIZE].head = head;
    q.used.p[index % SIZE].num_bytes = num_bytes;
    q.used_index.p[1] = (uint16_t)(index + 1);
}
static bool takes_nothing(void)
{
    uint32_t token, n;
    return !virtqueue_take(&q, &token, &n) && !virtqueue_peek(&q, &token, &n) && virtqueue_num_done(&q) == 0;
}
/* Nothing is reached any more through a queue that its device has broken. */
static bool is_broken_for_good(void)
{
    bool is_dead = takes_nothing() && q.is_broken && !lend(9, 1) && !virtqueue_publish(&q);
    q.used_index.p[1] = q.taken;
    return is_dead && takes_nothing();
}

TEST(a_size_that_is_no_power_of_two_or_none_or_too_large_is_refused)
{
    static const size_t wrong[] = { 0, 3, 6, 7, 255, VIRTQUEUE_SIZE_MAX + 1, 2 * VIRTQUEUE_SIZE_MAX, SIZE_MAX };
    for (size_t i = 0; i < NUM_OF(wrong); i++) {
        EQ(virtqueue_init(&q, MSPAN(memory), slots, wrong[i], false), E_INVALID);
        TRUE(!lend(0, 1) && takes_nothing());
    }
}
TEST(the_parts_lie_where_legacy_devices_expect_them)
{
    begin(false);
    struct virtqueue_places at = virtqueue_places(&q);
    EQ(at.available - at.descriptors, 16 * SIZE);
    EQ(at.used - at.descriptors, 4096);
    EQ((uintptr_t)q.used.p - at.used, 4);
    EQ((uintptr_t)q.available_event.p - at.used, 4 + 8 * SIZE);
    EQ(virtqueue_bytes(SIZE), 8192);
    EQ(virtqueue_bytes(256), 4096 + 4096 + 4096);
    EQ(virtqueue_bytes(1), 8192);
}
TEST(the_largest_queue_is_taken)
{
    static _Alignas(VIRTQUEUE_ALIGNMENT) uint8_t large[1u << 20];
    static struct virtqueue_slot many[VIRTQUEUE_SIZE_MAX];
    struct virtqueue whole;
    struct mspan p = part(1);
    EQ(virtqueue_init(&whole, MSPAN(large), many, VIRTQUEUE_SIZE_MAX, true), OK);
    for (uint32_t i = 0; i < VIRTQUEUE_SIZE_MAX; i++)
        TRUE(virtqueue_add(&whole, &p, 1, 0, i));
    TRUE(!virtqueue_add(&whole, &p, 1, 0, 0));
    PANICS((void)!virtqueue_init(&whole, mspan_first(MSPAN(large), 4096), many, 8, true));
}
TEST(a_chain_is_described_with_its_readable_parts_first)
{
    struct mspan parts[3] = { part(16), part(5), part(1) };
    begin(false);
    TRUE(virtqueue_add(&q, parts, 3, 2, 77));
    EQ(q.available.p[1], 0);
    TRUE(virtqueue_publish(&q));
    EQ(q.available.p[1], 1);
    uint16_t at = available_head(0);
    static const uint16_t flags[3] = { NEXT, NEXT, WRITE };
    for (unsigned i = 0; i < 3; i++) {
        volatile struct virtqueue_descriptor *d = &q.descriptors.p[at];
        EQ(d->address, (uintptr_t)parts[i].p);
        EQ(d->num_bytes, parts[i].n);
        EQ(d->flags, flags[i]);
        at = d->next;
    }
}
TEST(what_was_used_comes_back_with_its_token_in_the_order_of_the_device)
{
    uint32_t token, n;
    begin(false);
    TRUE(lend(10, 4) && lend(11, 8));
    TRUE(virtqueue_publish(&q));
    TRUE(takes_nothing());
    use(available_head(1), 8);
    use(available_head(0), 3);
    EQ(virtqueue_num_done(&q), 2);
    TRUE(virtqueue_peek(&q, &token, &n) && token == 11 && n == 8);
    TRUE(virtqueue_take(&q, &token, &n) && token == 11 && n == 8);
    TRUE(virtqueue_take(&q, &token, &n) && token == 10 && n == 3);
    TRUE(takes_nothing() && !q.is_broken);
}
TEST(a_queue_takes_as_many_parts_as_it_has_descriptors_and_gets_them_back)
{
    struct mspan parts[SIZE + 1] = { part(1), part(1), part(1), part(1), part(1), part(1), part(1), part(1), part(1) };
    uint32_t token, n;
    begin(false);
    TRUE(!virtqueue_add(&q, parts, SIZE + 1, 0, 0));
    TRUE(virtqueue_add(&q, parts, SIZE - 3, 0, 1));
    TRUE(!virtqueue_add(&q, parts, 4, 0, 2));
    TRUE(virtqueue_add(&q, parts, 3, 0, 3));
    TRUE(!lend(4, 1));
    TRUE(virtqueue_publish(&q));
    use(available_head(0), 0);
    TRUE(virtqueue_take(&q, &token, &n) && token == 1);
    EQ(q.num_free, SIZE - 3);
    TRUE(virtqueue_add(&q, parts, SIZE - 3, 0, 5));
    TRUE(!lend(6, 1));
}
TEST(counts_go_round_without_a_seam)
{
    uint32_t token, n;
    begin(true);
    for (uint32_t i = 0; i < 200000; i++) {
        TRUE(lend(i, 8));
        show();
        use(available_head(i), i % 9);
        TRUE(virtqueue_take(&q, &token, &n) && token == i && n == i % 9);
    }
    EQ(q.num_free, SIZE);
}

/* ---- Lies */

TEST(more_used_chains_than_the_device_has_break_the_queue)
{
    static const uint16_t lies[] = { 3, 4, SIZE, SIZE + 1, 0x7fff, 0x8000, 0xffff };
    for (size_t i = 0; i < NUM_OF(lies); i++) {
        begin(false);
        TRUE(lend(0, 4) && lend(1, 4));
        TRUE(virtqueue_publish(&q));
        q.used_index.p[1] = lies[i];
        TRUE(is_broken_for_good());
    }
}
TEST(a_chain_that_was_added_but_not_shown_is_not_the_devices)
{
    begin(false);
    TRUE(lend(0, 4));
    use(available_head(0), 4);
    TRUE(is_broken_for_good());
}
TEST(a_head_outside_the_queue_breaks_it)
{
    static const uint32_t lies[] = { SIZE, SIZE + 1, 0xffff, 0x10000, UINT32_MAX };
    for (size_t i = 0; i < NUM_OF(lies); i++) {
        begin(false);
        TRUE(lend(0, 4));
        TRUE(virtqueue_publish(&q));
        use(0, 4);
        q.used.p[0].head = lies[i];
        TRUE(is_broken_for_good());
    }
}
TEST(a_head_that_begins_no_chain_breaks_the_queue)
{
    struct mspan parts[2] = { part(4), part(4) };
    for (uint16_t head = 0; head < SIZE; head++) {
        begin(false);
        TRUE(virtqueue_add(&q, parts, 2, 0, 1));
        TRUE(virtqueue_publish(&q));
        if (head == available_head(0))
            continue;
        use(head, 4);
        TRUE(is_broken_for_good());
    }
}
TEST(a_chain_that_was_returned_before_breaks_the_queue)
{
    uint32_t token, n;
    begin(false);
    TRUE(lend(0, 4) && lend(1, 4));
    TRUE(virtqueue_publish(&q));
    use(available_head(0), 4);
    TRUE(virtqueue_take(&q, &token, &n));
    use(available_head(0), 4);
    TRUE(is_broken_for_good());
}
TEST(more_bytes_than_the_device_may_write_break_the_queue)
{
    static const uint32_t lies[] = { 6, 21, UINT32_MAX };      /* 5 of 21 bytes may be written */
    struct mspan parts[2] = { part(16), part(5) };
    for (size_t i = 0; i < NUM_OF(lies); i++) {
        begin(false);
        TRUE(virtqueue_add(&q, parts, 2, 1, 1));
        TRUE(virtqueue_publish(&q));
        use(available_head(0), lies[i]);
        TRUE(is_broken_for_good());
    }
}
TEST(what_the_device_writes_over_its_view_changes_nothing_of_ours)
{
    struct mspan parts[3] = { part(1), part(1), part(1) };
    uint32_t token, n;
    begin(false);
    TRUE(virtqueue_add(&q, parts, 3, 0, 5) && lend(6, 2));
    TRUE(virtqueue_publish(&q));
    uint16_t first = available_head(0), second = available_head(1);
    for (size_t i = 0; i < SIZE; i++)
        q.descriptors.p[i] = (struct virtqueue_descriptor){ UINT64_MAX, UINT32_MAX, 0xffff, 0xffff };
    memset((void *)(uintptr_t)q.available.p, 0xff, (2 + SIZE) * sizeof(uint16_t));
    use(first, 3);
    use(second, 2);
    TRUE(virtqueue_take(&q, &token, &n) && token == 5 && n == 3);
    TRUE(virtqueue_take(&q, &token, &n) && token == 6 && n == 2);
    EQ(q.num_free, SIZE);
    TRUE(virtqueue_add(&q, parts, 3, 0, 7) && virtqueue_add(&q, parts, 3, 0, 8));
}
/* Random words in all that the device may write: every take is of a chain that was lent, with no more than fits. */
TEST(noise_never_makes_us_take_what_was_not_lent)
{
    uint64_t seed = 1;
    for (unsigned round = 0; round < 20000; round++) {
        bool is_lent[4] = { true, true, true, true };
        uint32_t token, n;
        begin(round & 1);
        for (uint32_t i = 0; i < 4; i++)
            TRUE(lend(i, i + 1));
        show();
        for (size_t i = 0; i < SIZE; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            q.used.p[i].head = (uint32_t)(seed >> 60);
            q.used.p[i].num_bytes = (uint32_t)(seed >> 40) & 3;
        }
        q.used_index.p[1] = (uint16_t)(seed >> 57 & 7);
        while (virtqueue_take(&q, &token, &n)) {
            TRUE(token < 4 && is_lent[token] && n <= token + 1);
            is_lent[token] = false;
        }
    }
}

/* ---- Notification and interrupts */

TEST(a_device_that_wants_no_notification_gets_none)
{
    begin(false);
    q.used_index.p[0] = 1;
    TRUE(lend(0, 1));
    TRUE(!virtqueue_publish(&q));
    EQ(q.available.p[1], 1);
    q.used_index.p[0] = 0;
    TRUE(!virtqueue_publish(&q));
    TRUE(lend(1, 1));
    TRUE(virtqueue_publish(&q));
}
TEST(with_event_indices_the_device_says_at_which_chain_it_wants_to_be_told)
{
    begin(true);
    q.available_event.p[0] = 2;
    TRUE(lend(0, 1) && lend(1, 1));
    TRUE(!virtqueue_publish(&q));
    TRUE(lend(2, 1));
    TRUE(virtqueue_publish(&q));
    TRUE(lend(3, 1));
    TRUE(!virtqueue_publish(&q));
}
TEST(interrupts_are_off_until_they_are_wanted)
{
    begin(false);
    EQ(q.available.p[0], 1);
    TRUE(!virtqueue_want_interrupt(&q));
    EQ(q.available.p[0], 0);
    virtqueue_want_quiet(&q);
    EQ(q.available.p[0], 1);
}
TEST(with_event_indices_the_next_chain_interrupts_or_none_does)
{
    uint32_t token, n;
    begin(true);
    EQ(q.available.p[2 + SIZE], 0xffff);
    TRUE(!virtqueue_want_interrupt(&q));
    EQ(q.available.p[2 + SIZE], 0);
    TRUE(lend(0, 1));
    show();
    use(available_head(0), 1);
    TRUE(virtqueue_take(&q, &token, &n));
    TRUE(!virtqueue_want_interrupt(&q));
    EQ(q.available.p[2 + SIZE], 1);
    virtqueue_want_quiet(&q);
    EQ(q.available.p[2 + SIZE], 0);
}
TEST(what_was_used_in_the_last_moment_keeps_us_awake)
{
    begin(true);
    TRUE(lend(0, 1));
    show();
    use(available_head(0), 1);
    TRUE(virtqueue_want_interrupt(&q));
}
TEST(an_empty_part_or_chain_is_our_own_mistake)
{
    struct mspan parts[2] = { part(1), part(0) };
    begin(false);
    PANICS(TRUE(virtqueue_add(&q, parts, 2, 0, 0)));
    PANICS(TRUE(virtqueue_add(&q, parts, 0, 0, 0)));
}
TEST_MAIN
