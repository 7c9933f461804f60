// SPDX-License-Identifier: ISC
/* lent.h - the bookkeeping of platform_net_receive: buffers that the caller lent, and the frames that fill them in order. */
#ifndef PLATFORM_COMMON_LENT_H
#define PLATFORM_COMMON_LENT_H
#include "abi/extension.h"
#include "base/frame.h"

struct lent {
    SLICE(const struct mspan) buffers;
    size_t num_used;
    SLICE(struct rx_frame) frames;
    size_t num_frames;
    const struct extension_device *device;
};
/* How many unused buffers it takes to begin a frame of any size. */
size_t lent_to_begin(const struct lent *l);
/* Whether another frame may begin. */
bool lent_may_begin(const struct lent *l);
/* Notes a frame that fills the next unused buffers. */
void lent_received(struct lent *l, size_t num_bytes, struct frame_offload offload);
/* Copies a frame into unused buffers and notes it; one that is empty or does not fit is passed over. */
void lent_copy(struct lent *l, struct span frame, struct frame_offload offload);

/* What a device of the extension can do beyond plain frames. */
struct frame_features extension_features(const struct extension_device *d);

#endif
