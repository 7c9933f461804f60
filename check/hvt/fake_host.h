// SPDX-License-Identifier: ISC
/* fake_host.h - a world for hypercalls that touches every byte it is given, and sees to it that all of them are guest memory
 * which the call may touch. The including file defines FAKE_CHECK(condition). */
#ifndef CHECK_HVT_FAKE_HOST_H
#define CHECK_HVT_FAKE_HOST_H
#include "tender/hypercall.h"
#include <stdlib.h>

#define FAKE_MEMORY_BYTES 65536u
#define FAKE_READ_ONLY_BYTES 4096u      /* at the start */
#define FAKE_SECTORS 64u
#define FAKE_FRAME_BYTES 100u

enum { FAKE_NET = 1, FAKE_DISK = 2, FAKE_VIRTIO_NET = 3, FAKE_UNATTACHED = 4 };

static struct devices fake_devices;
static const struct guest_range fake_read_only[] = { { 0, FAKE_READ_ONLY_BYTES } };
static struct hypercall_guest fake_guest;
static bool fake_is_failing;            /* what reaches the disk ends in E_IO */
static err fake_discard;                /* what a discard ends in */
static char fake_done[2 * HVT_REQUESTS_MAX];    /* what reached the disk, a letter each, as far as there is room */
static unsigned fake_sum, fake_num_frames, fake_num_sent, fake_num_text, fake_num_sent_at_poll, fake_num_frames_at_poll;

static bool is_guest(const void *p, size_t n, size_t from)
{
    uintptr_t start = (uintptr_t)fake_guest.memory.p, at = (uintptr_t)p;
    return n == 0 || (at >= start + from && n <= fake_guest.memory.n && at - start <= fake_guest.memory.n - n);
}
static void fake_read_bytes(struct span s)
{
    FAKE_CHECK(is_guest(s.p, s.n, 0));
    for (size_t i = 0; i < s.n; i++)
        fake_sum += span_at(s, i);
}
static void fake_write_bytes(struct mspan m)
{
    FAKE_CHECK(is_guest(m.p, m.n, FAKE_READ_ONLY_BYTES));
    for (size_t i = 0; i < m.n; i++)
        mspan_put(m, i, (uint8_t)i);
}

static uint64_t fake_wall_clock(void)
{
    return 0x1122334455667788;
}
static void fake_console(struct span text)
{
    fake_read_bytes(text);
    fake_num_text += (unsigned)text.n;
}
static uint64_t fake_poll(uint64_t timeout_ns)
{
    fake_num_sent_at_poll = fake_num_sent;
    fake_num_frames_at_poll = fake_num_frames;
    return timeout_ns == 5 ? 1u << FAKE_NET | HVT_READY_STOP : 0;
}
static bool fake_has_header(unsigned handle)
{
    FAKE_CHECK(handle == FAKE_NET || handle == FAKE_VIRTIO_NET);
    return handle == FAKE_VIRTIO_NET;
}
static enum host_net fake_net_read(unsigned handle, iovecs into, size_t *num_bytes)
{
    size_t room = 0, first = fake_has_header(handle) ? 1 : 0;
    FAKE_CHECK(into.n >= first + 1 && into.n <= HVT_FRAME_PARTS_MAX + first);
    for (size_t i = first; i < into.n; i++) {
        fake_write_bytes((struct mspan){ AT(into, i).iov_base, AT(into, i).iov_len });
        room += AT(into, i).iov_len;
    }
    if (fake_num_frames == 0)
        return HOST_NET_NOW_NOT;
    fake_num_frames--;
    *num_bytes = first * HVT_VNET_BYTES + (room < FAKE_FRAME_BYTES ? room : FAKE_FRAME_BYTES);
    return HOST_NET_OK;
}
static enum host_net fake_net_write(unsigned handle, iovecs from)
{
    size_t first = fake_has_header(handle) ? 1 : 0;
    for (size_t i = first; i < from.n; i++)
        fake_read_bytes((struct span){ AT(from, i).iov_base, AT(from, i).iov_len });
    return ++fake_num_sent % 5 == 0 ? HOST_NET_NOW_NOT : HOST_NET_OK;
}
static void fake_check_block(unsigned handle, uint64_t offset, uint64_t n)
{
    FAKE_CHECK(handle == FAKE_DISK && offset % 512 == 0 && n % 512 == 0 &&
               offset <= FAKE_SECTORS * 512 && n <= FAKE_SECTORS * 512 - offset);
}
static void fake_note(char what)
{
    size_t n = strnlen(fake_done, sizeof fake_done);
    if (n < sizeof fake_done)
        fake_done[n] = what;
}
static err fake_block_read(unsigned handle, uint64_t offset, struct mspan into)
{
    fake_check_block(handle, offset, into.n);
    fake_write_bytes(into);
    fake_note('r');
    return fake_is_failing ? E_IO : OK;
}
static err fake_block_write(unsigned handle, uint64_t offset, struct span from)
{
    fake_check_block(handle, offset, from.n);
    fake_read_bytes(from);
    fake_note('w');
    return fake_is_failing ? E_IO : OK;
}
static err fake_block_flush(unsigned handle)
{
    FAKE_CHECK(handle == FAKE_DISK);
    fake_note('f');
    return fake_is_failing ? E_IO : OK;
}
static err fake_block_discard(unsigned handle, uint64_t offset, uint64_t num_bytes)
{
    fake_check_block(handle, offset, num_bytes);
    fake_note('d');
    return fake_discard;
}
static const struct hypercall_host fake_host = {
    fake_wall_clock, fake_console, fake_poll, fake_net_read, fake_net_write, fake_block_read, fake_block_write, fake_block_flush,
    fake_block_discard,
};

/* A guest with fresh memory, of which the sanitizer knows the ends. */
static void fake_open(bool has_extension)
{
    free(fake_guest.memory.p);
    fake_devices = (struct devices){ .has_extension = has_extension, .manifest = { .version = 1, .entries = 5 } };
    const struct solo5_record net = { .type = SOLO5_DEVICE_NET, .is_attached = 1 };
    fake_devices.manifest.record[FAKE_NET] = fake_devices.manifest.record[FAKE_VIRTIO_NET] = net;
    fake_devices.manifest.record[FAKE_UNATTACHED].type = SOLO5_DEVICE_NET;
    fake_devices.manifest.record[FAKE_DISK] = (struct solo5_record){
        .type = SOLO5_DEVICE_BLOCK, .is_attached = 1, .block = { FAKE_SECTORS * 512, 512 },
    };
    fake_devices.extension[FAKE_NET].net_kind = EXTENSION_NET_TAP;
    fake_devices.extension[FAKE_VIRTIO_NET].net_kind = EXTENSION_NET_TAP_VIRTIO;
    fake_guest = (struct hypercall_guest){ { calloc(1, FAKE_MEMORY_BYTES), FAKE_MEMORY_BYTES },
                                           { fake_read_only, NUM_OF(fake_read_only) }, &fake_devices, &fake_host };
    fake_devices.extension[FAKE_DISK].block_features = EXTENSION_BLOCK_FLUSH | EXTENSION_BLOCK_DISCARD;
    fake_is_failing = false;
    fake_discard = OK;
    memset(fake_done, 0, sizeof fake_done);
    fake_num_frames = 3;
    fake_num_sent = fake_num_text = 0;
}

#endif
