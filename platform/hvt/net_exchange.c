// SPDX-License-Identifier: ISC
/* net_exchange.c - Morgana's call, which sends, sleeps and receives at once. To leave the CPU costs more than to copy a few hundred
 * bytes, so small frames are gathered until the image leaves it anyway, at the latest when it waits; and whenever it does, it
 * receives ahead. */
#include "base/checked.h"
#include "platform/common/tx_frame.h"
#include "platform/common/vnet.h"
#include "platform/hvt/hvt.h"

#define GATHERED_FRAMES 16u
#define GATHERED_BYTES 8192u
#define AHEAD_FRAMES 32u
#define AHEAD_BYTES 16384u          /* besides room for one frame of any size; at least as much as that */

_Static_assert(VNET_BYTES == HVT_VNET_BYTES && FRAME_PARTS_MAX == HVT_FRAME_PARTS_MAX, "the extension says so");
_Static_assert(GATHERED_FRAMES < HVT_FRAMES_MAX && GATHERED_FRAMES + FRAME_PARTS_MAX <= HVT_PARTS_MAX, "another frame fits behind them");

/* To send: first those that were gathered, a part each. */
static struct hvt_frame frames[HVT_FRAMES_MAX];
static struct hvt_part parts[HVT_PARTS_MAX];
static struct hvt_frame lent_frames[HVT_FRAMES_MAX], ahead_frames[AHEAD_FRAMES];
static struct hvt_part lent_parts[HVT_PARTS_MAX];

/* Of one device at a time, the last that was used. */
static struct {
    unsigned handle;                /* 0: none */
    bool has_more;                  /* besides what was received ahead */
    uint32_t frame_bytes_max;       /* received */
    size_t num_gathered, gathered_bytes;
    struct mspan gathered, ahead;
    size_t num_ahead, next_ahead, ahead_at;
} net;

static bool is_ahead(void)
{
    return net.next_ahead < net.num_ahead;
}

static uint32_t frame_bytes_max(unsigned handle)
{
    const struct extension_device *d = guest_extension(handle);
    struct frame_features f = extension_features(d);
    return f.receive_coalesced ? FRAME_BYTES_MAX : d->net_mtu + FRAME_ETHERNET_BYTES;
}

void hvt_exchange_init(void)
{
    uint32_t most = 0;
    for (unsigned h = 1; h < guest.manifest->entries; h++)
        most = u32_max(most, frame_bytes_max(h));
    net.gathered = guest_take_memory(GATHERED_BYTES);
    net.ahead = guest_take_memory(most + u32_max(most, AHEAD_BYTES));
}

/* ---- The call */

static struct hvt_list list_of(const struct hvt_frame *f, size_t num_frames, const struct hvt_part *p, size_t num_parts)
{
    return (struct hvt_list){ .frames = (uintptr_t)f, .parts = (uintptr_t)p, .num_frames = (uint32_t)num_frames,
                              .num_parts = (uint32_t)num_parts };
}

/* Sends what lies in `frames` and returns how many of them the device took. What it did not take of the gathered ones stays. */
static size_t exchange(struct hvt_net *n, size_t num_frames, size_t num_parts)
{
    size_t num_before = n->handle == net.handle ? net.num_gathered : 0, first = net.num_gathered - num_before;
    n->send = list_of(&frames[first], num_before + num_frames, &parts[first], num_before + num_parts);
    n->ret = SOLO5_EINVAL;
    hvt_call(HVT_NET_EXCHANGE, n);
    size_t num_sent = n->ret == SOLO5_OK ? size_min(n->send.num_done, num_before + num_frames) : num_before + num_frames;
    size_t num_gone = size_min(num_sent, num_before);
    for (size_t i = num_gone; i < num_before; i++) {
        frames[i - num_gone] = frames[i];
        parts[i - num_gone] = parts[i];
    }
    net.num_gathered -= num_gone;
    if (net.num_gathered == 0)
        net.gathered_bytes = 0;
    return num_sent - num_gone;
}

