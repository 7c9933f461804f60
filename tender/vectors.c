// SPDX-License-Identifier: ISC
#include "tender/vectors.h"
#include "base/checked.h"
#include <errno.h>
#include <unistd.h>

#define BUFFER_BYTES (65536u + 64u)     /* a frame of any size with its header */

static bool has_vectors = true;
static uint8_t buffer[BUFFER_BYTES];

bool host_vectors_probe(void)
{
    has_vectors = !(readv(-1, NULL, 0) < 0 && errno == ENOSYS) && !(writev(-1, NULL, 0) < 0 && errno == ENOSYS);
    return has_vectors;
}

ssize_t host_readv(int fd, iovecs into)
{
    size_t room = 0;
    if (has_vectors)
        return readv(fd, into.p, (int)into.n);
    for (size_t i = 0; i < into.n; i++)
        room += AT(into, i).iov_len;
    ssize_t n = read(fd, buffer, size_min(room, sizeof buffer));
    struct span left = span_first(SPAN(buffer), n > 0 ? (size_t)n : 0);
    for (size_t i = 0; i < into.n; i++) {
        struct mspan part = { AT(into, i).iov_base, AT(into, i).iov_len };
        left = span_skip(left, span_copy(part, left));
    }
    return n;
}

ssize_t host_writev(int fd, iovecs from)
{
    struct mspan room = MSPAN(buffer);
    if (has_vectors)
        return writev(fd, from.p, (int)from.n);
    for (size_t i = 0; i < from.n; i++) {
        struct span part = { AT(from, i).iov_base, AT(from, i).iov_len };
        room = mspan_skip(room, span_copy(room, part));
    }
    return write(fd, buffer, sizeof buffer - room.n);
}
