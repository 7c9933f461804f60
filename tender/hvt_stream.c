// SPDX-License-Identifier: ISC
#include "tender/hvt_stream.h"
#include "base/checked.h"
#include "platform/common/stream.h"
#include "tender/vectors.h"
#include <errno.h>

#define STREAMS_MAX 4
#define PARTS_MAX (HVT_FRAME_PARTS_MAX + 1)

struct stream_net {
    unsigned handle;
    int fd;
    bool is_closed;
    struct stream_in in;
    struct stream_out out;
    uint8_t in_storage[2 * STREAM_STORAGE_BYTES], out_storage[STREAM_STORAGE_BYTES];
};
static struct stream_net streams[STREAMS_MAX];
static unsigned num_streams;

err hvt_stream_open(unsigned handle, int fd, struct message *why)
{
    if (num_streams == STREAMS_MAX)
        return refuse(why, E_NOMEM, "more than %d networks over streams: give the others a TAP", STREAMS_MAX);
    struct stream_net *s = &streams[num_streams++];
    s->handle = handle;
    s->fd = fd;
    stream_in_init(&s->in, MSPAN(s->in_storage));
    stream_out_init(&s->out, MSPAN(s->out_storage));
    return OK;
}

static struct stream_net *stream_of(unsigned handle)
{
    for (unsigned i = 0; i < num_streams; i++)
        if (streams[i].handle == handle)
            return &streams[i];
    UNREACHABLE("a stream that was not opened");
}

/* ---- Reading */

/* false: nothing is there, or nothing will be any more. */
static bool fill(struct stream_net *s)
{
    struct mspan room = stream_in_room(&s->in);
    const struct iovec part = { room.p, room.n };
    ssize_t n = room.n > 0 && !s->is_closed ? host_readv(s->fd, (iovecs){ &part, 1 }) : 0;
    if (n < 0 && errno == EINTR)
        return true;
    if (n > 0)
        stream_in_filled(&s->in, (size_t)n);
    s->is_closed |= n == 0 || (n < 0 && errno != EAGAIN);
    return n > 0;
}

static size_t scatter(iovecs into, struct span frame)
{
    struct span left = frame;
    for (size_t i = 0; i < into.n; i++) {
        struct mspan part = { AT(into, i).iov_base, AT(into, i).iov_len };
        left = span_skip(left, span_copy(part, left));
    }
    return left.n == 0 ? frame.n : 0;
}

enum host_net hvt_stream_read(unsigned handle, iovecs into, size_t *num_bytes)
{
    struct stream_net *s = stream_of(handle);
    struct span frame;
    while (!stream_in_next(&s->in, &frame))
        if (!fill(s))
            return HOST_NET_NOW_NOT;
    *num_bytes = scatter(into, frame);
    return HOST_NET_OK;
}

uint64_t hvt_streams_ready(void)
{
    uint64_t ready = 0;
    for (unsigned i = 0; i < num_streams; i++)
        if (stream_in_has_frame(&streams[i].in))
            ready |= UINT64_C(1) << streams[i].handle;
    return ready;
}

/* ---- Writing */

/* What the socket took; a broken one takes everything and loses it. */
static size_t write_parts(struct stream_net *s, const struct iovec *parts, size_t num_parts, size_t num_bytes)
{
    ssize_t n;
    do
        n = s->is_closed ? (ssize_t)num_bytes : host_writev(s->fd, (iovecs){ parts, num_parts });
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN) {
        s->is_closed = true;
        return num_bytes;
    }
    return n > 0 ? (size_t)n : 0;
}

static bool flush(struct stream_net *s)
{
    struct span left = s->out.left;
    const struct iovec part = { (void *)left.p, left.n };
    if (left.n > 0)
        stream_out_written(&s->out, write_parts(s, &part, 1, left.n));
    return s->out.left.n == 0;
}

void hvt_streams_flush(void)
{
    for (unsigned i = 0; i < num_streams; i++)
        (void)flush(&streams[i]);
}

enum host_net hvt_stream_write(unsigned handle, iovecs from)
{
    struct stream_net *s = stream_of(handle);
    uint8_t header[STREAM_HEADER_BYTES];
    struct iovec parts[PARTS_MAX] = { { header, sizeof header } };
    struct tx_frame frame = { .num_parts = from.n };
    REQUIRE(from.n < PARTS_MAX);
    for (size_t i = 0; i < from.n; i++) {
        parts[i + 1] = AT(from, i);
        frame.part[i] = (struct span){ AT(from, i).iov_base, AT(from, i).iov_len };
    }
    size_t num_bytes = tx_frame_bytes(&frame);
    if (num_bytes == 0 || num_bytes > STREAM_FRAME_BYTES_MAX)
        return HOST_NET_REFUSED;
    if (!flush(s))
        return HOST_NET_NOW_NOT;
    stream_header(MSPAN(header), &frame);
    size_t num_written = write_parts(s, parts, from.n + 1, sizeof header + num_bytes);
    if (num_written == 0)
        return HOST_NET_NOW_NOT;
    if (num_written < sizeof header + num_bytes)
        stream_out_keep(&s->out, &frame, num_written);
    return HOST_NET_OK;
}
