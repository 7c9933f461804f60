// SPDX-License-Identifier: ISC
#include "check/test.h"
#define FAKE_CHECK(c) TRUE(c)
#include "check/hvt/fake_host.h"

#define AT_ARGUMENTS 0x2000u
#define AT_FRAMES 0x3000u
#define AT_PARTS 0x4000u
#define AT_DATA 0x6000u

static void put(uint32_t address, const void *bytes, size_t n)
{
    (void)span_copy(mspan_sub(fake_guest.memory, address, n), (struct span){ bytes, n });
}
static void get(uint32_t address, void *bytes, size_t n)
{
    (void)span_copy((struct mspan){ bytes, n }, span_of(mspan_sub(fake_guest.memory, address, n)));
}
/* The call by this number; *arguments is written back. */
static struct hypercall_result call(unsigned number, void *arguments, size_t n)
{
    put(AT_ARGUMENTS, arguments, n);
    struct hypercall_result r = hypercall(&fake_guest, (uint16_t)(SOLO5_HVT_PORT + number), AT_ARGUMENTS);
    get(AT_ARGUMENTS, arguments, n);
    return r;
}
#define CALL(number, a) call(number, &(a), sizeof(a)).what

TEST(the_time_is_the_hosts)
{
    struct solo5_hvt_walltime a = { 0 };
    fake_open(false);
    EQ(CALL(SOLO5_HVT_WALLTIME, a), HYPERCALL_DONE);
    EQ(a.nsecs, 0x1122334455667788);
}

TEST(a_poll_tells_what_is_ready)
{
    struct solo5_hvt_poll a = { .timeout_nsecs = 5, .ret = 77 };
    fake_open(false);
    EQ(CALL(SOLO5_HVT_POLL, a), HYPERCALL_DONE);
    EQ(a.ready_set, 3);
    EQ(a.ret, 2);
}

TEST(a_halt_gives_the_status)
{
    struct solo5_hvt_halt a = { .exit_status = 42 };
    fake_open(false);
    struct hypercall_result r = call(SOLO5_HVT_HALT, &a, sizeof a);
    EQ(r.what, HYPERCALL_HALT);
    EQ(r.exit_status, 42);
    EQ(r.trap_frame, 0);
}

TEST(a_halt_by_a_trap_says_where_its_frame_is_if_that_is_memory)
{
    const uint64_t last = FAKE_MEMORY_BYTES - SOLO5_HVT_TRAP_FRAME_BYTES;
    for (uint64_t at = last; at <= last + 1; at++) {
        struct solo5_hvt_halt a = { .cookie = at };
        fake_open(false);
        EQ(call(SOLO5_HVT_HALT, &a, sizeof a).trap_frame, at == last ? last : 0);
    }
}

TEST(a_call_that_there_is_not_is_a_fault)
{
    fake_open(false);
    for (unsigned port = 0; port < 65536; port++) {
        mspan_zero(mspan_sub(fake_guest.memory, AT_ARGUMENTS, 64));
        bool is_call = port > SOLO5_HVT_PORT && port <= SOLO5_HVT_PORT + SOLO5_HVT_HALT;
        struct hypercall_result r = hypercall(&fake_guest, (uint16_t)port, AT_ARGUMENTS);
        EQ(r.what == HYPERCALL_FAULT, !is_call);
    }
}

TEST(arguments_lie_in_memory_that_may_be_written)
{
    static const uint32_t bad[] = { 0, 0xff8, 0xfff, FAKE_MEMORY_BYTES - 7, FAKE_MEMORY_BYTES, 0xfffffff8, 0xffffffff };
    fake_open(false);
    for (size_t i = 0; i < NUM_OF(bad); i++)
        EQ(hypercall(&fake_guest, SOLO5_HVT_PORT + SOLO5_HVT_WALLTIME, bad[i]).what, HYPERCALL_FAULT);
    EQ(hypercall(&fake_guest, SOLO5_HVT_PORT + SOLO5_HVT_WALLTIME, FAKE_READ_ONLY_BYTES).what, HYPERCALL_DONE);
    EQ(hypercall(&fake_guest, SOLO5_HVT_PORT + SOLO5_HVT_WALLTIME, FAKE_MEMORY_BYTES - 8).what, HYPERCALL_DONE);
}

