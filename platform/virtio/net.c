// SPDX-License-Identifier: ISC
/* net.c - network devices (VIRTIO 1.2, section 5.1): one pair of queues, checksum and segmentation offload both ways, mergeable
 * buffers. Frames are copied once on each way, between the buffers of the caller and slots that the device knows: see
 * docs/targets/virtio.md for why. */
#include "arch/arch.h"
#include "base/checked.h"
#include "platform/common/tx_frame.h"
#include "platform/common/vnet.h"
#include "platform/platform.h"
#include "platform/virtio/copy.h"
#include "platform/virtio/device.h"
#include "platform/virtio/machine.h"

#define NETS_MAX 8u
#define SLOT_BYTES 2048u
#define RECEIVE_SLOT_BYTES_MAX 8192u        /* where there is memory for it: a coalesced frame takes fewer descriptors */
#define SLOTS_MIN 64u                       /* above the 33 that a frame of 64 KB takes */
#define SLOTS_MAX 256u
#define SEND_SLOTS_MAX 1024u                /* thirty frames of 64 KB: slots side by side take one descriptor */
#define MEMORY_SHARE 32u                    /* of memory, for the slots of one direction */
#define HEADER_BYTES 12u                    /* struct virtio_net_hdr with num_buffers */
#define HEADER_BYTES_PLAIN VNET_BYTES       /* without it: a legacy device without mergeable buffers */
#define FULL_LOOKS 200u                     /* at a device that is full, */
#define FULL_SLEEP_NS NS_PER_MS             /* and then a sleep until it has sent something */
#define MTU_DEFAULT 1500u
#define MTU_MIN 68u

enum { RECEIVE, SEND };                     /* queues */
enum {                                      /* features, section 5.1.3 */
    CSUM = 0,
    GUEST_CSUM = 1,
    MTU = 3,
    MAC = 5,
    GUEST_TSO4 = 7,
    GUEST_TSO6 = 8,
    HOST_TSO4 = 11,
    HOST_TSO6 = 12,
    MRG_RXBUF = 15,
};
enum {                                      /* configuration, section 5.1.4 */
    CONFIG_MAC = 0,
    CONFIG_MTU = 10,
};

struct net {
    struct device device;
    unsigned handle;                        /* 0: there is no such device */
    struct platform_net_info info;
    size_t header_bytes;
    bool has_own_header;                    /* the header must be a buffer of its own */
    struct virtqueue receive, send;
    struct mspan receive_slots, send_slots; /* receive_slot_bytes each, SLOT_BYTES each */
    size_t receive_slot_bytes;
    SLICE(uint16_t) next;                   /* of the slots for sending: of a frame, or the next free one */
    uint16_t first_free, num_free;
};
static struct net nets[NETS_MAX];
static size_t num_nets;
#define NO_SLOT UINT16_MAX

static struct mspan receive_slot(const struct net *n, size_t i)
{
    return mspan_sub(n->receive_slots, i * n->receive_slot_bytes, n->receive_slot_bytes);
}

static struct net *net_of(unsigned handle)
{
    for (size_t i = 0; i < num_nets; i++)
        if (nets[i].handle == handle)
            return &nets[i];
    UNREACHABLE("a handle that is not of a network device");
}

/* ---- The beginning */

static void lend(struct net *n, uint32_t slot)
{
    struct mspan whole = receive_slot(n, slot);
    const struct mspan parts[2] = { mspan_first(whole, n->header_bytes), mspan_skip(whole, n->header_bytes) };
    if (!(n->has_own_header ? virtqueue_add(&n->receive, parts, 2, 0, slot) : virtqueue_add(&n->receive, &whole, 1, 0, slot)))
        device_lies("a network device's queue is too small");
}

static size_t num_slots(size_t most)
{
    while (most > SLOTS_MIN && most * SLOT_BYTES > memory_num_bytes() / MEMORY_SHARE)
        most /= 2;
    return most;
}
static size_t receive_slot_bytes(const struct net *n, size_t num)
{
    size_t most = device_has(&n->device, MRG_RXBUF) ? RECEIVE_SLOT_BYTES_MAX : SLOT_BYTES;
    while (most > SLOT_BYTES && num * most > memory_num_bytes() / MEMORY_SHARE)
        most /= 2;
    return most;
}

