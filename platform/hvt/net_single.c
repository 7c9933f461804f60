// SPDX-License-Identifier: ISC
/* net_single.c - Solo5's calls: one contiguous frame each, or an entry in the ring for sending, which the tender's thread
 * takes without the guest's stopping. */
#include "arch/arch.h"
#include "platform/common/tx_frame.h"
#include "platform/hvt/hvt.h"

#define SLOTS 64u                   /* frames under way in the ring */
#define SLOT_BYTES 2048u

static struct mspan slots;

/* false: there is no more */
static bool receive_one(unsigned handle, struct lent *l)
{
    struct mspan into = AT(l->buffers, l->num_used);
    bool fits_one = lent_to_begin(l) == 1;
    if (!fits_one)
        into = guest.frame;
    struct solo5_hvt_net n = { handle, (uintptr_t)into.p, into.n, SOLO5_EUNSPEC, 0 };
    hvt_call(SOLO5_HVT_NET_READ, &n);
    if (n.ret != SOLO5_OK)
        return false;
    if (n.num_bytes == 0 || n.num_bytes > into.n)
        return true;
    if (fits_one)
        lent_received(l, n.num_bytes, (struct frame_offload){ 0 });
    else
        lent_copy(l, span_of(mspan_first(into, n.num_bytes)), (struct frame_offload){ 0 });
    return true;
}

/* Without word from the last wait that something is there, a call would be an exit for nothing. */
void hvt_receive_single(unsigned handle, struct lent *l)
{
    bool has_more = guest.ready >> handle & 1;
    while (has_more && lent_may_begin(l))
        has_more = receive_one(handle, l);
    guest_set_ready(handle, has_more);
}

static void send_contiguous(unsigned handle, const struct tx_frame *frame, size_t num_bytes)
{
    struct span bytes = frame->part[0];
    if (frame->num_parts > 1 && tx_frame_copy(guest.frame, frame) == 0)
        return;
    if (frame->num_parts > 1)
        bytes = span_of(mspan_first(guest.frame, num_bytes));
    struct solo5_hvt_net n = { handle, (uintptr_t)bytes.p, bytes.n, SOLO5_EUNSPEC, 0 };
    hvt_call(SOLO5_HVT_NET_WRITE, &n);
}

/* The tender ends where its TAP takes nothing, so that every frame counts as taken. */
size_t hvt_send_single(unsigned handle, const struct tx_frame *frames, size_t num)
{
    SLICE(const struct tx_frame) list = { frames, num };
    for (size_t i = 0; i < num; i++) {
        size_t num_bytes = tx_frame_bytes(&AT(list, i));
        if (num_bytes == 0)
            continue;
        if (hvt.ring && num_bytes <= SLOT_BYTES) {
            if (!hvt_ring_send(handle, &AT(list, i), num_bytes))
                return i;
        } else {
            if (hvt.ring)
                hvt_ring_drain();
            send_contiguous(handle, &AT(list, i), num_bytes);
        }
    }
    return num;
}

/* ---- The ring: entry i uses slot i modulo SLOTS, so a slot is free again when the tender is SLOTS entries further. */

void hvt_ring_init(void)
{
    slots = guest_take_memory(SLOTS * SLOT_BYTES);
}

static uint32_t num_under_way(void)
{
    return hvt.ring->entry_tail - __atomic_load_n(&hvt.ring->entry_head, __ATOMIC_ACQUIRE);
}

/* The fence orders the tail before the look at needs_kick, as the tender orders its wish before its look at the tail. */
static void publish(uint32_t tail)
{
    __atomic_store_n(&hvt.ring->entry_tail, tail, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&hvt.ring->needs_kick, __ATOMIC_RELAXED) != 0)
        hvt_kick_ring();
}

bool hvt_ring_send(unsigned handle, const struct tx_frame *frame, size_t num_bytes)
{
    uint32_t tail = hvt.ring->entry_tail;
    if (num_under_way() >= SLOTS)
        return false;
    struct mspan slot = mspan_sub(slots, tail % SLOTS * SLOT_BYTES, SLOT_BYTES);
    if (tx_frame_copy(slot, frame) == 0)
        return true;
    hvt.ring->entry[tail % SOLO5_RING_ENTRIES] = (struct solo5_ring_entry){
        .op = SOLO5_RING_WRITE,
        .handle = handle,
        .data = (uintptr_t)slot.p,
        .num_bytes = (uint32_t)num_bytes,
        .id = tail,
    };
    publish(tail + 1);
    return true;
}

void hvt_ring_drain(void)
{
    while (num_under_way() > 0)
        arch_relax();
}
