// SPDX-License-Identifier: ISC
/* Devices of the platform: a disk that completes one request each time the unikernel sleeps, and a network that
 * echoes. The fibers are the real ones. */
#include "check/test.h"
#include "platform/platform.h"
#include "runtime/blockdev.h"
#include "runtime/clockdev.h"
#include "runtime/netdev.h"
#include "runtime/scheduler.h"

enum { SECTOR = 512, SECTORS = 64, MAX_SECTORS = 4, DISK = 3, NET = 5 };
PLATFORM_STACK_POOL(8, 65536);

static struct {
    uint8_t bytes[SECTOR * SECTORS];
    struct platform_block_request *queue[16], *done;
    size_t num_queued, capacity, most_queued, num_requests;
    uint64_t max_discard_bytes;     /* 0: it cannot */
    uint32_t discard_bytes;
    bool at_once, can_flush, fails;
} disk;
static nanos now;

nanos platform_clock_monotonic(void)
{
    return now;
}
nanos platform_clock_wall(void)
{
    return now + 1000;
}
err platform_block_find(struct span name, unsigned *handle, struct platform_block_info *info)
{
    *handle = DISK;
    *info = (struct platform_block_info){ sizeof disk.bytes, SECTOR, MAX_SECTORS, disk.can_flush,
                                          disk.max_discard_bytes > 0, disk.max_discard_bytes, disk.discard_bytes };
    return span_eq(name, TEXT("disk")) ? OK : E_NOT_FOUND;
}
static void carry_out(struct platform_block_request *r)
{
    struct mspan at = mspan_sub(MSPAN(disk.bytes), r->offset_bytes, r->bytes.n);
    if (r->op == PLATFORM_BLOCK_READ)
        (void)span_copy(r->bytes, span_of(at));
    else if (r->op == PLATFORM_BLOCK_WRITE)
        (void)span_copy(at, span_of(r->bytes));
    else if (r->op == PLATFORM_BLOCK_DISCARD)
        mspan_zero(at);
    r->result = disk.fails ? E_IO : OK;
    r->next_done = disk.done;
    disk.done = r;
}
err platform_block_submit(unsigned handle, struct platform_block_request *r)
{
    REQUIRE(handle == DISK && r->bytes.n <= (r->op == PLATFORM_BLOCK_DISCARD ? disk.max_discard_bytes : MAX_SECTORS * SECTOR));
    if (disk.num_queued == disk.capacity)
        return E_NOMEM;
    disk.num_requests++;
    if (disk.at_once) {
        carry_out(r);
        return OK;
    }
    disk.queue[disk.num_queued++] = r;
    disk.most_queued = disk.num_queued > disk.most_queued ? disk.num_queued : disk.most_queued;
    return OK;
}
struct platform_block_request *platform_block_complete(unsigned handle)
{
    struct platform_block_request *r = disk.done;
    REQUIRE(handle == DISK);
    disk.done = NULL;
    return r;
}
uint64_t platform_wait(nanos deadline)
{
    now += NS_PER_US;
    if (deadline == 0)
        return 0;
    if (disk.num_queued == 0) {
        REQUIRE(deadline != NEVER);     /* nobody would ever wake up */
        now = nanos_max(now, deadline);
        return 0;
    }
    carry_out(disk.queue[--disk.num_queued]);       /* the youngest first, to mix them up */
    return 1u << DISK;
}

static unsigned net_asked;
err platform_net_find(struct span name, unsigned *handle, struct platform_net_info *info)
{
    *handle = NET;
    *info = (struct platform_net_info){ { 2, 0, 0, 0, 0, 9 }, 1500, { .send_checksum = true } };
    return span_eq(name, TEXT("service")) ? OK : E_NOT_FOUND;
}
size_t platform_net_receive(unsigned handle, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max_frames)
{
    (void)buffers;
    (void)frames;
    net_asked = handle;
    return num_buffers < max_frames ? num_buffers : max_frames;
}
size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num)
{
    (void)frames;
    net_asked = handle;
    return num;
}
void platform_console_write(struct span text)
{
    (void)text;
}

