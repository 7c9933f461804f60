// SPDX-License-Identifier: ISC
/* frames.h - a queue of frames in one piece of memory, an engine. Frames are copied in and out; one that does not fit is
 * refused. */
#ifndef LIB_FRAMES_FRAMES_H
#define LIB_FRAMES_FRAMES_H
#include "base/frame.h"
#include "base/nanos.h"
#include "base/span.h"

#define FRAMES_NOTE_BYTES sizeof(struct frame_note)     /* of memory, beside the bytes of each */

struct frame_note {
    nanos at;                   /* whatever time its owner wants to remember */
    uint32_t num_bytes;         /* in the queue */
    uint32_t whole_bytes;       /* that the frame had */
    uint32_t tag;               /* of the owner */
    struct frame_offload offload;
};
struct frame_queue {            /* all zero: takes nothing */
    struct mspan memory;
    size_t read_at, num_used;   /* bytes */
    size_t num;                 /* frames */
};
typedef SLICE(const struct span) frame_parts;

/* The queue keeps the memory. */
struct frame_queue frame_queue_of(struct mspan memory);
/* The frame that the parts make, cut to note.num_bytes where it has more. note.whole_bytes is filled in. false: no room. */
MUST_CHECK bool frame_queue_push(struct frame_queue *q, frame_parts parts, const struct frame_note *note);
/* What is known of the oldest; false: there is none. */
MUST_CHECK bool frame_queue_next(const struct frame_queue *q, struct frame_note *out);
/* Takes the oldest, which is there, into the buffers from `first` on, in order; what they cannot hold is lost. Returns how many
 * buffers were used. */
size_t frame_queue_pop(struct frame_queue *q, frame_buffers buffers, size_t first);
static inline size_t frame_bytes(frame_parts parts)
{
    size_t n = 0;
    for (size_t i = 0; i < parts.n; i++)
        n += AT(parts, i).n;
    return n;
}

#endif