TEST(a_text_lies_in_memory)
{
    static const struct solo5_hvt_puts bad[] = {
        { FAKE_MEMORY_BYTES, 1 }, { FAKE_MEMORY_BYTES - 1, 2 }, { 0, FAKE_MEMORY_BYTES + 1 }, { UINT64_MAX, 1 },
        { 1, UINT64_MAX }, { UINT64_MAX, UINT64_MAX }, { 1ull << 32, 1 },
    };
    struct solo5_hvt_puts good = { 0, FAKE_MEMORY_BYTES }, nothing = { FAKE_MEMORY_BYTES, 0 };
    fake_open(false);
    for (size_t i = 0; i < NUM_OF(bad); i++) {
        struct solo5_hvt_puts a = bad[i];
        EQ(CALL(SOLO5_HVT_PUTS, a), HYPERCALL_FAULT);
    }
    EQ(fake_num_text, 0);
    EQ(CALL(SOLO5_HVT_PUTS, nothing), HYPERCALL_DONE);
    EQ(CALL(SOLO5_HVT_PUTS, good), HYPERCALL_DONE);
    EQ(fake_num_text, FAKE_MEMORY_BYTES);
}

TEST(blocks_lie_inside_their_device)
{
    static const struct { uint64_t handle, offset, num_bytes; int ret; } cases[] = {
        { 2, 0, 512, SOLO5_OK }, { 2, 0, FAKE_SECTORS * 512, SOLO5_OK }, { 2, 63 * 512, 512, SOLO5_OK },
        { 2, 64 * 512, 0, SOLO5_EINVAL }, { 2, 0, 0, SOLO5_OK }, { 2, 64 * 512, 512, SOLO5_EINVAL },
        { 2, 63 * 512, 1024, SOLO5_EINVAL }, { 2, 1, 512, SOLO5_EINVAL },
        { 2, 0, 511, SOLO5_EINVAL }, { 2, UINT64_MAX - 511, 512, SOLO5_EINVAL }, { 2, 512, UINT64_MAX - 511, SOLO5_EINVAL },
        { 1, 0, 512, SOLO5_EINVAL }, { 0, 0, 512, SOLO5_EINVAL }, { 5, 0, 512, SOLO5_EINVAL },
        { 64, 0, 512, SOLO5_EINVAL }, { 1ull << 32 | 2, 0, 512, SOLO5_EINVAL }, { UINT64_MAX, 0, 512, SOLO5_EINVAL },
    };
    fake_open(false);
    for (size_t i = 0; i < NUM_OF(cases); i++)
        for (unsigned number = SOLO5_HVT_BLOCK_WRITE; number <= SOLO5_HVT_BLOCK_READ; number++) {
            struct solo5_hvt_block a = { cases[i].handle, cases[i].offset, AT_DATA, cases[i].num_bytes, 77, 0 };
            EQ(CALL(number, a), HYPERCALL_DONE);
            EQ(a.ret, cases[i].ret);
        }
}

TEST(blocks_are_not_read_into_what_the_guest_may_not_write)
{
    struct solo5_hvt_block a = { FAKE_DISK, 0, FAKE_READ_ONLY_BYTES - 512, 512, 77, 0 }, b = a;
    fake_open(false);
    EQ(CALL(SOLO5_HVT_BLOCK_READ, a), HYPERCALL_FAULT);
    EQ(CALL(SOLO5_HVT_BLOCK_WRITE, b), HYPERCALL_DONE);
    a.data = FAKE_READ_ONLY_BYTES - 1;
    EQ(CALL(SOLO5_HVT_BLOCK_READ, a), HYPERCALL_FAULT);
    a.data = FAKE_READ_ONLY_BYTES;
    EQ(CALL(SOLO5_HVT_BLOCK_READ, a), HYPERCALL_DONE);
    struct solo5_hvt_block nothing = { FAKE_DISK, 0, FAKE_MEMORY_BYTES, 0, 77, 0 };
    EQ(CALL(SOLO5_HVT_BLOCK_READ, nothing), HYPERCALL_DONE);
    EQ(nothing.ret, SOLO5_OK);
}

TEST(what_lies_behind_the_last_device_is_none)
{
    fake_open(false);
    uint32_t behind = fake_devices.manifest.entries;
    fake_devices.manifest.record[behind] = fake_devices.manifest.record[FAKE_NET];
    struct solo5_hvt_net a = { behind, AT_DATA, 60, 77, 0 };
    EQ(CALL(SOLO5_HVT_NET_READ, a), HYPERCALL_DONE);
    EQ(a.ret, SOLO5_EINVAL);
    fake_devices.manifest.record[behind] = (struct solo5_record){ .is_attached = 0 };
}

