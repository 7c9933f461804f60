// SPDX-License-Identifier: ISC
/* Networks over streams, between a guest and sockets of a fake host: these give and take as many bytes at a time as a test wants,
 * or fail. */
#include "check/test.h"
#include "platform/common/stream.h"
#include "tender/hvt_stream.h"
#include "tender/vectors.h"
#include <errno.h>

#define SOCKETS 4u
#define NO_SUCH_HANDLE 0u

static struct socket {
    struct span in;             /* what the other end has sent */
    size_t in_step, out_step;   /* a call gives or takes no more; 0: any number */
    int in_error, out_error;    /* of the next call, once */
    bool is_over;               /* the other end is gone */
    bool is_full;               /* a call takes nothing, and is no error either */
    unsigned num_reads, num_writes;
    uint8_t out[2 * STREAM_STORAGE_BYTES];
    size_t out_bytes;
} sockets[SOCKETS];

static ssize_t fail_once(int *error)
{
    errno = *error;
    *error = 0;
    return -1;
}
/* errno says nothing where a call does not fail. */
ssize_t host_readv(int fd, iovecs into)
{
    struct socket *s = &sockets[fd];
    s->num_reads++;
    REQUIRE(into.n == 1 && AT(into, 0).iov_len > 0);
    if (s->in_error)
        return fail_once(&s->in_error);
    errno = EINTR;
    if (s->in.n == 0 && !s->is_over) {
        errno = EAGAIN;
        return -1;
    }
    struct mspan part = { AT(into, 0).iov_base, AT(into, 0).iov_len };
    size_t n = span_copy(part, s->in_step ? span_first(s->in, s->in_step) : s->in);
    s->in = span_skip(s->in, n);
    return (ssize_t)n;
}
ssize_t host_writev(int fd, iovecs from)
{
    struct socket *s = &sockets[fd];
    size_t room = s->out_step ? s->out_step : SIZE_MAX, before = s->out_bytes;
    s->num_writes++;
    if (s->out_error)
        return fail_once(&s->out_error);
    errno = EINTR;
    for (size_t i = 0; i < from.n && !s->is_full; i++) {
        struct span part = span_first((struct span){ AT(from, i).iov_base, AT(from, i).iov_len }, room);
        s->out_bytes += span_copy(mspan_skip(MSPAN(s->out), s->out_bytes), part);
        room -= part.n;
    }
    return (ssize_t)(s->out_bytes - before);
}
static struct span written(unsigned at)
{
    return span_first(SPAN(sockets[at].out), sockets[at].out_bytes);
}

/* The handle of the socket that is opened for a test; there are no more than four for all of them. */
static unsigned num_open;
static unsigned handle_of(unsigned at)
{
    return 10 + at * 3;
}
static unsigned open_next(void)
{
    struct message why;
    REQUIRE(num_open < SOCKETS);
    EQ(hvt_stream_open(handle_of(num_open), (int)num_open, &why), OK);
    return num_open++;
}
#define PARTS 8u
#define PART_BYTES 4u
static uint8_t got[PARTS * PART_BYTES];
static size_t num_got;
static enum host_net take(unsigned at)
{
    struct iovec parts[PARTS];
    mspan_zero(MSPAN(got));
    num_got = 99;
    for (unsigned i = 0; i < PARTS; i++)
        parts[i] = (struct iovec){ mspan_skip(MSPAN(got), (size_t)i * PART_BYTES).p, PART_BYTES };
    return hvt_stream_read(handle_of(at), (iovecs){ parts, PARTS }, &num_got);
}
#define TAKES(at, text)                                                                             \
    do {                                                                                            \
        EQ(take(at), HOST_NET_OK);                                                                  \
        SPAN_EQ(span_first(SPAN(got), num_got), text);                                              \
    } while (0)
static enum host_net give(unsigned at, struct span a, struct span b)
{
    const struct iovec parts[2] = { { (void *)a.p, a.n }, { (void *)b.p, b.n } };
    return hvt_stream_write(handle_of(at), (iovecs){ parts, 2 });
}

