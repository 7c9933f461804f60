// SPDX-License-Identifier: ISC
/* Includes the driver, to put a tender below it that has two networks in memory. Frames are numbered, so that a lost one, one that
 * came twice and one out of turn are seen. */
#include "check/test.h"
#define PLATFORM_HVT_CPU_H
#include "abi/solo5_hvt.h"

static void hvt_call(unsigned number, void *arguments);
#include "platform/hvt/net_exchange.c"

enum { ONE = 1, TWO = 2, DEVICES = 3, SMALL = 60, LARGE = 20000, LENT = 8, LENT_BYTES = 1920 };

struct hvt hvt;
struct hvt_extension hvt_extension;

static struct device {
    uint32_t num_came, num_taken, next_to_hand_up;  /* towards the image: arrived, taken by it from the device, handed up */
    uint32_t num_sent, next_to_send;                /* from it: seen by the device, asked for */
    uint32_t came_bytes;                            /* length of those that come */
    size_t room;                                    /* frames that it takes before it is full */
    bool has_news;
} device[DEVICES];
static unsigned num_calls;

/* ---- The tender */

static const void *at(uint64_t address)
{
    return (const void *)(uintptr_t)address;
}
static struct mspan room_at(uint64_t address, size_t n)
{
    return (struct mspan){ (void *)(uintptr_t)address, n };
}

static void put_number(struct mspan frame, uint32_t number)
{
    for (size_t i = 0; i < 4; i++)
        mspan_put(frame, i, (uint8_t)(number >> 8 * i));
}
static uint32_t number_of(struct span frame)
{
    uint32_t number = 0;
    for (size_t i = 0; i < 4; i++)
        number |= (uint32_t)span_at(frame, i) << 8 * i;
    return number;
}

static void send_all(struct device *d, struct hvt_list *l)
{
    const struct hvt_frame *f = at(l->frames);
    const struct hvt_part *p = at(l->parts);
    for (; l->num_done < l->num_frames && d->room > 0; l->num_done++, d->room--) {
        EQ(number_of((struct span){ at(p->data), p->num_bytes }), d->num_sent);
        d->num_sent++;
        p += f[l->num_done].num_parts;
    }
}

/* One frame at the beginning of `into`, over parts where that is not enough. */
static size_t write_frame(struct device *d, struct mspan into)
{
    put_number(into, d->num_taken++);
    return d->came_bytes;
}
static uint16_t fill_parts(const struct hvt_part *p, size_t num_bytes)
{
    uint16_t num = 0;
    for (size_t left = num_bytes; left > 0; num++)
        left -= size_min(left, p[num].num_bytes);
    return num;
}

static void receive_all(struct device *d, struct hvt_net *n)
{
    struct hvt_list *l = &n->receive;
    struct hvt_frame *f = (struct hvt_frame *)(uintptr_t)l->frames;
    const struct hvt_part *p = at(l->parts);
    bool is_packed = n->flags & HVT_NET_PACKED;
    size_t used = 0, all = is_packed && l->num_parts > 0 ? p->num_bytes : l->num_parts;
    n->has_more = 1;
    while (l->num_done < l->num_frames && all - used >= n->to_begin) {
        if (d->num_taken == d->num_came) {
            n->has_more = 0;
            return;
        }
        struct mspan into = is_packed ? room_at(p->data + used, all - used) : room_at(p[used].data, p[used].num_bytes);
        size_t num_bytes = write_frame(d, into);
        uint16_t num_parts = is_packed ? 1 : fill_parts(p + used, num_bytes);
        f[l->num_done] = (struct hvt_frame){ .num_bytes = (uint32_t)num_bytes, .num_parts = num_parts };
        used += is_packed ? num_bytes : num_parts;
        l->num_done++;
    }
}

static void hvt_call(unsigned number, void *arguments)
{
    struct hvt_net *n = arguments;
    EQ(number, HVT_NET_EXCHANGE);
    num_calls++;
    send_all(&device[n->handle], &n->send);
    for (unsigned h = ONE; h < DEVICES && n->flags & HVT_NET_WAIT; h++) {
        if (device[h].has_news && device[h].num_taken < device[h].num_came)
            n->ready_set |= UINT64_C(1) << h;
        device[h].has_news = false;
    }
    receive_all(&device[n->handle], n);
    n->ret = SOLO5_OK;
}