TEST(a_disk_that_fails_is_told_and_asked_again_the_next_time)
{
    for (int failing = 0; failing < 3; failing++) {
        struct solo5_hvt_block a = { FAKE_DISK, 512, AT_DATA, 1024, 77, 0 };
        struct hvt_flush flush = { .handle = FAKE_DISK, .ret = 77 };
        fake_open(true);
        fake_is_failing = failing == 1;
        int ret = fake_is_failing ? SOLO5_EUNSPEC : SOLO5_OK;
        EQ(CALL(SOLO5_HVT_BLOCK_READ, a), HYPERCALL_DONE);
        EQ(a.ret, ret);
        EQ(CALL(SOLO5_HVT_BLOCK_WRITE, a), HYPERCALL_DONE);
        EQ(a.ret, ret);
        EQ(CALL(HVT_BLOCK_FLUSH, flush), HYPERCALL_DONE);
        EQ(flush.ret, ret);
    }
}

TEST(a_frame_is_received_until_there_is_none)
{
    fake_open(false);
    for (int i = 0; i < 4; i++) {
        struct solo5_hvt_net a = { FAKE_NET, AT_DATA, 2000, 77, 0 };
        EQ(CALL(SOLO5_HVT_NET_READ, a), HYPERCALL_DONE);
        EQ(a.ret, i < 3 ? SOLO5_OK : SOLO5_AGAIN);
        EQ(a.num_bytes, i < 3 ? FAKE_FRAME_BYTES : 2000);
    }
}

TEST(a_full_network_loses_a_frame)
{
    fake_open(false);
    for (int i = 0; i < 6; i++) {
        struct solo5_hvt_net a = { FAKE_NET, AT_DATA, 60, 77, 0 };
        EQ(CALL(SOLO5_HVT_NET_WRITE, a), HYPERCALL_DONE);
        EQ(a.ret, SOLO5_OK);
    }
}

TEST(a_device_with_headers_takes_no_plain_frames)
{
    struct solo5_hvt_net a = { FAKE_VIRTIO_NET, AT_DATA, 60, 77, 0 }, b = { FAKE_UNATTACHED, AT_DATA, 60, 77, 0 };
    fake_open(true);
    EQ(CALL(SOLO5_HVT_NET_WRITE, a), HYPERCALL_DONE);
    EQ(a.ret, SOLO5_EINVAL);
    EQ(CALL(SOLO5_HVT_NET_READ, b), HYPERCALL_DONE);
    EQ(b.ret, SOLO5_EINVAL);
}

/* ---- The extension */

static struct hvt_list batch(uint32_t num_frames, uint32_t num_parts)
{
    struct hvt_frame frame = { .num_parts = 2 };
    for (uint32_t i = 0; i < num_frames; i++)
        put(AT_FRAMES + i * 16, &frame, sizeof frame);
    for (uint32_t i = 0; i < num_parts; i++) {
        struct hvt_part part = { .data = AT_DATA + 64 * i, .num_bytes = 64 };
        put(AT_PARTS + i * 16, &part, sizeof part);
    }
    return (struct hvt_list){ AT_FRAMES, AT_PARTS, num_frames, num_parts, 77, 0 };
}
static struct hvt_net sending(unsigned handle, uint32_t num_frames, uint32_t num_parts)
{
    return (struct hvt_net){ .handle = handle, .send = batch(num_frames, num_parts), .has_more = 77, .ret = 77 };
}
static struct hvt_net receiving(unsigned handle, uint32_t num_frames, uint32_t num_parts, uint32_t to_begin)
{
    return (struct hvt_net){ .handle = handle, .receive = batch(num_frames, num_parts), .to_begin = to_begin, .has_more = 77, .ret = 77 };
}
static struct hvt_frame frame_at(uint32_t i)
{
    struct hvt_frame f;
    get(AT_FRAMES + i * 16, &f, sizeof f);
    return f;
}

TEST(the_extension_is_for_those_who_ask)
{
    fake_open(false);
    struct hvt_net a = sending(FAKE_NET, 1, 2);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
}

TEST(many_frames_are_received_in_order)
{
    for (unsigned handle = FAKE_NET; handle <= FAKE_VIRTIO_NET; handle += 2) {
        fake_open(true);
        struct hvt_net a = receiving(handle, 5, 20, 3);
        EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
        EQ(a.ret, SOLO5_OK);
        EQ(a.receive.num_done, 3);
        EQ(a.has_more, 0);
        EQ(frame_at(0).num_bytes, 100);
        EQ(frame_at(2).num_parts, 2);
        EQ(frame_at(3).num_bytes, 0);
    }
}

