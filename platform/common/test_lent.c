// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "platform/common/lent.h"

#define BUFFERS 40
static uint8_t memory[BUFFERS][2000];
static struct mspan buffers[BUFFERS];
static struct rx_frame frames[4];
static struct extension_device device;
static struct lent lent;

static void lend(size_t num_buffers, uint16_t mtu, uint8_t offloads)
{
    for (size_t i = 0; i < BUFFERS; i++)
        buffers[i] = MSPAN(memory[i]);
    device = (struct extension_device){ .net_kind = EXTENSION_NET_TAP_VIRTIO, .net_mtu = mtu, .net_offloads = offloads };
    lent = (struct lent){ .buffers = { buffers, num_buffers }, .frames = { frames, 4 }, .device = &device };
}

TEST(a_frame_that_fits_one_buffer_needs_one)
{
    lend(1, 1500, 0);
    EQ(lent_to_begin(&lent), 1);
    TRUE(lent_may_begin(&lent));
    lent_received(&lent, 1514, (struct frame_offload){ 0 });
    TRUE(!lent_may_begin(&lent));
    EQ(frames[0].num_buffers, 1);
}

TEST(coalesced_frames_need_many_buffers_to_begin)
{
    lend(FRAME_PARTS_MAX - 1, 1500, EXTENSION_OFFLOAD_TSO4);
    TRUE(!lent_may_begin(&lent));
    lend(FRAME_PARTS_MAX, 1500, EXTENSION_OFFLOAD_TSO4);
    TRUE(lent_may_begin(&lent));
}

TEST(a_buffer_that_takes_every_frame_is_enough_to_begin_one)
{
    static uint8_t large[FRAME_BYTES_MAX];
    lend(1, 1500, EXTENSION_OFFLOAD_TSO4);
    buffers[0] = MSPAN(large);
    TRUE(lent_may_begin(&lent));
    buffers[0].n--;
    TRUE(!lent_may_begin(&lent));
}

TEST(a_large_mtu_needs_many_buffers_to_begin)
{
    lend(10, 9000, 0);
    TRUE(!lent_may_begin(&lent));
}

TEST(a_frame_is_copied_over_buffers_in_order)
{
    static uint8_t frame[4001];
    lend(5, 1500, 0);
    for (size_t i = 0; i < sizeof frame; i++)
        frame[i] = (uint8_t)(i * 7);
    lent_copy(&lent, SPAN(frame), (struct frame_offload){ .needs_checksum = true });
    EQ(lent.num_frames, 1);
    EQ(frames[0].num_bytes, 4001);
    EQ(frames[0].num_buffers, 3);
    TRUE(frames[0].offload.needs_checksum);
    TRUE(memcmp(memory[1], frame + 2000, 2000) == 0 && memory[2][0] == frame[4000]);
    lent_copy(&lent, SPAN(frame), (struct frame_offload){ 0 });
    EQ(lent.num_frames, 1);
}

TEST(features_are_those_of_the_offloads)
{
    lend(1, 1500, EXTENSION_OFFLOAD_CHECKSUM | EXTENSION_OFFLOAD_TSO4);
    struct frame_features f = extension_features(&device);
    TRUE(f.send_checksum && f.receive_checksum && f.send_tso4 && !f.send_tso6 && f.receive_coalesced);
    device.net_kind = EXTENSION_NET_TAP;
    f = extension_features(&device);
    TRUE(!f.send_checksum && !f.receive_coalesced);
}

TEST_MAIN