/* ---- The image */

struct mspan guest_take_memory(size_t num_bytes)
{
    static uint8_t memory[1 << 18];
    static size_t used;
    struct mspan taken = mspan_sub(MSPAN(memory), used % sizeof memory, num_bytes);
    used = (used + num_bytes) % (sizeof memory - 160000);
    REQUIRE(taken.n == num_bytes);
    return taken;
}
void guest_poll(nanos deadline)
{
    uint64_t ready = 0;
    (void)deadline;
    if (hvt_exchange_wait(0, &ready))
        guest.ready |= ready;
    else
        for (unsigned h = ONE; h < DEVICES; h++) {
            guest.ready |= device[h].has_news ? UINT64_C(1) << h : 0;
            device[h].has_news = false;
        }
}

static void open_devices(uint32_t came_bytes)
{
    static struct solo5_manifest manifest = { .entries = DEVICES };
    static struct extension_device devices[SOLO5_RECORDS_MAX];
    memset(&net, 0, sizeof net);
    memset(device, 0, sizeof device);
    guest = (struct guest){ .manifest = &manifest, .devices = &devices };
    for (unsigned h = ONE; h < DEVICES; h++) {
        manifest.record[h] = (struct solo5_record){ .type = SOLO5_DEVICE_NET, .is_attached = 1 };
        devices[h] = (struct extension_device){ .net_kind = EXTENSION_NET_TAP_VIRTIO, .net_mtu = 1500,
                                                .net_offloads = EXTENSION_OFFLOAD_TSO4 };
        device[h] = (struct device){ .came_bytes = came_bytes, .room = SIZE_MAX };
    }
    hvt_exchange_init();
    num_calls = 0;
}
static void arrive(unsigned handle)
{
    device[handle].num_came++;
    device[handle].has_news = true;
}

/* How many the device took of `num` frames, which are numbered on from what it took before. */
static size_t send(unsigned handle, size_t num_bytes, size_t num)
{
    static uint8_t bytes[4][LARGE];
    struct tx_frame f[4] = { 0 };
    for (size_t i = 0; i < num; i++) {
        put_number(MSPAN(bytes[i]), device[handle].next_to_send + (uint32_t)i);
        f[i] = (struct tx_frame){ .part = { { bytes[i], 30 }, { bytes[i] + 30, num_bytes - 30 } }, .num_parts = 2 };
    }
    size_t num_taken = hvt_send_exchange(handle, f, num);
    device[handle].next_to_send += (uint32_t)num_taken;
    for (size_t i = 0; i < num; i++)
        memset(bytes[i], 0xff, num_bytes);      /* the driver has given them back */
    return num_taken;
}

/* What is handed up, into `num_lent` large buffers. */
static size_t receive(unsigned handle, size_t num_lent)
{
    static uint8_t bytes[LENT][FRAME_BYTES_MAX];
    struct mspan buffers[LENT];
    struct rx_frame f[LENT];
    for (size_t i = 0; i < num_lent; i++)
        buffers[i] = MSPAN(bytes[i]);
    struct lent l = { .buffers = { buffers, num_lent }, .frames = { f, LENT }, .device = guest_extension(handle) };
    hvt_receive_exchange(handle, &l);
    for (size_t i = 0; i < l.num_frames; i++) {
        EQ(f[i].num_bytes, device[handle].came_bytes);
        EQ(f[i].num_buffers, 1);
        EQ(number_of(SPAN(bytes[i])), device[handle].next_to_hand_up);
        device[handle].next_to_hand_up++;
    }
    return l.num_frames;
}
static bool is_ready(unsigned handle)
{
    return guest.ready >> handle & 1;
}

TEST(an_echoed_frame_takes_one_call)
{
    open_devices(SMALL);
    EQ(receive(ONE, LENT), 0);
    for (int i = 0; i < 20; i++) {
        arrive(ONE);
        guest_poll(0);
        TRUE(is_ready(ONE));
        EQ(receive(ONE, LENT), 1);
        TRUE(!is_ready(ONE));
        EQ(send(ONE, SMALL, 1), 1);
        EQ(num_calls, i + 1);
        EQ(device[ONE].num_sent, i);
    }
    guest_poll(0);
    EQ(device[ONE].num_sent, 20);
}