static struct blockdev dev;
static struct block *fresh_disk(bool at_once, size_t capacity)
{
    dev.num_under_way = 0;
    blockdev_close(&dev);
    memset(&disk, 0, sizeof disk);
    disk.at_once = at_once;
    disk.capacity = capacity;
    disk.can_flush = true;
    EQ(blockdev_open(TEXT("disk"), &dev), OK);
    return &dev.block;
}
/* Writes and reads back six sectors of its own, in another pattern for each fiber. */
struct user {
    unsigned number;
    bool is_done;
};
static err use_disk(void *arg)
{
    struct user *u = arg;
    uint8_t out[6 * SECTOR], in[6 * SECTOR];
    memset(out, (int)(u->number + 1), sizeof out);
    TRY(block_write(&dev.block, u->number * sizeof out, SPAN(out)));
    TRY(block_read(&dev.block, u->number * sizeof in, MSPAN(in)));
    u->is_done = memcmp(in, out, sizeof in) == 0;
    return OK;
}
static struct user users[6];
static err many_users(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    for (unsigned i = 0; i < NUM_OF(users); i++) {
        users[i] = (struct user){ .number = i };
        TRY(fiber_go(&s, use_disk, &users[i], "user"));
    }
    return scope_join(&s);
}
static err cancelled_users(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    for (unsigned i = 0; i < NUM_OF(users); i++) {
        users[i] = (struct user){ .number = i };
        TRY(fiber_go(&s, use_disk, &users[i], "user"));
    }
    TRY(fiber_yield());
    scope_cancel(&s);
    return OK;
}

