// SPDX-License-Identifier: ISC
/* The network driver above a fake device in memory, which is honest or lies about its features, sizes, lengths and buffers. */
#include "check/test.h"
#include "platform/platform.h"
#include "platform/virtio/device.h"
#include "platform/virtio/machine.h"

/* ---- The machine */

static const struct platform_manifest_entry entries[] = { { "disk", false }, { "service", true } };
const struct platform_manifest platform_manifest = { { entries, NUM_OF(entries) } };

static _Alignas(PAGE_BYTES) uint8_t memory[16u << 20];
static size_t memory_used;
static const char *stopped_with;

struct mspan memory_take(size_t num_bytes)
{
    struct mspan taken = mspan_sub(MSPAN(memory), memory_used, num_bytes);
    memory_used += (num_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    REQUIRE(taken.n == num_bytes);
    mspan_zero(taken);
    return taken;
}
size_t memory_num_bytes(void)
{
    return sizeof memory;
}
void machine_stop(const char *what)
{
    stopped_with = what;
    panic(__FILE__, __LINE__, what);
}
bool block_attach(const struct device *found, unsigned handle)
{
    (void)found;
    (void)handle;
    return false;
}
void entropy_attach(const struct device *found)
{
    (void)found;
}

nanos platform_clock_monotonic(void)
{
    return 1;
}
/* What the device does while the driver sleeps. */
static unsigned num_sleeps;
static bool sends_in_sleep;
static void send_oldest(void);
void interrupts_sleep(nanos deadline)
{
    TRUE(deadline > 1 && deadline < NS_PER_S);
    num_sleeps++;
    if (sends_in_sleep)
        send_oldest();
}

/* ---- The device */

enum { CSUM = 0, GUEST_CSUM = 1, MTU = 3, MAC = 5, GUEST_TSO4 = 7, HOST_TSO4 = 11, MRG_RXBUF = 15, CTRL_VQ = 17, MQ = 22 };
#define ALL_FEATURES (FEATURE(CSUM) | FEATURE(GUEST_CSUM) | FEATURE(MTU) | FEATURE(MAC) | FEATURE(GUEST_TSO4) | FEATURE(HOST_TSO4) | \
                      FEATURE(MRG_RXBUF) | FEATURE(FEATURE_EVENT_INDEX) | FEATURE(FEATURE_VERSION_1))
#define HEADER_BYTES 12u

static struct {
    uint64_t offered, agreed;
    uint8_t status, refused_status, config[16];
    uint16_t queue_size;
    struct virtqueue *queue[2];
    uint16_t num_seen[2];                   /* chains that it has taken from each */
} fake;

static uint8_t status(const struct device *d)
{
    (void)d;
    return fake.status;
}
static void set_status(const struct device *d, uint8_t v)
{
    (void)d;
    fake.status = (uint8_t)(v & ~fake.refused_status);
}
static uint64_t features(const struct device *d)
{
    (void)d;
    return fake.offered;
}
static void set_features(const struct device *d, uint64_t v)
{
    (void)d;
    fake.agreed = v;
}
static uint8_t config(const struct device *d, unsigned offset)
{
    (void)d;
    return fake.config[offset];
}
static uint16_t queue_size(const struct device *d, unsigned queue)
{
    (void)d;
    (void)queue;
    return fake.queue_size;
}
static void queue_enable(struct device *d, unsigned queue, const struct virtqueue *q)
{
    (void)d;
    REQUIRE(queue < NUM_OF(fake.queue));
    fake.queue[queue] = (struct virtqueue *)(uintptr_t)q;
}
static void notify(const struct device *d, unsigned queue)
{
    (void)d;
    (void)queue;
}
static void acknowledge(const struct device *d)
{
    (void)d;
}
static const struct transport transport = {
    status, set_status, features, set_features, config, queue_size, queue_enable, notify, acknowledge,
};

enum { STATUS_FEATURES_OK = 8, STATUS_NEEDS_RESET = 64, STATUS_FAILED = 128 };