TEST(a_large_frame_goes_at_once_behind_the_small_ones)
{
    open_devices(SMALL);
    EQ(send(ONE, SMALL, 3), 3);
    EQ(num_calls, 0);
    EQ(send(ONE, LARGE, 2), 2);
    EQ(num_calls, 1);
    EQ(device[ONE].num_sent, 5);
}

TEST(what_is_answered_at_once_is_received_with_what_was_sent)
{
    open_devices(SMALL);
    arrive(ONE);
    EQ(send(ONE, LARGE, 1), 1);
    TRUE(is_ready(ONE));
    EQ(receive(ONE, LENT), 1);
    EQ(num_calls, 1);
}

TEST(what_was_gathered_waits_for_a_full_device)
{
    open_devices(SMALL);
    device[ONE].room = 2;
    EQ(send(ONE, SMALL, 4), 4);
    guest_poll(0);
    EQ(device[ONE].num_sent, 2);
    EQ(send(ONE, LARGE, 1), 0);
    device[ONE].room = 3;
    EQ(send(ONE, LARGE, 2), 1);
    EQ(device[ONE].num_sent, 5);
}

TEST(no_more_than_some_is_gathered)
{
    open_devices(SMALL);
    device[ONE].room = 0;
    size_t num = 0;
    while (num < 1000 && send(ONE, SMALL, 1) == 1)
        num++;
    EQ(num, GATHERED_FRAMES);
    device[ONE].room = SIZE_MAX;
    hvt_exchange_flush();
    EQ(device[ONE].num_sent, GATHERED_FRAMES);
}

TEST(frames_are_received_ahead_and_then_where_they_belong)
{
    open_devices(SMALL);
    EQ(receive(ONE, LENT), 0);
    for (size_t i = 0; i < AHEAD_FRAMES + 3; i++)
        arrive(ONE);
    guest_poll(0);
    for (size_t i = 0; i < AHEAD_FRAMES / LENT; i++)
        EQ(receive(ONE, LENT), LENT);
    EQ(num_calls, 1);
    TRUE(is_ready(ONE));
    EQ(receive(ONE, LENT), 3);
    EQ(num_calls, 2);
    TRUE(!is_ready(ONE));
}

TEST(large_frames_are_received_too)
{
    open_devices(65000);
    EQ(receive(ONE, LENT), 0);
    for (size_t i = 0; i < 7; i++)
        arrive(ONE);
    guest_poll(0);
    EQ(receive(ONE, 1), 1);
    EQ(receive(ONE, LENT), 6);
    TRUE(!is_ready(ONE));
}

TEST(a_frame_with_an_impossible_header_is_passed_over)
{
    open_devices(SMALL);
    EQ(receive(ONE, LENT), 0);
    arrive(ONE);
    guest_poll(0);
    ahead_frames[0].vnet_header[1] = 0x7f;      /* a segmentation that there is not */
    EQ(receive(ONE, LENT), 0);
    TRUE(!is_ready(ONE));
}

static uint64_t noise(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Whatever the order of things: frames keep theirs, and none is left behind while the image sleeps. */
TEST(two_networks_lose_nothing)
{
    for (int round = 0; round < 200; round++) {
        open_devices(round % 3 == 0 ? 65000 : SMALL);
        for (int i = 0; i < 300; i++) {
            uint64_t n = noise();
            unsigned handle = n >> 8 & 1 ? ONE : TWO;
            switch (n % 5) {
            case 0: arrive(handle); break;
            case 1: (void)receive(handle, 1 + (n >> 16) % LENT); break;
            case 2: (void)send(handle, n >> 16 & 1 ? SMALL : LARGE, 1 + (n >> 20) % 4); break;
            case 3: device[handle].room = n >> 16 & 1 ? SIZE_MAX : (n >> 20) % 4; break;
            default: guest_poll(0); break;
            }
        }
        device[ONE].room = device[TWO].room = SIZE_MAX;
        for (int i = 0; i < 200 && (guest_poll(0), guest.ready != 0); i++)
            for (unsigned handle = ONE; handle < DEVICES; handle++)
                if (is_ready(handle))
                    (void)receive(handle, LENT);
        for (unsigned handle = ONE; handle < DEVICES; handle++) {
            EQ(device[handle].next_to_hand_up, device[handle].num_came);
            EQ(device[handle].num_sent, device[handle].next_to_send);
        }
    }
}

TEST_MAIN
