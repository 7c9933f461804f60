// SPDX-License-Identifier: ISC
#include "platform/common/tx_frame.h"

size_t tx_frame_bytes(const struct tx_frame *frame)
{
    size_t num_bytes = 0;
    REQUIRE(frame->num_parts <= FRAME_PARTS_MAX);
    for (size_t i = 0; i < frame->num_parts; i++)
        num_bytes += frame->part[i].n;
    return num_bytes;
}

size_t tx_frame_copy(struct mspan into, const struct tx_frame *frame)
{
    size_t num_bytes = 0;
    REQUIRE(frame->num_parts <= FRAME_PARTS_MAX);
    for (size_t i = 0; i < frame->num_parts; i++) {
        if (span_copy(mspan_skip(into, num_bytes), frame->part[i]) < frame->part[i].n)
            return 0;
        num_bytes += frame->part[i].n;
    }
    return num_bytes;
}
