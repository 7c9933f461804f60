// SPDX-License-Identifier: ISC
/* net_stream.c - a network device behind a stream socket: frames with their length in front, as passt speaks. Many
 * frames a read. At most STREAMS_MAX of them; on one that has broken nothing is received or sent any more. */
#include "platform/common/stream.h"
#include "platform/spt/linux_call.h"
#include "platform/spt/net.h"

#define STREAMS_MAX 4
#define READ_BYTES (2 * STREAM_STORAGE_BYTES)

struct stream_net {
    unsigned handle;
    struct stream_in in;
    struct stream_out out;
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
    struct mspan in = spt_take_memory(READ_BYTES), out = spt_take_memory(STREAM_STORAGE_BYTES);
    if (num_streams == STREAMS_MAX || in.n == 0 || out.n == 0) {
        platform_console_write(TEXT("spt: too many stream networks, or too little memory for them\n"));
        platform_exit(1);
    }
    struct stream_net *s = &streams[num_streams++];
    s->handle = handle;
    stream_in_init(&s->in, in);
    stream_out_init(&s->out, out);
}

static bool fill(struct stream_net *s)
{
    struct mspan room = stream_in_room(&s->in);
    if (room.n == 0)
        return false;
    const struct iovec part = { room.p, room.n };
    long n = spt.way->read(spt_record(s->handle)->host_fd, (iovecs){ &part, 1 });
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

/* Writes what is left of an earlier frame; false: the socket is full. */
static bool flush(struct stream_net *s, int fd)
{
    while (s->out.left.n > 0) {
        const struct iovec part = { (void *)s->out.left.p, s->out.left.n };
        long n = spt.way->write(fd, (iovecs){ &part, 1 });
        if (n <= 0 && n != -EINTR)
            return false;
        stream_out_written(&s->out, n > 0 ? (size_t)n : 0);
    }
    return true;
}

static bool send_stream(unsigned handle, const struct tx_frame *frame)
{
    struct stream_net *s = stream_of(handle);
    int fd = spt_record(handle)->host_fd;
    uint8_t header[STREAM_HEADER_BYTES];
    struct iovec parts[FRAME_PARTS_MAX + 1] = { { header, sizeof header } };
    size_t num_bytes = tx_frame_bytes(frame);
    if (s->is_closed || num_bytes > STREAM_FRAME_BYTES_MAX)
        return true;
    if (!flush(s, fd))
        return false;
    stream_header(MSPAN(header), frame);
    for (size_t i = 0; i < frame->num_parts; i++)
        parts[i + 1] = (struct iovec){ (void *)frame->part[i].p, frame->part[i].n };
    long n = spt.way->write(fd, (iovecs){ parts, frame->num_parts + 1 });
    if (n == -EAGAIN || n == -EINTR)
        return false;
    s->is_closed |= n < 0;
    if (n > 0 && (size_t)n < num_bytes + sizeof header)
        stream_out_keep(&s->out, frame, (size_t)n);
    return true;
}

const struct spt_net_ops spt_stream_ops = { receive_stream, send_stream };