/* The same of the device whose frames are gathered and received ahead. */
static size_t exchange_ahead(struct hvt_net *n, size_t num_frames, size_t num_parts)
{
    struct hvt_part area = { .data = (uintptr_t)net.ahead.p, .num_bytes = (uint32_t)net.ahead.n };
    bool has_room = !is_ahead();
    n->handle = net.handle;
    n->to_begin = net.frame_bytes_max;
    n->flags |= HVT_NET_PACKED;
    if (has_room)
        n->receive = list_of(ahead_frames, AHEAD_FRAMES, &area, 1);
    size_t num_sent = exchange(n, num_frames, num_parts);
    if (has_room) {
        net.num_ahead = n->ret == SOLO5_OK ? size_min(n->receive.num_done, AHEAD_FRAMES) : 0;
        net.next_ahead = net.ahead_at = 0;
        net.has_more = n->ret == SOLO5_OK && n->has_more;
    }
    guest_set_ready(net.handle, is_ahead() || net.has_more);
    return num_sent;
}

void hvt_exchange_flush(void)
{
    struct hvt_net n = { .handle = net.handle };
    if (net.num_gathered > 0)
        (void)exchange(&n, 0, 0);
}

/* Whether the device is the one of which frames are gathered and received ahead: if need be, it becomes that. */
static bool take_over(unsigned handle)
{
    if (net.handle == handle)
        return true;
    hvt_exchange_flush();
    if (net.num_gathered > 0 || is_ahead())
        return false;
    net.handle = handle;
    net.has_more = guest.ready >> handle & 1;
    net.frame_bytes_max = frame_bytes_max(handle);
    return true;
}

bool hvt_exchange_wait(uint64_t timeout_ns, uint64_t *ready_set)
{
    struct hvt_net n = { .timeout_nsecs = timeout_ns, .flags = HVT_NET_WAIT };
    bool had_room = !is_ahead();
    if (net.handle == 0)
        return false;
    (void)exchange_ahead(&n, 0, 0);
    uint64_t bit = UINT64_C(1) << net.handle;
    net.has_more |= !had_room && (n.ready_set & bit) != 0;
    *ready_set = n.ready_set & ~bit;
    return true;
}

/* ---- Receiving */

static struct span next_ahead(const struct hvt_frame **f)
{
    *f = &ahead_frames[net.next_ahead++];
    struct mspan bytes = mspan_sub(net.ahead, net.ahead_at, (*f)->num_bytes);
    net.ahead_at += bytes.n;
    return span_of(bytes);
}

static bool decode(const struct lent *l, const struct hvt_frame *f, struct frame_offload *offload)
{
    *offload = (struct frame_offload){ 0 };
    return l->device->net_kind != EXTENSION_NET_TAP_VIRTIO || vnet_decode(SPAN(f->vnet_header), f->num_bytes, offload) == WIRE_OK;
}

static void receive_ahead(struct lent *l)
{
    while (is_ahead() && lent_may_begin(l)) {
        const struct hvt_frame *f;
        struct frame_offload offload;
        struct span bytes = next_ahead(&f);
        if (decode(l, f, &offload))
            lent_copy(l, bytes, offload);
    }
}

/* A frame whose header is impossible is handed up as an empty one, which every stack drops: its buffers are filled. */
static void hand_up(struct lent *l, const struct hvt_frame *f)
{
    struct rx_frame *out = &AT(l->frames, l->num_frames++);
    *out = (struct rx_frame){ .num_bytes = f->num_bytes, .num_buffers = f->num_parts };
    if (!decode(l, f, &out->offload))
        out->num_bytes = 0;
    l->num_used += f->num_parts;
}

/* Into the lent buffers themselves; whether there may be more. */
static bool receive_lent(unsigned handle, struct lent *l)
{
    size_t num_parts = size_min(l->buffers.n - l->num_used, NUM_OF(lent_parts));
    for (size_t i = 0; i < num_parts; i++) {
        struct mspan b = AT(l->buffers, l->num_used + i);
        lent_parts[i] = (struct hvt_part){ .data = (uintptr_t)b.p, .num_bytes = (uint32_t)b.n };
    }
    struct hvt_net n = { .handle = handle, .to_begin = (uint32_t)lent_to_begin(l) };
    n.receive = list_of(lent_frames, size_min(l->frames.n - l->num_frames, NUM_OF(lent_frames)), lent_parts, num_parts);
    (void)exchange(&n, 0, 0);
    for (size_t i = 0; n.ret == SOLO5_OK && i < n.receive.num_done && i < NUM_OF(lent_frames); i++)
        hand_up(l, &lent_frames[i]);
    return n.ret == SOLO5_OK && n.has_more;
}