TEST(what_was_written_is_read_whatever_the_target_does_at_once)
{
    for (int at_once = 0; at_once <= 1; at_once++) {
        fresh_disk(at_once, 16);
        users[0] = (struct user){ 0 };
        EQ(scheduler_run(use_disk, &users[0], "one"), OK);
        TRUE(users[0].is_done);
        EQ(disk.num_requests, 4);       /* six sectors are two requests of at most four */
    }
}
TEST(many_fibers_use_a_disk_together)
{
    fresh_disk(false, 16);
    EQ(scheduler_run(many_users, NULL, "many"), OK);
    for (size_t i = 0; i < NUM_OF(users); i++)
        TRUE(users[i].is_done);
    EQ(disk.most_queued, NUM_OF(users));
    EQ(dev.num_under_way, 0);
}
TEST(a_target_that_takes_few_requests_makes_the_others_wait)
{
    for (size_t capacity = 1; capacity < 4; capacity++) {
        fresh_disk(false, capacity);
        EQ(scheduler_run(many_users, NULL, "many"), OK);
        for (size_t i = 0; i < NUM_OF(users); i++)
            TRUE(users[i].is_done);
        EQ(disk.most_queued, capacity);
    }
    fresh_disk(false, 0);
    EQ(scheduler_run(use_disk, &users[0], "one"), E_NOMEM);
}
TEST(cancelled_fibers_leave_nothing_under_way)
{
    for (size_t capacity = 1; capacity < 8; capacity++) {
        fresh_disk(false, capacity);
        EQ(scheduler_run(cancelled_users, NULL, "cancelled"), OK);
        EQ(dev.num_under_way, 0);
        EQ(disk.num_queued, 0);
    }
}
TEST(a_failing_disk_is_told)
{
    fresh_disk(false, 16);
    disk.fails = true;
    EQ(scheduler_run(use_disk, &users[0], "one"), E_IO);
}
TEST(offsets_and_lengths_are_checked_before_anything_is_begun)
{
    uint8_t b[2 * SECTOR];
    struct block *d = fresh_disk(true, 16);
    EQ(d->capacity_bytes, sizeof disk.bytes);
    EQ(d->sector_bytes, SECTOR);
    EQ(block_read(d, 1, MSPAN(b)), E_INVALID);
    EQ(block_read(d, 0, mspan_first(MSPAN(b), 511)), E_INVALID);
    EQ(block_write(d, 256, SPAN(b)), E_INVALID);
    EQ(block_read(d, sizeof disk.bytes - SECTOR, MSPAN(b)), E_RANGE);
    EQ(block_read(d, sizeof disk.bytes + SECTOR, mspan_first(MSPAN(b), 0)), E_RANGE);
    EQ(block_write(d, UINT64_MAX - SECTOR + 1, SPAN(b)), E_RANGE);
    EQ(disk.num_requests, 0);
    EQ(block_read(d, sizeof disk.bytes, mspan_first(MSPAN(b), 0)), OK);
    EQ(disk.num_requests, 0);
    EQ(block_read(d, sizeof disk.bytes - sizeof b, MSPAN(b)), OK);
}
TEST(flush_is_carried_out_or_refused)
{
    EQ(block_flush(fresh_disk(true, 16)), OK);
    EQ(disk.num_requests, 1);
    struct block *d = fresh_disk(true, 16);
    dev.can_flush = false;
    EQ(block_flush(d), E_UNSUPPORTED);
    EQ(disk.num_requests, 0);
}
TEST(what_is_discarded_goes_in_requests_that_the_device_takes)
{
    static const struct { uint64_t most; size_t num_requests; } cases[] = {
        { SECTOR, 9 }, { 4 * SECTOR, 3 }, { 9 * SECTOR, 1 }, { UINT64_MAX, 1 },
    };
    for (size_t i = 0; i < NUM_OF(cases); i++) {
        struct block *d = fresh_disk(true, 16);
        memset(disk.bytes, 1, sizeof disk.bytes);
        disk.max_discard_bytes = dev.max_discard_bytes = cases[i].most;
        EQ(block_discard(d, 2 * SECTOR, 9 * SECTOR), OK);
        EQ(disk.num_requests, cases[i].num_requests);
        for (size_t at = 0; at < sizeof disk.bytes; at++)
            EQ(disk.bytes[at], at < 2 * SECTOR || at >= 11 * SECTOR);
        EQ(block_discard(d, 1, SECTOR), E_INVALID);
        EQ(block_discard(d, 0, 1), E_INVALID);
        EQ(block_discard(d, sizeof disk.bytes, SECTOR), E_RANGE);
        EQ(block_discard(d, SECTOR, UINT64_MAX - SECTOR + 1), E_RANGE);
        EQ(block_discard(d, sizeof disk.bytes, 0), OK);
        EQ(disk.num_requests, cases[i].num_requests);
        disk.fails = true;
        EQ(block_discard(d, 0, SECTOR), E_IO);
    }
}
TEST(blocks_that_are_discarded_in_part_stay)
{
    static const struct { unsigned first, num; unsigned from, to; } cases[] = {     /* of blocks of 8 sectors */
        { 0, 8, 0, 8 }, { 8, 16, 8, 24 }, { 1, 30, 8, 24 }, { 7, 9, 8, 16 }, { 7, 10, 8, 16 }, { 1, 14, 0, 0 },
        { 3, 1, 0, 0 }, { 1, 7, 0, 0 }, { 57, 7, 0, 0 }, { 50, 14, 56, 64 }, { 5, 0, 0, 0 }, { 63, 1, 0, 0 },
    };
    for (size_t i = 0; i < NUM_OF(cases); i++) {
        struct block *d = fresh_disk(true, 16);
        blockdev_close(&dev);
        disk.max_discard_bytes = sizeof disk.bytes;
        disk.discard_bytes = 8 * SECTOR;
        EQ(blockdev_open(TEXT("disk"), &dev), OK);
        memset(disk.bytes, 1, sizeof disk.bytes);
        EQ(block_discard(d, cases[i].first * SECTOR, cases[i].num * SECTOR), OK);
        EQ(disk.num_requests, cases[i].from < cases[i].to);
        for (size_t at = 0; at < sizeof disk.bytes; at++)
            EQ(disk.bytes[at], at < cases[i].from * SECTOR || at >= cases[i].to * SECTOR);
    }
}
TEST(a_device_that_cannot_discard_says_so)
{
    EQ(block_discard(fresh_disk(true, 16), 0, SECTOR), E_UNSUPPORTED);
    EQ(disk.num_requests, 0);
}
TEST(a_device_is_opened_once_by_its_name)
{
    struct blockdev other;
    struct netdev n, m;
    fresh_disk(true, 16);
    EQ(blockdev_open(TEXT("disk"), &other), E_IN_USE);
    EQ(blockdev_open(TEXT("tape"), &other), E_NOT_FOUND);
    EQ(netdev_open(TEXT("disk"), &n), E_NOT_FOUND);
    EQ(netdev_open(TEXT("service"), &n), OK);
    EQ(netdev_open(TEXT("service"), &m), E_IN_USE);
    netdev_close(&m);
    netdev_close(&n);
    netdev_close(&n);
    EQ(netdev_open(TEXT("service"), &n), OK);
    netdev_close(&n);
}
TEST(a_network_device_hands_frames_to_its_handle)
{
    struct netdev n;
    struct mspan buffers[3] = { 0 };
    struct rx_frame received[2];
    static struct tx_frame sent[2];
    EQ(netdev_open(TEXT("service"), &n), OK);
    EQ(n.net.mtu, 1500);
    EQ(n.net.mac.byte[5], 9);
    TRUE(n.net.features.send_checksum && !n.net.features.send_tso4);
    EQ(net_receive(&n.net, buffers, 3, received, 2), 2);
    EQ(net_asked, NET);
    net_asked = 0;
    EQ(net_send(&n.net, sent, 2), 2);
    EQ(net_asked, NET);
    netdev_close(&n);
}
TEST(the_system_clock_is_a_device)
{
    struct clock *c = clockdev_system();
    nanos before = clock_read_monotonic(c);
    now += 500;
    EQ(clock_read_monotonic(c) - before, 500);
    EQ(clock_read_wall(c), now + 1000);
}
TEST_MAIN
