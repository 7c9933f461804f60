// SPDX-License-Identifier: ISC
/* tx_frame.h - a frame to be sent, as one piece: what every driver asks of its parts. */
#ifndef PLATFORM_COMMON_TX_FRAME_H
#define PLATFORM_COMMON_TX_FRAME_H
#include "base/frame.h"

/* Of all its parts. */
size_t tx_frame_bytes(const struct tx_frame *frame);
/* Copies the parts, one behind the other; says how many bytes that were. 0: they do not fit, or there are none. */
size_t tx_frame_copy(struct mspan into, const struct tx_frame *frame);

#endif