void hvt_receive_exchange(unsigned handle, struct lent *l)
{
    bool is_ours = take_over(handle), has_more = is_ours ? net.has_more : guest.ready >> handle & 1;
    if (is_ours)
        receive_ahead(l);
    while (has_more && !(is_ours && is_ahead()) && lent_may_begin(l))
        has_more = receive_lent(handle, l);
    if (is_ours)
        net.has_more = has_more;
    guest_set_ready(handle, has_more || (is_ours && is_ahead()));
}

/* ---- Sending */

/* The frame with its header, in the list of what is sent. */
static void describe(size_t at, const struct tx_frame *f, size_t num_parts)
{
    frames[at] = (struct hvt_frame){ .num_parts = (uint16_t)num_parts };
    vnet_encode(MSPAN(frames[at].vnet_header), &f->offload);
}

/* Whether all of them were copied, to be sent with what comes next. */
static bool gather(const struct tx_frame *first, size_t num)
{
    SLICE(const struct tx_frame) list = { first, num };
    size_t at = net.gathered_bytes;
    if (num > GATHERED_FRAMES - net.num_gathered)
        return false;
    for (size_t i = 0; i < num; i++) {
        const struct tx_frame *f = &AT(list, i);
        struct mspan room = mspan_skip(net.gathered, at);
        size_t num_bytes = tx_frame_copy(room, f);
        if (num_bytes == 0)
            return false;
        describe(net.num_gathered + i, f, 1);
        parts[net.num_gathered + i] = (struct hvt_part){ .data = (uintptr_t)room.p, .num_bytes = (uint32_t)num_bytes };
        at += num_bytes;
    }
    net.num_gathered += num;
    net.gathered_bytes = at;
    return true;
}

static size_t add_parts(size_t num_parts, const struct tx_frame *frame)
{
    for (size_t i = 0; i < frame->num_parts; i++)
        parts[num_parts + i] = (struct hvt_part){ .data = (uintptr_t)frame->part[i].p, .num_bytes = (uint32_t)frame->part[i].n };
    return num_parts + frame->num_parts;
}

/* As many frames as one call takes, from the first, behind the gathered ones; how many the device took. */
static size_t send_some(unsigned handle, bool is_ours, const struct tx_frame *first, size_t num, size_t *num_asked)
{
    SLICE(const struct tx_frame) list = { first, num };
    size_t num_frames = net.num_gathered, num_parts = net.num_gathered;
    struct hvt_net n = { .handle = handle };
    for (size_t i = 0; i < num && num_frames < NUM_OF(frames); i++) {
        const struct tx_frame *f = &AT(list, i);
        REQUIRE(f->num_parts <= FRAME_PARTS_MAX);
        if (num_parts + f->num_parts > NUM_OF(parts))
            break;
        describe(num_frames++, f, f->num_parts);
        num_parts = add_parts(num_parts, f);
    }
    *num_asked = num_frames - net.num_gathered;
    num_parts -= net.num_gathered;
    return is_ours ? exchange_ahead(&n, *num_asked, num_parts) : exchange(&n, *num_asked, num_parts);
}

size_t hvt_send_exchange(unsigned handle, const struct tx_frame *first, size_t num)
{
    SLICE(const struct tx_frame) list = { first, num };
    size_t num_taken = 0, num_asked = 0, num_now = 0;
    bool is_ours = take_over(handle);
    if (is_ours && gather(first, num))
        return num;
    while (num_taken < num && num_now == num_asked) {
        num_now = send_some(handle, is_ours, &AT(list, num_taken), num - num_taken, &num_asked);
        num_taken += num_now;
    }
    return num_taken;
}
