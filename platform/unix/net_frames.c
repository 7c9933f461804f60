// SPDX-License-Identifier: ISC
/* Frames in and out of a descriptor: as messages (TAP, packet sockets), scattered and gathered by the kernel; or in
 * a stream, where writes gather too, and reads pass a buffer since they do not end where frames do. */
#include "base/checked.h"
#include "platform/unix/net.h"
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_passing(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM;
}

static ssize_t read_message(const struct net_device *d, struct net_vector *v, bool *is_cut)
{
    struct msghdr m = { .msg_iov = v->part, .msg_iovlen = v->num };
    ssize_t n;
    do
        n = d->kind == NET_TAP ? readv(d->fd, v->part, (int)v->num) : recvmsg(d->fd, &m, 0);
    while (n < 0 && errno == EINTR);
    *is_cut = (m.msg_flags & MSG_TRUNC) != 0;
    return n;
}

enum net_result net_message_receive(struct net_device *d, struct net_buffers *b, struct rx_frame *frame)
{
    uint8_t header[VNET_BYTES] = { 0 };
    size_t header_bytes = d->has_vnet ? sizeof header : 0;
    struct net_vector v = { .num = 0 };
    bool is_cut;
    if (d->has_vnet)
        net_vector_add(&v, header, sizeof header);
    if (!net_buffers_offer(b, &d->info, &v))
        return NET_AGAIN;
    ssize_t n = read_message(d, &v, &is_cut);
    if ((n < 0 && !is_passing(errno)) || (n == 0 && d->ends_at_zero))
        d->is_dead = true;
    if (n < 0 || d->is_dead)
        return NET_AGAIN;
    *frame = (struct rx_frame){ .num_bytes = (size_t)n - size_min((size_t)n, header_bytes) };
    if (is_cut || frame->num_bytes == 0)
        return NET_DROPPED;
    if (d->has_vnet && vnet_decode(SPAN(header), frame->num_bytes, &frame->offload) != WIRE_OK)
        return NET_DROPPED;
    frame->num_buffers = net_buffers_take(b, frame->num_bytes);
    return NET_DONE;
}

static void add_parts(struct net_vector *v, const struct tx_frame *frame)
{
    for (size_t i = 0; i < frame->num_parts; i++)
        net_vector_add(v, frame->part[i].p, frame->part[i].n);
}

static ssize_t write_vector(const struct net_device *d, struct net_vector *v)
{
    ssize_t n;
    do
        n = writev(d->fd, v->part, (int)v->num);
    while (n < 0 && errno == EINTR);
    return n;
}

enum net_result net_message_send(struct net_device *d, const struct tx_frame *frame)
{
    uint8_t header[VNET_BYTES] = { 0 };
    struct net_vector v = { .num = 0 };
    if (d->has_vnet) {
        vnet_encode(MSPAN(header), &frame->offload);
        net_vector_add(&v, header, sizeof header);
    }
    add_parts(&v, frame);
    if (write_vector(d, &v) >= 0)
        return NET_DONE;
    return is_passing(errno) ? NET_AGAIN : NET_DROPPED;
}

/* ---- Streams */

/* true: more bytes came */
static bool stream_read(struct net_device *d)
{
    struct mspan room = stream_in_room(&d->in);
    ssize_t n;
    do
        n = room.n > 0 ? read(d->fd, room.p, room.n) : 0;
    while (n < 0 && errno == EINTR);
    if (n == 0 || (n < 0 && !is_passing(errno)))
        d->is_dead = true;              /* its end, an error, or a length that cannot be */
    if (n > 0)
        stream_in_filled(&d->in, (size_t)n);
    return n > 0;
}

static size_t scatter(const struct net_vector *v, struct span bytes)
{
    size_t num_copied = 0;
    for (size_t i = 0; i < v->num && num_copied < bytes.n; i++) {
        struct mspan room = { v->part[i].iov_base, v->part[i].iov_len };
        num_copied += span_copy(room, span_skip(bytes, num_copied));
    }
    return num_copied;
}

enum net_result net_stream_receive(struct net_device *d, struct net_buffers *b, struct rx_frame *frame)
{
    struct net_vector v = { .num = 0 };
    struct span bytes;
    if (!net_buffers_offer(b, &d->info, &v))
        return NET_AGAIN;
    if (!stream_in_has_frame(&d->in) && !stream_read(d))
        return NET_AGAIN;
    if (!stream_in_next(&d->in, &bytes))
        return d->in.is_broken ? (d->is_dead = true, NET_AGAIN) : NET_DROPPED;
    if (bytes.n == 0 || scatter(&v, bytes) < bytes.n)
        return NET_DROPPED;
    *frame = (struct rx_frame){ .num_bytes = bytes.n, .num_buffers = net_buffers_take(b, bytes.n) };
    return NET_DONE;
}

bool net_stream_flush(struct net_device *d)
{
    while (d->out.left.n > 0) {
        struct net_vector v = { .num = 0 };
        net_vector_add(&v, d->out.left.p, d->out.left.n);
        ssize_t n = write_vector(d, &v);
        if (n < 0) {
            d->is_dead = !is_passing(errno);
            return false;
        }
        stream_out_written(&d->out, (size_t)n);
    }
    return true;
}

enum net_result net_stream_send(struct net_device *d, const struct tx_frame *frame)
{
    uint8_t header[STREAM_HEADER_BYTES];
    struct net_vector v = { .num = 0 };
    size_t whole = STREAM_HEADER_BYTES + tx_frame_bytes(frame);
    if (whole > STREAM_STORAGE_BYTES)
        return NET_DROPPED;
    if (!net_stream_flush(d))
        return NET_AGAIN;
    stream_header(MSPAN(header), frame);
    net_vector_add(&v, header, sizeof header);
    add_parts(&v, frame);
    ssize_t n = write_vector(d, &v);
    if (n < 0) {
        d->is_dead = !is_passing(errno);
        return d->is_dead ? NET_DROPPED : NET_AGAIN;
    }
    if ((size_t)n < whole)
        stream_out_keep(&d->out, frame, (size_t)n);
    return NET_DONE;
}