/* A fresh fake device, honest so far. */
static void begin(void)
{
    static const uint8_t honest_config[16] = { 2, 0, 0, 0, 0, 7, [10] = 1500 & 0xff, 1500 >> 8 };
    memset(&fake, 0, sizeof fake);
    memcpy(fake.config, honest_config, sizeof honest_config);
    fake.offered = ALL_FEATURES;
    fake.queue_size = 256;
    memory_used = 0;
    stopped_with = NULL;
    sends_in_sleep = false;
    num_sleeps = 0;
}
/* The driver has room for eight: each test that gets so far has a device, and a handle, of its own. */
static unsigned handle = 1;
static bool try_attach(void)
{
    struct device d = { .transport = &transport, .kind = VIRTIO_NET, .has_interrupt = true };
    if (!net_attach(&d, handle + 1))
        return false;
    handle++;
    return true;
}
static void attach(void)
{
    TRUE(try_attach());
}
#define STOPS(statement)                \
    do {                                \
        PANICS(statement);              \
        TRUE(stopped_with != NULL);     \
    } while (0)

/* The next chain that the driver has made available; its first part. */
static uint16_t next_chain(unsigned queue, struct mspan *first)
{
    struct virtqueue *q = fake.queue[queue];
    REQUIRE(fake.num_seen[queue] != q->available.p[1]);
    uint16_t head = q->available.p[2 + (fake.num_seen[queue]++ & (q->size - 1u))];
    volatile struct virtqueue_descriptor *d = &q->descriptors.p[head];
    *first = (struct mspan){ (uint8_t *)(uintptr_t)d->address, d->num_bytes };
    return head;
}
static void use(unsigned queue, uint16_t head, uint32_t num_bytes)
{
    struct virtqueue *q = fake.queue[queue];
    uint16_t index = q->used_index.p[1];
    q->used.p[index & (q->size - 1u)].head = head;
    q->used.p[index & (q->size - 1u)].num_bytes = num_bytes;
    q->used_index.p[1] = (uint16_t)(index + 1);
}
static void send_oldest(void)
{
    struct mspan m;
    use(1, next_chain(1, &m), 0);
}
/* A frame that says it has num_buffers; the driver sees the first of them. */
static void send_to_driver(size_t num_buffers, size_t num_bytes, uint8_t fill)
{
    struct mspan m;
    uint16_t head = next_chain(0, &m);
    memset(m.p, 0, HEADER_BYTES);
    m.p[10] = (uint8_t)num_buffers;
    m.p[11] = (uint8_t)(num_buffers >> 8);
    memset(m.p + HEADER_BYTES, fill, m.n - HEADER_BYTES);
    use(0, head, (uint32_t)num_bytes);
}
static void send_more(size_t num_bytes, uint8_t fill)
{
    struct mspan m;
    uint16_t head = next_chain(0, &m);
    memset(m.p, fill, m.n);
    use(0, head, (uint32_t)num_bytes);
}

#define BUFFERS 80u
#define BUFFER_BYTES 1920u
static uint8_t buffer_bytes[BUFFERS][BUFFER_BYTES];
static struct mspan buffers[BUFFERS];
static struct rx_frame frames[64];

static size_t receive(void)
{
    for (size_t i = 0; i < BUFFERS; i++)
        buffers[i] = MSPAN(buffer_bytes[i]);
    return platform_net_receive(handle, buffers, BUFFERS, frames, NUM_OF(frames));
}

/* ---- Honest */