static void make_slots(struct net *n)
{
    size_t num_receive = size_min(num_slots(SLOTS_MAX), n->receive.size / (n->has_own_header ? 2u : 1u));
    size_t num_send = num_slots(SEND_SLOTS_MAX);
    n->receive_slot_bytes = receive_slot_bytes(n, num_receive);
    n->receive_slots = memory_take(num_receive * n->receive_slot_bytes);
    n->send_slots = memory_take(num_send * SLOT_BYTES);
    n->next.p = (uint16_t *)(void *)memory_take(num_send * sizeof *n->next.p).p;
    n->next.n = num_send;
    n->num_free = (uint16_t)num_send;
    for (size_t i = 0; i < num_send; i++)
        AT(n->next, i) = i + 1 < num_send ? (uint16_t)(i + 1) : NO_SLOT;
    for (uint32_t i = 0; i < num_receive; i++)
        lend(n, i);
}

/* Coalesced frames only come where they may be spread over buffers. */
static uint64_t wanted_features(const struct device *d)
{
    uint64_t offered = d->transport->features(d);
    uint64_t wanted = FEATURE(CSUM) | FEATURE(GUEST_CSUM) | FEATURE(MAC) | FEATURE(HOST_TSO4) | FEATURE(HOST_TSO6) | FEATURE(MRG_RXBUF);
    if (offered & FEATURE(MRG_RXBUF))
        wanted |= FEATURE(GUEST_TSO4) | FEATURE(GUEST_TSO6) | FEATURE(MTU);
    if ((offered & FEATURE(CSUM)) == 0)
        wanted &= ~(FEATURE(HOST_TSO4) | FEATURE(HOST_TSO6));
    if ((offered & FEATURE(GUEST_CSUM)) == 0)
        wanted &= ~(FEATURE(GUEST_TSO4) | FEATURE(GUEST_TSO6));
    return wanted;
}

static void read_info(struct net *n)
{
    const struct device *d = &n->device;
    uint64_t mac = device_has(d, MAC) ? device_config(d, CONFIG_MAC, 6) : UINT64_C(0x010000000002);
    uint64_t mtu = device_has(d, MTU) ? device_config(d, CONFIG_MTU, 2) : MTU_DEFAULT;
    if (mtu < MTU_MIN || mtu > UINT16_MAX)
        device_lies("a network device has an impossible MTU");
    n->info = (struct platform_net_info){
        .mtu = (uint16_t)mtu,
        .features = {
            .send_checksum = device_has(d, CSUM),
            .send_tso4 = device_has(d, HOST_TSO4),
            .send_tso6 = device_has(d, HOST_TSO6),
            .receive_checksum = device_has(d, GUEST_CSUM),
            .receive_coalesced = device_has(d, GUEST_TSO4) || device_has(d, GUEST_TSO6),
        },
    };
    (void)span_copy(MSPAN(n->info.mac), SPAN_OF(mac));
}

bool net_attach(const struct device *found, unsigned handle)
{
    if (handle == 0 || num_nets == NETS_MAX)
        return false;
    struct net *n = &nets[num_nets];
    *n = (struct net){ .device = *found };
    struct device *d = &n->device;
    if (!device_begin(d, wanted_features(d))) {
        device_give_up(d);
        return false;
    }
    n->header_bytes = d->is_legacy && !device_has(d, MRG_RXBUF) ? HEADER_BYTES_PLAIN : HEADER_BYTES;
    n->has_own_header = d->is_legacy && !device_has(d, FEATURE_ANY_LAYOUT) && !device_has(d, MRG_RXBUF);
    read_info(n);
    device_queue(d, RECEIVE, SLOTS_MAX, &n->receive);
    device_queue(d, SEND, SLOTS_MAX, &n->send);
    make_slots(n);
    device_ready(d);
    device_push(d, RECEIVE, &n->receive);
    n->handle = handle;
    num_nets++;
    return true;
}

err platform_net_find(struct span name, unsigned *handle, struct platform_net_info *info)
{
    for (size_t i = 0; i < num_nets; i++)
        if (span_eq(span_of_str(AT(platform_manifest.devices, nets[i].handle - 1).name), name)) {
            *handle = nets[i].handle;
            *info = nets[i].info;
            return OK;
        }
    device_check_missing(name, true);
    return E_NOT_FOUND;
}

/* ---- Receiving */

struct receive {                            /* one call of platform_net_receive */
    struct net *net;
    frame_buffers buffers;
    size_t num_used;
};

static void fail_if_broken(const struct virtqueue *q)
{
    if (q->is_broken)
        device_lies("a network device returned a buffer that it did not have, or more bytes than fit");
}

