// SPDX-License-Identifier: ISC
/* What a guest's calls come to on a host that fails, with real files, sockets and limits of the kernel. */
#include "check/test.h"
#include "tender/events.h"
#include "tender/hvt_host.h"
#include "tender/hvt_system.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define DISK 1u
#define NET 2u
#define STREAM 3u
#define DISK_BYTES 65536u
#define HALF_BYTES 32768u
#define TRANSFER_MAX_BYTES 8192u

const char tender_name[] = "test_hvt_host";
static struct devices devices;
static uint8_t bytes[DISK_BYTES], got[DISK_BYTES];
static int other[2];            /* ends of the sockets */

/* Waiting is for hvt_linux.c, whose confinement would end this program. */
err hvt_wait_open(const struct devices *d, struct message *why)
{
    int epoll = -1;
    (void)d;
    TRY(events_open(&epoll, why));
    close(epoll);
    return OK;
}
uint64_t hvt_wait(uint64_t timeout_ns)
{
    (void)timeout_ns;
    return 0;
}

static int socket_pair(int type, int *end)
{
    int pair[2];
    EQ(socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    *end = pair[1];
    return pair[0];
}
/* A disk that is a file in memory, filled, and two networks; streams are opened once for all tests. */
static void open_host(void)
{
    static bool has_streams;
    static struct message why;
    int disk = memfd_create("disk", MFD_ALLOW_SEALING);
    TRUE(disk >= 0);
    for (size_t i = 0; i < sizeof bytes; i++)
        mspan_put(MSPAN(bytes), i, (uint8_t)(i * 7 + i / 512));
    EQ(pwrite(disk, bytes, sizeof bytes, 0), (ssize_t)sizeof bytes);
    devices.manifest.version = 1;
    devices.manifest.entries = 4;
    devices.manifest.record[DISK] = (struct solo5_record){ .type = SOLO5_DEVICE_BLOCK, .host_fd = disk, .is_attached = 1,
                                                           .block = { DISK_BYTES, 512 } };
    devices.extension[DISK].block_max_transfer_bytes = TRANSFER_MAX_BYTES;
    if (has_streams)
        return;
    has_streams = true;
    devices.manifest.record[NET] = (struct solo5_record){ .type = SOLO5_DEVICE_NET, .is_attached = 1,
                                                          .host_fd = socket_pair(SOCK_SEQPACKET, &other[0]) };
    devices.manifest.record[STREAM] = (struct solo5_record){ .type = SOLO5_DEVICE_NET, .is_attached = 1,
                                                             .host_fd = socket_pair(SOCK_STREAM, &other[1]) };
    devices.extension[NET].net_kind = EXTENSION_NET_TAP;
    devices.extension[STREAM].net_kind = EXTENSION_NET_STREAM;
    EQ(hvt_host_open(&devices, &why), OK);
}
static int disk_fd(void)
{
    return devices.manifest.record[DISK].host_fd;
}
static err read_disk(size_t from, size_t n)
{
    mspan_zero(MSPAN(got));
    return hvt_host.block_read(DISK, from, mspan_first(MSPAN(got), n));
}
static err write_disk(size_t from, size_t n)
{
    return hvt_host.block_write(DISK, from, span_sub(SPAN(bytes), from, n));
}
static bool is_right(size_t from, size_t n)
{
    return span_eq(span_first(SPAN(got), n), span_sub(SPAN(bytes), from, n));
}

TEST(a_file_that_became_shorter_is_an_error_where_it_is_gone_alone)
{
    open_host();
    EQ(read_disk(0, DISK_BYTES), OK);
    TRUE(is_right(0, DISK_BYTES));
    EQ(ftruncate(disk_fd(), HALF_BYTES + 512), 0);
    EQ(read_disk(0, HALF_BYTES), OK);
    TRUE(is_right(0, HALF_BYTES));
    EQ(read_disk(HALF_BYTES, 1024), E_IO);      /* a short read */
    EQ(read_disk(DISK_BYTES - 512, 512), E_IO);
    EQ(read_disk(0, DISK_BYTES), E_IO);         /* of several steps */
    EQ(pwrite(disk_fd(), bytes, sizeof bytes, 0), (ssize_t)sizeof bytes);
    EQ(read_disk(0, DISK_BYTES), OK);
    TRUE(is_right(0, DISK_BYTES));
    close(disk_fd());
}

TEST(a_file_that_takes_nothing_more_is_an_error_of_the_write)
{
    open_host();
    EQ(write_disk(512, 2 * TRANSFER_MAX_BYTES), OK);
    EQ(hvt_host.block_flush(DISK), OK);
    EQ(fcntl(disk_fd(), F_ADD_SEALS, F_SEAL_WRITE), 0);
    EQ(write_disk(512, 512), E_IO);
    EQ(read_disk(512, 512), OK);
    TRUE(is_right(512, 512));
    close(disk_fd());
}

TEST(what_is_discarded_is_gone_and_the_rest_stays)
{
    open_host();
    EQ(hvt_host.block_discard(DISK, 4096, 4096), OK);
    EQ(read_disk(4096, 4096), OK);
    for (size_t i = 0; i < 4096; i++)
        EQ(span_at(SPAN(got), i), 0);
    EQ(read_disk(0, 4096), OK);
    TRUE(is_right(0, 4096));
    EQ(read_disk(8192, 4096), OK);
    TRUE(is_right(8192, 4096));
    EQ(hvt_host.block_discard(DISK, 0, 0), OK);
    EQ(fcntl(disk_fd(), F_ADD_SEALS, F_SEAL_WRITE), 0);
    EQ(hvt_host.block_discard(DISK, 0, 4096), E_IO);
    close(disk_fd());
}

TEST(a_limit_of_files_is_an_error_and_no_signal)
{
    struct rlimit before, limit;
    open_host();
    EQ(ftruncate(disk_fd(), 0), 0);
    EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = (struct rlimit){ HALF_BYTES, before.rlim_max };
    EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    EQ(write_disk(0, HALF_BYTES), OK);
    EQ(write_disk(HALF_BYTES, 512), E_IO);
    EQ(write_disk(HALF_BYTES - 512, 1024), E_IO);   /* a short write */
    EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    EQ(write_disk(HALF_BYTES, 512), OK);
    close(disk_fd());
}

TEST(no_space_and_no_device_are_errors)
{
    open_host();
    close(disk_fd());
    devices.manifest.record[DISK].host_fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    EQ(write_disk(0, 512), E_IO);
    EQ(hvt_host.block_flush(DISK), E_IO);       /* it cannot be */
    TRUE(hvt_host.block_discard(DISK, 0, 512) != OK);
    close(disk_fd());
    EQ(read_disk(0, 512), E_IO);
    EQ(write_disk(0, 512), E_IO);
    EQ(hvt_host.block_flush(DISK), E_IO);
}

static enum host_net send_frame(unsigned handle, size_t n)
{
    const struct iovec part = { bytes, n };
    return hvt_host.net_write(handle, (iovecs){ &part, 1 });
}
static enum host_net receive_frame(unsigned handle, size_t room, size_t *n)
{
    const struct iovec part = { got, room };
    *n = 0;
    return hvt_host.net_read(handle, (iovecs){ &part, 1 }, n);
}
static void drain(int fd)
{
    while (recv(fd, got, sizeof got, 0) > 0)
        continue;
}

TEST(a_network_that_nobody_reads_is_full_and_then_not_any_more)
{
    open_host();
    for (unsigned handle = NET; handle <= STREAM; handle++) {
        unsigned num = 0;
        while (send_frame(handle, 1000) == HOST_NET_OK)
            TRUE(++num < 100000);
        TRUE(num > 0);
        EQ(send_frame(handle, 1000), HOST_NET_NOW_NOT);
        for (int i = 0; i < 3; i++) {           /* what is left of a stream's frame comes first */
            drain(other[handle - NET]);
            (void)hvt_host.poll(0);
        }
        EQ(send_frame(handle, 1000), HOST_NET_OK);
        drain(other[handle - NET]);
    }
    close(disk_fd());
}

TEST(frames_of_every_length_stay_inside_their_buffers)
{
    open_host();
    for (size_t n = 1; n < 3000; n += n < 70 ? 1 : 293) {
        size_t num_bytes;
        EQ(send(other[0], bytes, n, 0), (ssize_t)n);
        mspan_zero(MSPAN(got));
        EQ(receive_frame(NET, 1514, &num_bytes), HOST_NET_OK);
        TRUE(num_bytes <= 1514);
        TRUE(span_eq(span_first(SPAN(got), num_bytes), span_first(SPAN(bytes), num_bytes)));
        EQ(span_at(SPAN(got), 1514), 0);
        EQ(receive_frame(NET, 1514, &num_bytes), HOST_NET_NOW_NOT);
    }
    close(disk_fd());
}

/* The last test of the networks. */
TEST(a_network_whose_other_end_is_gone_takes_and_gives_nothing)
{
    size_t num_bytes;
    open_host();
    close(other[0]);
    close(other[1]);
    for (int i = 0; i < 3; i++) {
        EQ(send_frame(NET, 100), HOST_NET_REFUSED);
        EQ(receive_frame(NET, 1514, &num_bytes), HOST_NET_NOW_NOT);
        (void)send_frame(STREAM, 100);
        EQ(receive_frame(STREAM, 1514, &num_bytes), HOST_NET_NOW_NOT);
        EQ(hvt_host.poll(0), 0);
    }
    close(disk_fd());
}

TEST_MAIN