TEST(what_is_agreed_on_is_told)
{
    struct platform_net_info info;
    unsigned h;
    begin();
    attach();
    EQ(platform_net_find(TEXT("disk"), &h, &info), E_NOT_FOUND);
    EQ(platform_net_find(TEXT("service"), &h, &info), OK);
    EQ(h, 2);
    EQ(info.mtu, 1500);
    TRUE(info.features.send_checksum && info.features.send_tso4 && !info.features.send_tso6 && info.features.receive_coalesced);
    EQ(info.mac[0], 2);
    EQ(info.mac[5], 7);
    EQ(fake.agreed, ALL_FEATURES);
}
TEST(slots_side_by_side_are_one_descriptor)
{
    struct tx_frame small = { .part = { SPAN(buffer_bytes[0]) }, .num_parts = 1 }, large = { .num_parts = 30 };
    struct mspan m;                 /* with the device of the test before */
    for (size_t i = 0; i < large.num_parts; i++) {
        memset(buffer_bytes[i], (int)i, BUFFER_BYTES);
        large.part[i] = SPAN(buffer_bytes[i]);
    }
    for (unsigned i = 0; i < 500; i++) {
        EQ(platform_net_send(handle, &small, 1), 1);
        EQ(platform_net_send(handle, &large, 1), 1);
        uint16_t first = next_chain(1, &m), second = next_chain(1, &m);
        if (i == 0)
            EQ(m.n, HEADER_BYTES + 30 * BUFFER_BYTES);
        for (size_t at = HEADER_BYTES; at < m.n; at++)
            EQ(m.p[at], (at - HEADER_BYTES) / BUFFER_BYTES);
        use(1, second, 0);
        use(1, first, 0);
    }
    EQ(fake.queue[1]->num_free + 2, fake.queue[1]->size);      /* the last two were not collected */
}
TEST(a_frame_over_several_buffers_comes_as_one)
{
    begin();
    attach();
    send_to_driver(3, 2048, 1);
    EQ(receive(), 0);               /* the others are not there yet */
    send_more(2048, 2);
    send_more(10, 3);
    send_to_driver(1, HEADER_BYTES + 60, 4);
    EQ(receive(), 2);
    EQ(frames[0].num_bytes, 2 * 2048 - HEADER_BYTES + 10);
    EQ(frames[0].num_buffers, 3);
    EQ(frames[1].num_bytes, 60);
    EQ(frames[1].num_buffers, 1);
    EQ(buffer_bytes[0][0], 1);
    EQ(buffer_bytes[1][2048 - HEADER_BYTES - BUFFER_BYTES - 1], 1);
    EQ(buffer_bytes[1][2048 - HEADER_BYTES - BUFFER_BYTES], 2);
    EQ(buffer_bytes[2][2 * 2048 - HEADER_BYTES + 9 - 2 * BUFFER_BYTES], 3);
    EQ(buffer_bytes[3][59], 4);
}
TEST(a_full_device_takes_no_more_until_it_has_sent)
{
    struct tx_frame f = { .part = { SPAN(buffer_bytes[0]) }, .num_parts = 1 };
    size_t num = 0;
    struct mspan m;
    begin();
    attach();
    while (platform_net_send(handle, &f, 1) == 1)
        REQUIRE(++num < 1000);
    TRUE(num >= 64);
    uint16_t head = next_chain(1, &m);
    EQ(m.n, HEADER_BYTES + BUFFER_BYTES);
    use(1, head, 0);
    EQ(platform_net_send(handle, &f, 1), 1);
    EQ(platform_net_send(handle, &f, 1), 0);
}
TEST(a_full_device_is_slept_for)
{
    struct tx_frame f = { .part = { SPAN(buffer_bytes[0]) }, .num_parts = 1 };
    unsigned before = num_sleeps;   /* with the device of the test before */
    sends_in_sleep = true;
    for (unsigned i = 1; i < 1000; i++) {
        EQ(platform_net_send(handle, &f, 1), 1);
        EQ(num_sleeps, before + i);
    }
    sends_in_sleep = false;
}
TEST(a_device_that_has_failed_stops_and_a_full_one_is_not_slept_for_again)
{
    struct tx_frame f = { .part = { SPAN(buffer_bytes[0]) }, .num_parts = 1 };
    unsigned before = num_sleeps;   /* with the device of the test before */
    devices_check();
    EQ(platform_net_send(handle, &f, 1), 0);
    EQ(num_sleeps, before + 1);
    fake.status |= STATUS_NEEDS_RESET;
    STOPS(devices_check());
    SPAN_EQ(span_of_str(stopped_with), "a network device has failed");
    stopped_with = NULL;
    STOPS((void)platform_net_send(handle, &f, 1));
    EQ(num_sleeps, before + 2);
}

