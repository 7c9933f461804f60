// SPDX-License-Identifier: ISC
/* Lists of block requests: each request's result is its own, and what the guest may not do ends it. */
#include "check/test.h"
#define FAKE_CHECK(c) TRUE(c)
#include "check/hvt/fake_host.h"

#define AT_ARGUMENTS 0x2000u
#define AT_LIST 0x3000u
#define AT_DATA 0x6000u

static struct hvt_request list[HVT_REQUESTS_MAX + 1];

static struct hvt_request request(enum hvt_block_op op, uint64_t offset, uint64_t num_bytes)
{
    return (struct hvt_request){ offset, AT_DATA, num_bytes, FAKE_DISK, (uint16_t)op, 77 };
}
/* The call with so many of the requests at this address; its arguments are elsewhere. */
static int run_at(uint64_t address, uint32_t num)
{
    const struct hvt_requests call = { .requests = address, .num_requests = num };
    struct mspan memory = fake_guest.memory;
    if (address < memory.n)
        (void)span_copy(mspan_skip(memory, (size_t)address), span_first(SPAN(list), num * sizeof list[0]));
    (void)span_copy(mspan_skip(memory, AT_ARGUMENTS), SPAN_OF(call));
    int what = (int)hypercall(&fake_guest, SOLO5_HVT_PORT + HVT_BLOCK_REQUESTS, AT_ARGUMENTS).what;
    if (address < memory.n)
        (void)span_copy(mspan_first(MSPAN(list), num * sizeof list[0]), span_of(mspan_skip(memory, (size_t)address)));
    return what;
}
static int run(uint32_t num)
{
    return run_at(AT_LIST, num);
}
static bool was_done(const char *letters)
{
    return span_eq(span_of_str(letters), span_first(SPAN(fake_done), strnlen(fake_done, sizeof fake_done)));
}

TEST(a_list_is_done_in_its_order)
{
    fake_open(true);
    list[0] = request(HVT_BLOCK_OP_WRITE, 0, 1024);
    list[1] = request(HVT_BLOCK_OP_READ, 63 * 512, 512);
    list[2] = request(HVT_BLOCK_OP_FLUSH, 0, 0);
    list[3] = request(HVT_BLOCK_OP_DISCARD, 0, FAKE_SECTORS * 512);
    list[4] = request(HVT_BLOCK_OP_READ, 0, 512);
    EQ(run(5), HYPERCALL_DONE);
    TRUE(was_done("wrfdr"));
    for (size_t i = 0; i < 5; i++)
        EQ(list[i].ret, SOLO5_OK);
}

TEST(a_request_that_cannot_be_ends_no_other)
{
    static const struct hvt_request bad[] = {
        { 64 * 512, AT_DATA, 512, FAKE_DISK, 0, 77 }, { 63 * 512, AT_DATA, 1024, FAKE_DISK, 0, 77 }, { 1, AT_DATA, 512, FAKE_DISK, 0, 77 },
        { 0, AT_DATA, 511, FAKE_DISK, 0, 77 }, { UINT64_MAX - 511, AT_DATA, 1024, FAKE_DISK, 0, 77 },
        { 512, AT_DATA, UINT64_MAX - 511, FAKE_DISK, 0, 77 }, { 0, AT_DATA, 512, 0, 0, 77 }, { 0, AT_DATA, 512, FAKE_NET, 0, 77 },
        { 0, AT_DATA, 512, 5, 0, 77 }, { 0, AT_DATA, 512, 64, 0, 77 }, { 0, AT_DATA, 512, UINT16_MAX, 0, 77 },
    };
    for (uint16_t op = 0; op <= HVT_BLOCK_OP_DISCARD + 1; op++)
        for (size_t i = 0; i < NUM_OF(bad); i++) {
            fake_open(true);
            list[0] = bad[i];
            list[0].op = op > HVT_BLOCK_OP_DISCARD ? (uint16_t)(0xff00 + op) : op;
            list[1] = request(HVT_BLOCK_OP_WRITE, 0, 512);
            EQ(run(2), HYPERCALL_DONE);
            bool is_flush = op == HVT_BLOCK_OP_FLUSH && bad[i].handle == FAKE_DISK;     /* it has no sectors */
            EQ(list[0].ret, is_flush ? SOLO5_OK : SOLO5_EINVAL);
            EQ(list[1].ret, SOLO5_OK);
            TRUE(was_done(is_flush ? "fw" : "w"));
        }
}

TEST(a_disk_that_fails_fails_each_request)
{
    fake_open(true);
    fake_is_failing = true;
    fake_discard = E_IO;
    for (uint16_t op = 0; op <= HVT_BLOCK_OP_DISCARD; op++)
        list[op] = request(op, 0, 512);
    EQ(run(4), HYPERCALL_DONE);
    for (size_t i = 0; i < 4; i++)
        EQ(list[i].ret, SOLO5_EUNSPEC);
    TRUE(was_done("rwfd"));
}