TEST(no_frame_begins_with_too_few_parts)
{
    fake_open(true);
    struct hvt_net a = receiving(FAKE_NET, 5, 4, 3);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.receive.num_done, 1);
    EQ(a.has_more, 1);
}

static struct hvt_net receiving_packed(unsigned handle, uint32_t part_bytes, uint32_t to_begin)
{
    struct hvt_net a = receiving(handle, 5, 1, to_begin);
    struct hvt_part part = { .data = AT_DATA, .num_bytes = part_bytes };
    put(AT_PARTS, &part, sizeof part);
    a.flags = HVT_NET_PACKED;
    return a;
}

TEST(packed_frames_lie_one_behind_the_other)
{
    for (unsigned handle = FAKE_NET; handle <= FAKE_VIRTIO_NET; handle += 2) {
        uint8_t bytes[300];
        fake_open(true);
        struct hvt_net a = receiving_packed(handle, 500, 150);
        EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
        EQ(a.receive.num_done, 3);
        EQ(a.has_more, 0);
        EQ(frame_at(2).num_bytes, FAKE_FRAME_BYTES);
        EQ(frame_at(2).num_parts, 1);
        get(AT_DATA, bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes; i++)
            EQ(bytes[i], i % FAKE_FRAME_BYTES);
    }
}

TEST(no_packed_frame_begins_with_too_few_bytes)
{
    fake_open(true);
    struct hvt_net a = receiving_packed(FAKE_NET, 349, 150);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.receive.num_done, 2);
    EQ(a.has_more, 1);
    a = receiving_packed(FAKE_NET, 500, 150);
    a.receive.num_parts = 0;
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.receive.num_done, 0);
}

TEST(packed_frames_lie_in_memory)
{
    static const struct hvt_part bad[] = { { FAKE_MEMORY_BYTES - 100, 400, 0 }, { UINT64_MAX - 50, 400, 0 }, { 0, 400, 0 } };
    for (size_t i = 0; i < NUM_OF(bad); i++) {
        fake_open(true);
        struct hvt_net a = receiving_packed(FAKE_NET, 500, 150);
        put(AT_PARTS, &bad[i], sizeof bad[i]);
        EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
    }
}

TEST(many_frames_are_sent_until_the_device_is_full)
{
    fake_open(true);
    struct hvt_net a = sending(FAKE_VIRTIO_NET, 10, 20);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.ret, SOLO5_OK);
    EQ(a.send.num_done, 4);
}

TEST(one_exchange_sends_then_sleeps_then_receives)
{
    fake_open(true);
    struct hvt_net a = sending(FAKE_NET, 2, 4), b = receiving(FAKE_NET, 2, 4, 2);
    a.receive = b.receive;
    a.to_begin = b.to_begin;
    a.flags = HVT_NET_WAIT;
    a.timeout_nsecs = 5;
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.send.num_done, 2);
    EQ(a.ready_set, 1u << FAKE_NET | HVT_READY_STOP);
    EQ(a.receive.num_done, 2);
    EQ(fake_num_sent_at_poll, 2);
    EQ(fake_num_frames_at_poll, 3);
}

TEST(an_exchange_sleeps_only_if_asked)
{
    fake_open(true);
    struct hvt_net a = receiving(FAKE_NET, 2, 4, 2);
    a.timeout_nsecs = 5;
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.ready_set, 0);
}

/* By turns in the list that is sent and the one that is received into. */
static struct hvt_list *list_of(struct hvt_net *a, int turn)
{
    *a = turn == 0 ? sending(FAKE_NET, 2, 4) : receiving(FAKE_NET, 2, 4, 1);
    return turn == 0 ? &a->send : &a->receive;
}

TEST(lists_that_are_too_long_or_elsewhere_are_a_fault)
{
    struct hvt_net a;
    fake_open(true);
    for (int turn = 0; turn < 2; turn++) {
        list_of(&a, turn)->num_frames = HVT_FRAMES_MAX + 1;
        EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
        list_of(&a, turn)->num_parts = HVT_PARTS_MAX + 1;
        EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
        list_of(&a, turn)->frames = UINT64_MAX - 8;
        EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
        list_of(&a, turn)->parts = FAKE_MEMORY_BYTES - 63;
        EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
        (void)list_of(&a, turn), a.handle = FAKE_DISK;
        EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
        EQ(a.ret, SOLO5_EINVAL);
    }
    list_of(&a, 1)->frames = 0;         /* may not be written */
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
}