/* ---- Lies about itself */

TEST(a_device_that_does_not_agree_is_not_used)
{
    begin();
    fake.refused_status = STATUS_FEATURES_OK;
    TRUE(!try_attach());
    begin();
    fake.offered &= ~FEATURE(FEATURE_VERSION_1);
    TRUE(!try_attach());
    TRUE(fake.status & STATUS_FAILED);
}
TEST(features_that_nobody_knows_are_not_agreed_on)
{
    begin();
    fake.offered = UINT64_MAX;
    fake.config[8] = 4;             /* max_virtqueue_pairs */
    attach();
    EQ(fake.agreed & ~(ALL_FEATURES | FEATURE(8) | FEATURE(12)), 0);
}
/* Section 5.1.5: a driver without VIRTIO_NET_F_MQ has the first pair, wherever the device has its queue for control. */
TEST(of_several_pairs_of_queues_the_first_is_used)
{
    struct tx_frame f = { .part = { SPAN(buffer_bytes[0]) }, .num_parts = 1 };
    struct mspan m;                 /* with the device of the test before */
    EQ(fake.agreed & (FEATURE(CTRL_VQ) | FEATURE(MQ)), 0);
    EQ(platform_net_send(handle, &f, 1), 1);
    (void)next_chain(1, &m);
    EQ(m.n, HEADER_BYTES + BUFFER_BYTES);
    send_to_driver(1, HEADER_BYTES + 60, 1);
    EQ(receive(), 1);
    EQ(frames[0].num_bytes, 60);
}
TEST(a_queue_of_no_or_an_impossible_size_stops)
{
    static const uint16_t wrong[] = { 0, 3, 255, 0xffff };
    begin();
    fake.queue_size = 0;
    STOPS(try_attach());
    for (size_t i = 0; i < NUM_OF(wrong); i++) {
        struct device d = { .transport = &transport, .kind = VIRTIO_NET, .is_legacy = true, .has_fixed_queues = true };
        begin();
        fake.queue_size = wrong[i];
        STOPS(TRUE(net_attach(&d, 60)));
    }
}
TEST(an_impossible_mtu_stops)
{
    begin();
    fake.config[10] = 67;
    fake.config[11] = 0;
    STOPS(try_attach());
}

/* ---- Lies about frames */

TEST(a_frame_of_no_or_too_many_buffers_stops)
{
    begin();
    attach();
    send_to_driver(0, 100, 1);
    STOPS(receive());
    begin();
    attach();
    send_to_driver(0xffff, 100, 1);
    STOPS(receive());
}
TEST(a_frame_that_is_longer_than_its_buffer_stops)
{
    begin();
    attach();
    send_to_driver(1, 2049, 1);
    STOPS(receive());
}
TEST(odd_frames_are_passed_over_or_cut_and_no_buffer_is_lost)
{
    struct mspan m;
    begin();
    attach();
    for (unsigned i = 0; i < 1000; i++) {
        send_to_driver(1, i % 14, 1);                   /* no byte of a frame, or some of it */
        uint16_t head = next_chain(0, &m);              /* a header that cannot be */
        memset(m.p, 0xff, HEADER_BYTES);
        m.p[10] = 1;
        m.p[11] = 0;
        use(0, head, 100);
        size_t n = receive();
        EQ(n, i % 14 > HEADER_BYTES);
        if (n > 0)
            EQ(frames[0].num_bytes, i % 14 - HEADER_BYTES);
    }
    EQ(fake.queue[0]->num_free, 0);
}
TEST_MAIN