TEST(what_a_device_does_not_say_that_it_can_is_not_tried)
{
    fake_open(true);
    fake_devices.extension[FAKE_DISK].block_features = 0;
    list[0] = request(HVT_BLOCK_OP_FLUSH, 0, 0);
    list[1] = request(HVT_BLOCK_OP_DISCARD, 0, 512);
    EQ(run(2), HYPERCALL_DONE);
    EQ(list[0].ret, SOLO5_EINVAL);
    EQ(list[1].ret, SOLO5_EINVAL);
    TRUE(was_done(""));
    fake_devices.extension[FAKE_DISK].block_features = EXTENSION_BLOCK_DISCARD;     /* and is wrong about it */
    fake_discard = E_UNSUPPORTED;
    EQ(run(2), HYPERCALL_DONE);
    EQ(list[0].ret, SOLO5_EINVAL);
    EQ(list[1].ret, SOLO5_EINVAL);
    TRUE(was_done("d"));
}

TEST(data_lies_in_memory)
{
    static const struct { uint64_t data, num_bytes; bool is_readable, is_writable; } cases[] = {
        { FAKE_MEMORY_BYTES - 512, 512, true, true }, { FAKE_MEMORY_BYTES - 511, 512, false, false }, { FAKE_MEMORY_BYTES, 0, true, true },
        { UINT64_MAX - 511, 512, false, false }, { UINT64_MAX, 512, false, false }, { 1ull << 32 | AT_DATA, 512, false, false },
        { FAKE_READ_ONLY_BYTES, 512, true, true }, { FAKE_READ_ONLY_BYTES - 1, 512, true, false }, { 0, 512, true, false },
    };
    for (size_t i = 0; i < NUM_OF(cases); i++)
        for (uint16_t op = HVT_BLOCK_OP_READ; op <= HVT_BLOCK_OP_WRITE; op++) {
            fake_open(true);
            list[0] = request(op, 0, cases[i].num_bytes);
            list[0].data = cases[i].data;
            bool is_good = op == HVT_BLOCK_OP_READ ? cases[i].is_writable : cases[i].is_readable;
            EQ(run(1), is_good ? HYPERCALL_DONE : HYPERCALL_FAULT);
            TRUE(was_done(!is_good ? "" : op == HVT_BLOCK_OP_READ ? "r" : "w"));
        }
}

TEST(a_discard_and_a_flush_have_no_data)
{
    fake_open(true);
    list[0] = request(HVT_BLOCK_OP_FLUSH, 0, 0);
    list[1] = request(HVT_BLOCK_OP_DISCARD, 0, 512);
    list[0].data = list[1].data = UINT64_MAX;
    EQ(run(2), HYPERCALL_DONE);
    TRUE(was_done("fd"));
}

TEST(a_list_lies_where_the_guest_may_write)
{
    const uint64_t longest = HVT_REQUESTS_MAX * sizeof list[0];
    const uint64_t good[] = { FAKE_READ_ONLY_BYTES, FAKE_MEMORY_BYTES - longest };
    const uint64_t bad[] = { 0, FAKE_READ_ONLY_BYTES - 1, FAKE_MEMORY_BYTES - longest + 1, FAKE_MEMORY_BYTES, UINT64_MAX, UINT64_MAX - 31,
                             1ull << 32 };
    for (size_t i = 0; i < NUM_OF(good) + NUM_OF(bad); i++) {
        bool is_good = i < NUM_OF(good);
        fake_open(true);
        for (size_t k = 0; k < HVT_REQUESTS_MAX; k++)
            list[k] = request(HVT_BLOCK_OP_FLUSH, 0, 0);
        EQ(run_at(is_good ? good[i] : bad[i - NUM_OF(good)], HVT_REQUESTS_MAX), is_good ? HYPERCALL_DONE : HYPERCALL_FAULT);
        EQ(strnlen(fake_done, sizeof fake_done), is_good ? HVT_REQUESTS_MAX : 0);
    }
    EQ(run_at(FAKE_MEMORY_BYTES, 0), HYPERCALL_DONE);
}

TEST(a_list_is_no_longer_than_it_may_be)
{
    static const uint32_t too_long[] = { HVT_REQUESTS_MAX + 1, 1u << 27, UINT32_MAX };     /* the second: 2^32 bytes */
    for (size_t i = 0; i < NUM_OF(too_long); i++) {
        const struct hvt_requests call = { .requests = AT_LIST, .num_requests = too_long[i] };
        fake_open(true);
        (void)span_copy(mspan_skip(fake_guest.memory, AT_ARGUMENTS), SPAN_OF(call));
        EQ(hypercall(&fake_guest, SOLO5_HVT_PORT + HVT_BLOCK_REQUESTS, AT_ARGUMENTS).what, HYPERCALL_FAULT);
        TRUE(was_done(""));
    }
}

/* What is read lies over the list itself, whose copy goes on to count. */
TEST(a_list_that_is_read_over_is_the_one_that_was_there)
{
    fake_open(true);
    list[0] = request(HVT_BLOCK_OP_READ, 0, 512);
    list[0].data = AT_LIST;
    list[1] = request(HVT_BLOCK_OP_FLUSH, 0, 0);
    EQ(run(2), HYPERCALL_DONE);
    TRUE(was_done("rf"));
    EQ(list[0].ret, SOLO5_OK);
    EQ(list[1].ret, SOLO5_OK);
    EQ(list[1].op, HVT_BLOCK_OP_FLUSH);
}

TEST(lists_are_for_images_that_asked_for_the_extension)
{
    fake_open(false);
    list[0] = request(HVT_BLOCK_OP_FLUSH, 0, 0);
    EQ(run(1), HYPERCALL_FAULT);
    TRUE(was_done(""));
}

TEST_MAIN