/* Copies to the lent buffers from the num_filled-th byte of the frame on. */
static void scatter(struct receive *r, size_t num_filled, struct span bytes)
{
    for (size_t at = r->num_used; bytes.n > 0; at++) {
        struct mspan room = AT(r->buffers, at);
        if (num_filled < room.n)
            bytes = span_skip(bytes, copy_bytes(mspan_skip(room, num_filled), bytes));
        num_filled = num_filled > room.n ? num_filled - room.n : 0;
    }
}

static size_t room_left(const struct receive *r)
{
    size_t num_bytes = 0;
    for (size_t i = r->num_used; i < r->buffers.n && i < r->num_used + FRAME_PARTS_MAX; i++)
        num_bytes += AT(r->buffers, i).n;
    return num_bytes;
}

/* How many slots the frame takes that comes next. */
static size_t slots_of_frame(struct net *n, struct span header)
{
    if (!device_has(&n->device, MRG_RXBUF))
        return 1;
    size_t num = span_at(header, 10) | (size_t)span_at(header, 11) << 8;
    if (num == 0 || num > n->receive.size)
        device_lies("a network device sent a frame of an impossible number of buffers");
    return num;
}

/* Takes the slots of a frame, gives them back, and says how long it was; what has no room is cut off. */
static size_t take_frame(struct receive *r, size_t slots, size_t room)
{
    struct net *n = r->net;
    size_t num_bytes = 0;
    for (size_t i = 0; i < slots; i++) {
        uint32_t slot, num_written;
        if (!virtqueue_take(&n->receive, &slot, &num_written))
            break;
        struct span bytes = span_of(mspan_first(receive_slot(n, slot), num_written));
        bytes = i == 0 ? span_skip(bytes, n->header_bytes) : bytes;
        bytes = span_first(bytes, room - num_bytes);
        scatter(r, num_bytes, bytes);
        num_bytes += bytes.n;
        lend(n, slot);
    }
    fail_if_broken(&n->receive);
    return num_bytes;
}

static void frame_received(struct receive *r, struct rx_frame *f, size_t num_bytes)
{
    f->num_bytes = num_bytes;
    f->num_buffers = 0;
    for (size_t left = num_bytes; left > 0; f->num_buffers++)
        left -= size_min(left, AT(r->buffers, r->num_used + f->num_buffers).n);
    r->num_used += f->num_buffers;
}

/* false: there is no whole frame, or no room for one. An empty *f: a frame that is to be passed over. */
static bool receive_frame(struct receive *r, struct rx_frame *f)
{
    struct net *n = r->net;
    uint32_t slot, num_written;
    *f = (struct rx_frame){ 0 };
    if (!virtqueue_peek(&n->receive, &slot, &num_written))
        return false;
    uint8_t header[HEADER_BYTES] = { 0 };
    (void)span_copy(MSPAN(header), span_of(mspan_first(receive_slot(n, slot), n->header_bytes)));
    size_t slots = slots_of_frame(n, SPAN(header)), room = room_left(r);
    if (virtqueue_num_done(&n->receive) < slots)
        return false;
    size_t num_bytes = take_frame(r, slots, room);
    if (num_bytes > 0 && vnet_decode(SPAN(header), num_bytes, &f->offload) == WIRE_OK)
        frame_received(r, f, num_bytes);
    return true;
}

/* A frame that could be larger than what is left is not begun. */
static bool may_begin(const struct receive *r)
{
    return frame_buffers_suffice(r->buffers, r->num_used, r->net->info.mtu, &r->net->info.features);
}

size_t platform_net_receive(unsigned handle, const struct mspan *buffers, size_t num_buffers,
                            struct rx_frame *frames, size_t max_frames)
{
    struct receive r = { .net = net_of(handle), .buffers = { buffers, num_buffers } };
    SLICE(struct rx_frame) list = { frames, max_frames };
    size_t num = 0;
    while (num < max_frames && may_begin(&r) && receive_frame(&r, &AT(list, num)))
        num += AT(list, num).num_buffers > 0;
    fail_if_broken(&r.net->receive);
    device_push(&r.net->device, RECEIVE, &r.net->receive);
    return num;
}

/* ---- Sending */

static void collect_sent(struct net *n)
{
    uint32_t slot, num_written;
    while (virtqueue_take(&n->send, &slot, &num_written)) {
        uint16_t last = (uint16_t)slot;
        n->num_free++;
        for (; AT(n->next, last) != NO_SLOT; last = AT(n->next, last))
            n->num_free++;
        AT(n->next, last) = n->first_free;
        n->first_free = (uint16_t)slot;
    }
    fail_if_broken(&n->send);
}

