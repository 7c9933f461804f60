// SPDX-License-Identifier: ISC
/* net_stream.c - a network device behind a stream socket: frames with their length in front, as passt speaks. Many
 * frames a read, and a write. What the socket does not take waits in the queue, frames that do not fit it are not taken. At most
 * STREAMS_MAX of them; on one that has broken nothing is received or sent any more. */
#include "base/checked.h"
#include "platform/common/stream.h"
#include "platform/spt/linux_call.h"
#include "platform/spt/net.h"

#define STREAMS_MAX 4
#define READ_BYTES (2 * STREAM_STORAGE_BYTES)
#define QUEUE_BYTES_MAX (1u << 20)
#define MEMORY_SHARE 16         /* of small memory the queue takes this part */

struct queue {                  /* bytes to be written */
    struct mspan storage;
    size_t begin, end;
};

struct stream_net {
    unsigned handle;
    struct stream_in in;
    struct queue out;
    bool is_closed;
};
static struct stream_net streams[STREAMS_MAX];
static unsigned num_streams;

static struct stream_net *stream_of(unsigned handle)
{
    for (unsigned i = 0; i < num_streams; i++)
        if (streams[i].handle == handle)
            return &streams[i];
    return NULL;
}

void spt_stream_init(unsigned handle)
{
    size_t queue_bytes = size_max(STREAM_STORAGE_BYTES, size_min(QUEUE_BYTES_MAX, guest.memory.n / MEMORY_SHARE));
    struct mspan in = guest_take_memory(READ_BYTES), out = guest_take_memory(queue_bytes);
    if (num_streams == STREAMS_MAX || in.n == 0 || out.n == 0) {
        platform_console_write(TEXT("spt: too many stream networks, or too little memory for them\n"));
        platform_exit(1);
    }
    struct stream_net *s = &streams[num_streams++];
    s->handle = handle;
    stream_in_init(&s->in, in);
    s->out = (struct queue){ .storage = out };
}

static bool fill(struct stream_net *s)
{
    struct mspan room = stream_in_room(&s->in);
    if (room.n == 0)
        return false;
    long n = linux_call3(LINUX_READ, guest_record(s->handle)->host_fd, (long)room.p, (long)room.n);
    if (n > 0)
        stream_in_filled(&s->in, (size_t)n);
    s->is_closed |= n == 0;
    return n > 0 || n == -EINTR;
}

static bool receive_stream(unsigned handle, struct lent *l)
{
    struct stream_net *s = stream_of(handle);
    struct span frame;
    if (stream_in_next(&s->in, &frame)) {
        lent_copy(l, frame, (struct frame_offload){ 0 });
        return true;
    }
    return !s->is_closed && fill(s);
}

static struct span queued(const struct queue *q)
{
    return span_sub(span_of(q->storage), q->begin, q->end - q->begin);
}

/* false: there is no room for all of it. */
static bool reserve(struct queue *q, size_t num_bytes)
{
    struct span left = queued(q);
    if (num_bytes > q->storage.n - left.n)
        return false;
    if (num_bytes > q->storage.n - q->end && left.n > 0)
        memmove(q->storage.p, left.p, left.n);
    if (num_bytes > q->storage.n - q->end || left.n == 0) {
        q->begin = 0;
        q->end = left.n;
    }
    return true;
}

static void flush(struct stream_net *s)
{
    while (s->out.begin < s->out.end && !s->is_closed) {
        struct span left = queued(&s->out);
        long n = linux_call3(LINUX_WRITE, guest_record(s->handle)->host_fd, (long)left.p, (long)left.n);
        if (n == -EINTR)
            continue;
        s->is_closed = n < 0 && n != -EAGAIN;
        if (n <= 0)
            return;
        s->out.begin += (size_t)n;
    }
}
static void flush_stream(unsigned handle)
{
    flush(stream_of(handle));
}

/* All frames of a batch go out in one call. */
static bool send_stream(unsigned handle, const struct tx_frame *frame)
{
    struct stream_net *s = stream_of(handle);
    size_t num_bytes = tx_frame_bytes(frame);
    if (s->is_closed || num_bytes > STREAM_FRAME_BYTES_MAX)
        return true;
    if (!reserve(&s->out, STREAM_HEADER_BYTES + num_bytes)) {
        flush(s);
        if (!reserve(&s->out, STREAM_HEADER_BYTES + num_bytes))
            return false;
    }
    stream_header(mspan_skip(s->out.storage, s->out.end), frame);
    s->out.end += STREAM_HEADER_BYTES;
    s->out.end += tx_frame_copy(mspan_skip(s->out.storage, s->out.end), frame);
    return true;
}

const struct spt_net_ops spt_stream_ops = { receive_stream, send_stream, flush_stream };