TEST(parts_lie_in_memory)
{
    static const struct hvt_part bad[] = { { FAKE_MEMORY_BYTES, 1, 0 }, { UINT64_MAX, 2, 0 }, { AT_DATA, UINT32_MAX, 0 } };
    for (size_t i = 0; i < NUM_OF(bad); i++)
        for (int turn = 0; turn < 2; turn++) {
            fake_open(true);
            struct hvt_net a = turn == 0 ? sending(FAKE_NET, 2, 4) : receiving(FAKE_NET, 2, 4, 2);
            put(AT_PARTS + 16, &bad[i], sizeof bad[i]);
            EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
            EQ(fake_num_sent, 0);
        }
}

TEST(a_frame_has_no_more_parts_than_there_are)
{
    struct hvt_frame f = { .num_parts = 5 };
    fake_open(true);
    struct hvt_net a = sending(FAKE_NET, 1, 4);
    put(AT_FRAMES, &f, sizeof f);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
    f.num_parts = HVT_FRAME_PARTS_MAX + 1;
    a = sending(FAKE_NET, 1, 100);
    put(AT_FRAMES, &f, sizeof f);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_FAULT);
}

TEST(lists_and_frames_may_be_as_long_as_they_can_be)
{
    struct hvt_frame frame = { .num_parts = HVT_FRAME_PARTS_MAX };
    fake_open(true);
    struct hvt_net a = sending(FAKE_NET, HVT_FRAMES_MAX, HVT_PARTS_MAX);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    a = sending(FAKE_NET, 1, HVT_FRAME_PARTS_MAX);
    put(AT_FRAMES, &frame, sizeof frame);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
}

TEST(parts_that_a_frame_does_not_take_to_begin_are_not_looked_at)
{
    struct hvt_part outside = { .data = FAKE_MEMORY_BYTES, .num_bytes = 64 };
    fake_open(true);
    struct hvt_net a = receiving(FAKE_NET, 1, 4, 3);
    put(AT_PARTS + 3 * sizeof outside, &outside, sizeof outside);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.receive.num_done, 1);
}

TEST(no_more_frames_are_received_than_are_asked_for_and_none_of_no_bytes)
{
    struct hvt_part nothing = { .data = AT_DATA };
    fake_open(true);
    struct hvt_net a = receiving(FAKE_NET, 2, 20, 3);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.receive.num_done, 2);
    EQ(fake_num_frames, 1);
    a = receiving(FAKE_NET, 1, 1, 1);
    put(AT_PARTS, &nothing, sizeof nothing);
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
    EQ(a.receive.num_done, 0);
}

TEST(lists_may_lie_over_one_another_and_over_the_data)
{
    fake_open(true);
    struct hvt_net a = receiving(FAKE_NET, 3, 6, 2);
    struct hvt_part over_all = { .data = AT_ARGUMENTS, .num_bytes = 0x3000 };
    put(AT_PARTS, &over_all, sizeof over_all);
    a.receive.frames = AT_ARGUMENTS;
    EQ(CALL(HVT_NET_EXCHANGE, a), HYPERCALL_DONE);
}

TEST(a_flush_is_for_disks)
{
    struct hvt_flush a = { .handle = FAKE_DISK, .ret = 77 }, b = { .handle = FAKE_NET, .ret = 77 };
    fake_open(true);
    EQ(CALL(HVT_BLOCK_FLUSH, a), HYPERCALL_DONE);
    EQ(a.ret, SOLO5_OK);
    EQ(CALL(HVT_BLOCK_FLUSH, b), HYPERCALL_DONE);
    EQ(b.ret, SOLO5_EINVAL);
}

static uint64_t noise(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}
/* Small numbers are likelier to be lengths and handles. */
static uint8_t noise_byte(size_t at)
{
    uint64_t n = noise();
    if (n % 3 == 0)
        return (uint8_t)(n >> 8);
    return at % 8 == 0 ? n >> 8 & 7 : at % 8 == 1 ? n >> 16 & 0x7f : 0;
}

/* Memory full of noise: every number at every kind of address. */
TEST(noise_stays_inside_memory)
{
    for (int round = 0; round < 300; round++) {
        fake_open(true);
        for (size_t i = FAKE_READ_ONLY_BYTES; i < FAKE_MEMORY_BYTES; i++)
            mspan_put(fake_guest.memory, i, noise_byte(i));
        for (unsigned i = 0; i < 200; i++) {
            uint64_t n = noise();
            (void)hypercall(&fake_guest, (uint16_t)(SOLO5_HVT_PORT + n % 20), (uint32_t)(n >> 20 & 0xfff8));
        }
    }
}

TEST_MAIN