/* The header and the frame in as many free slots as they need, as parts of a chain. */
struct chain {
    struct mspan part[2 + 65536u / SLOT_BYTES + 1];
    size_t num_parts;
    size_t begin, end;                      /* of the last part, among the slots */
};
/* Slots that lie side by side are one part. */
static void add_part(struct net *n, struct chain *c, size_t begin, size_t end)
{
    if (c->num_parts == 0 || begin != c->end) {
        c->begin = begin;
        c->num_parts++;
    }
    c->end = end;
    c->part[c->num_parts - 1] = mspan_sub(n->send_slots, c->begin, end - c->begin);
}
static void fill_slots(struct net *n, const struct tx_frame *f, size_t num_slots, struct chain *c)
{
    uint16_t at = n->first_free;
    size_t next = 0;
    struct span left = { 0 };
    c->num_parts = 0;
    for (size_t i = 0; i < num_slots; i++, at = AT(n->next, at)) {
        struct mspan room = mspan_sub(n->send_slots, at * SLOT_BYTES, SLOT_BYTES);
        size_t begin = at * SLOT_BYTES, end = begin + SLOT_BYTES;
        if (i == 0) {
            mspan_zero(mspan_first(room, n->header_bytes));
            vnet_encode(room, &f->offload);
            room = mspan_skip(room, n->header_bytes);
            add_part(n, c, begin, begin + n->header_bytes);
            begin += n->header_bytes;
            if (n->has_own_header)
                c->end = 0;                 /* nothing lies at its side */
        }
        while (room.n > 0 && (left.n > 0 || next < f->num_parts)) {
            left = left.n > 0 ? left : f->part[next++];
            size_t num = copy_bytes(room, left);
            room = mspan_skip(room, num);
            left = span_skip(left, num);
        }
        add_part(n, c, begin, end - room.n);
    }
}

static void use_slots(struct net *n, size_t num)
{
    uint16_t last = n->first_free;
    for (size_t i = 1; i < num; i++)
        last = AT(n->next, last);
    n->first_free = AT(n->next, last);
    AT(n->next, last) = NO_SLOT;
    n->num_free = (uint16_t)(n->num_free - num);
}

static bool send_frame(struct net *n, const struct tx_frame *f)
{
    struct chain c;
    size_t num_bytes = tx_frame_bytes(f), num = (n->header_bytes + num_bytes + SLOT_BYTES - 1) / SLOT_BYTES;
    if (num_bytes == 0 || num + 1 > NUM_OF(c.part) || num > n->next.n)
        return true;                        /* refused for good */
    uint16_t first = n->first_free;
    if (num > n->num_free)
        return false;
    fill_slots(n, f, num, &c);
    if (!virtqueue_add(&n->send, c.part, c.num_parts, c.num_parts, first))
        return false;
    use_slots(n, num);
    return true;
}

/* Until the device has sent something, or for a moment. */
static void wait_for_room(struct net *n)
{
    device_push(&n->device, SEND, &n->send);
    for (unsigned i = 0; i < FULL_LOOKS && virtqueue_num_done(&n->send) == 0; i++)
        arch_relax();
    n->device.transport->acknowledge(&n->device);
    if (virtqueue_num_done(&n->send) == 0 && !virtqueue_want_interrupt(&n->send))
        interrupts_sleep(nanos_add(platform_clock_monotonic(), FULL_SLEEP_NS));
    if (virtqueue_num_done(&n->send) == 0)
        devices_check();
    virtqueue_want_quiet(&n->send);
    collect_sent(n);
}

size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num)
{
    struct net *n = net_of(handle);
    SLICE(const struct tx_frame) list = { frames, num };
    size_t num_taken = 0;
    collect_sent(n);
    for (; num_taken < num; num_taken++) {
        if (send_frame(n, &AT(list, num_taken)))
            continue;
        wait_for_room(n);
        if (!send_frame(n, &AT(list, num_taken)))
            break;
    }
    device_push(&n->device, SEND, &n->send);
    return num_taken;
}

/* ---- Waiting */

void net_acknowledge(void)
{
    for (size_t i = 0; i < num_nets; i++)
        nets[i].device.transport->acknowledge(&nets[i].device);
}

uint64_t net_look(bool wants_interrupt)
{
    uint64_t ready = 0;
    for (size_t i = 0; i < num_nets; i++) {
        struct net *n = &nets[i];
        bool is_done = wants_interrupt ? virtqueue_want_interrupt(&n->receive) : virtqueue_num_done(&n->receive) > 0;
        if (!wants_interrupt)
            virtqueue_want_quiet(&n->receive);
        fail_if_broken(&n->receive);
        ready |= is_done ? UINT64_C(1) << n->handle : 0;
    }
    return ready;
}