TEST(frames_come_whole_wherever_reads_cut_the_stream)
{
    unsigned at = open_next();
    struct socket *s = &sockets[at];
    static const struct span wire = TEXT_INIT("\0\0\0\3abc\0\0\0\0\0\0\0\12hello, you\0\0\0\1z");
    for (s->in_step = 0; s->in_step <= wire.n; s->in_step++) {
        s->in = wire;
        s->in_error = s->in_step & 1 ? EINTR : 0;
        TAKES(at, "abc");
        TAKES(at, "");
        TAKES(at, "hello, you");
        TAKES(at, "z");
        EQ(take(at), HOST_NET_NOW_NOT);
        EQ(num_got, 99);
    }
    PANICS((void)hvt_stream_read(NO_SUCH_HANDLE, (iovecs){ 0 }, &num_got));
}
TEST(a_frame_that_was_read_already_is_told)
{
    unsigned at = 0;
    EQ(hvt_streams_ready(), 0);
    sockets[at].in_step = 0;
    sockets[at].in = TEXT("\0\0\0\1a\0\0\0\1b\0\0\0\1");
    TAKES(at, "a");
    EQ(hvt_streams_ready(), UINT64_C(1) << handle_of(at));
    TAKES(at, "b");
    EQ(hvt_streams_ready(), 0);
    EQ(take(at), HOST_NET_NOW_NOT);
    sockets[at].in = TEXT("c");
    TAKES(at, "c");
}
TEST(a_frame_that_does_not_fit_is_an_empty_one_and_the_next_is_whole)
{
    unsigned at = 0;
    sockets[at].in = TEXT("\0\0\0\40" "0123456789abcdef0123456789abcdef" "\0\0\0\41" "0123456789abcdef0123456789abcdefg" "\0\0\0\1x");
    TAKES(at, "0123456789abcdef0123456789abcdef");
    TAKES(at, "");
    TAKES(at, "x");
}
TEST(a_length_that_cannot_be_ends_the_stream_for_good)
{
    unsigned at = open_next();
    struct socket *s = &sockets[at];
    s->in = TEXT("\0\0\0\1a\0\1\0\22");
    TAKES(at, "a");
    EQ(take(at), HOST_NET_NOW_NOT);
    s->in = TEXT("\0\0\0\1b");
    unsigned before = s->num_reads;
    EQ(take(at), HOST_NET_NOW_NOT);
    EQ(s->num_reads, before);
}
TEST(frames_are_written_with_their_length_and_none_that_cannot_be)
{
    static uint8_t large[STREAM_FRAME_BYTES_MAX];
    unsigned at = 0;
    struct socket *s = &sockets[at];
    unsigned before = s->num_writes;
    EQ(give(at, TEXT("ab"), TEXT("c")), HOST_NET_OK);
    EQ(give(at, TEXT(""), TEXT("d")), HOST_NET_OK);
    SPAN_EQ(written(at), "\0\0\0\3abc\0\0\0\1d");
    EQ(give(at, TEXT(""), TEXT("")), HOST_NET_REFUSED);
    EQ(give(at, SPAN(large), TEXT("x")), HOST_NET_REFUSED);
    EQ(s->num_writes, before + 2);
    s->out_bytes = 0;
    EQ(give(at, SPAN(large), TEXT("")), HOST_NET_OK);
    EQ(s->out_bytes, STREAM_STORAGE_BYTES);
    EQ(span_u32(written(at), 0), STREAM_FRAME_BYTES_MAX);
    s->out_bytes = 0;
}
TEST(what_a_socket_did_not_take_of_a_frame_goes_before_the_next)
{
    unsigned at = 0;
    struct socket *s = &sockets[at];
    for (s->out_step = 1; s->out_step < 9; s->out_step++) {
        s->out_bytes = 0;
        EQ(give(at, TEXT("hel"), TEXT("lo")), HOST_NET_OK);
        EQ(s->out_bytes, s->out_step);
        s->is_full = true;
        EQ(give(at, TEXT("x"), TEXT("y")), HOST_NET_NOW_NOT);
        s->is_full = false;
        s->out_error = EINTR;
        while (s->out_bytes < 9)
            hvt_streams_flush();
        SPAN_EQ(written(at), "\0\0\0\5hello");
        unsigned before = s->num_writes;
        hvt_streams_flush();
        EQ(s->num_writes, before);
    }
    s->out_step = 0;
    s->out_bytes = 0;
    EQ(give(at, TEXT("x"), TEXT("y")), HOST_NET_OK);
    SPAN_EQ(written(at), "\0\0\0\2xy");
}
TEST(a_full_socket_takes_nothing_of_a_frame_until_there_is_room)
{
    unsigned at = 0;
    struct socket *s = &sockets[at];
    unsigned before = s->num_writes;
    s->out_bytes = 0;
    s->out_error = EAGAIN;
    EQ(give(at, TEXT("a"), TEXT("b")), HOST_NET_NOW_NOT);
    s->is_full = true;
    EQ(give(at, TEXT("a"), TEXT("b")), HOST_NET_NOW_NOT);
    s->is_full = false;
    EQ(s->num_writes, before + 2);
    s->out_error = EINTR;
    EQ(give(at, TEXT("a"), TEXT("b")), HOST_NET_OK);
    EQ(s->num_writes, before + 4);
    SPAN_EQ(written(at), "\0\0\0\2ab");
}
TEST(a_socket_that_breaks_takes_everything_and_gives_nothing)
{
    unsigned at = open_next();
    struct socket *s = &sockets[at];
    s->in = TEXT("\0\0\0\1a\0\0\0\1b");
    s->in_step = 5;
    TAKES(at, "a");
    s->out_error = EPIPE;
    EQ(give(at, TEXT("x"), TEXT("y")), HOST_NET_OK);
    unsigned before = s->num_writes;
    EQ(give(at, TEXT("x"), TEXT("y")), HOST_NET_OK);
    EQ(s->num_writes, before);
    EQ(s->out_bytes, 0);
    EQ(take(at), HOST_NET_NOW_NOT);
    EQ(s->num_reads, 1);
}
TEST(there_are_four_streams_and_not_one_more)
{
    struct message why;
    unsigned at = open_next();
    EQ(num_open, SOCKETS);
    EQ(hvt_stream_open(60, 0, &why), E_NOMEM);
    TRUE(strstr(why.text, "more than 4"));
    sockets[at].in = TEXT("\0\0\0\1a\0\0\0\1b");
    TAKES(at, "a");
    EQ(hvt_streams_ready(), UINT64_C(1) << handle_of(at));
    TAKES(at, "b");
    hvt_streams_flush();
}
TEST(a_socket_whose_other_end_is_gone_is_not_read_again)
{
    unsigned at = num_open - 1;
    struct socket *s = &sockets[at];
    s->is_over = true;
    EQ(take(at), HOST_NET_NOW_NOT);
    unsigned before = s->num_reads;
    EQ(take(at), HOST_NET_NOW_NOT);
    EQ(s->num_reads, before);
    EQ(give(at, TEXT("x"), TEXT("y")), HOST_NET_OK);
    EQ(s->num_writes, 0);
    at = 0;                     /* an error is an end as well */
    s = &sockets[at];
    s->in_error = ECONNRESET;
    before = s->num_reads;
    EQ(take(at), HOST_NET_NOW_NOT);
    EQ(take(at), HOST_NET_NOW_NOT);
    EQ(s->num_reads, before + 1);
}
TEST_MAIN
