// SPDX-License-Identifier: ISC
/* stream.h - Ethernet frames over a byte stream, each with its length in front: 4 bytes, big-endian (what passt
 * and QEMU's stream netdev speak). Pure: the caller reads and writes; reads may end, and writes may be
 * cut, at any byte.
 *
 * In: read into stream_in_room, tell stream_in_filled, take frames with stream_in_next until there is none.
 * Out: write stream_header and the parts of a frame; what the socket did not take of a frame that it
 * began goes to stream_out_keep and before everything else next time. */
#ifndef PLATFORM_COMMON_STREAM_H
#define PLATFORM_COMMON_STREAM_H
#include "platform/common/tx_frame.h"

#define STREAM_HEADER_BYTES 4u
#define STREAM_FRAME_BYTES_MAX (65535u + 18u)       /* an IP packet of any length, Ethernet and a VLAN tag */
/* The least storage of either direction. More makes stream_in_room offer more at once. */
#define STREAM_STORAGE_BYTES (STREAM_HEADER_BYTES + STREAM_FRAME_BYTES_MAX)

struct stream_in {
    struct mspan storage;
    size_t begin, end;          /* what was read and not yet taken */
    bool is_broken;             /* a length that cannot be: the stream has lost its frames for good */
};
/* The stream keeps the storage, at least STREAM_STORAGE_BYTES. */
void stream_in_init(struct stream_in *s, struct mspan storage);
/* Where to read to next: never empty once stream_in_next has said false, unless the stream is broken.
 * Frames taken before are invalid from here on. */
struct mspan stream_in_room(struct stream_in *s);
void stream_in_filled(struct stream_in *s, size_t num_bytes);
/* The next whole frame, borrowed until stream_in_room; false: there is none yet, or the stream is broken. */
MUST_CHECK bool stream_in_next(struct stream_in *s, struct span *frame);
/* Whether stream_in_next would give one. */
bool stream_in_has_frame(const struct stream_in *s);

struct stream_out {
    struct mspan storage;
    struct span left;           /* to be written before the next frame */
};
void stream_out_init(struct stream_out *s, struct mspan storage);
/* The STREAM_HEADER_BYTES in front of the frame; at most STREAM_FRAME_BYTES_MAX long. */
void stream_header(struct mspan out, const struct tx_frame *frame);
/* Of this frame and its header only the first num_written bytes could be written: copies the others. */
void stream_out_keep(struct stream_out *s, const struct tx_frame *frame, size_t num_written);
/* So many bytes of `left` have been written. */
void stream_out_written(struct stream_out *s, size_t num_bytes);

#endif
