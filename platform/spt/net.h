// SPDX-License-Identifier: ISC
/* net.h - private to platform/spt: what network devices of either kind share. */
#ifndef PLATFORM_SPT_NET_H
#define PLATFORM_SPT_NET_H
#include "platform/spt/spt.h"

/* One call of platform_net_receive. */
struct spt_receive {
    unsigned handle;
    SLICE(const struct mspan) buffers;
    size_t num_used;
    SLICE(struct rx_frame) frames;
    size_t num_frames;
};
struct spt_net_ops {
    bool (*receive)(struct spt_receive *r);             /* at most one frame; false: there is no more */
    bool (*send)(unsigned handle, const struct tx_frame *frame);    /* false: full, not taken */
};
extern const struct spt_net_ops spt_stream_ops;
void spt_stream_init(unsigned handle);
void spt_stream_may_write(unsigned handle);

/* How many unused buffers it takes to begin a frame of any size. */
size_t spt_buffers_to_begin(const struct spt_receive *r);
/* Notes a frame that fills the next unused buffers. */
void spt_received(struct spt_receive *r, size_t num_bytes, struct frame_offload offload);

#endif
