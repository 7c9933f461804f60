// SPDX-License-Identifier: ISC
/* Network devices of the unix target over socket pairs and a TAP. */
#include "check/test.h"
#include "platform/unix/net.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

PLATFORM_STACK_POOL(1, 4096);
static const struct platform_manifest_entry entries[] = { { "packets", true }, { "stream", true }, { "spare", true } };
const struct platform_manifest platform_manifest = { { entries, NUM_OF(entries) } };

static uint8_t buffer_bytes[2 * FRAME_PARTS_MAX][2048];
static struct mspan buffers[2 * FRAME_PARTS_MAX];
static struct rx_frame frames[8];
static unsigned handle;
static struct platform_net_info info;

static void lend_buffers(void)
{
    for (size_t i = 0; i < NUM_OF(buffers); i++)
        buffers[i] = MSPAN(buffer_bytes[i]);
}
/* Attaches one end of a new socket pair to a device of the manifest; returns the other end. */
static int attach(const char *name, int type)
{
    int ends[2];
    char what[16];
    REQUIRE(socketpair(AF_UNIX, type, 0, ends) == 0);
    (void)snprintf(what, sizeof what, "@%d", ends[0]);
    unsigned h = unix_handle(span_of_str(name), true);
    *net_device(h) = (struct net_device){ .kind = NET_NONE };
    unix_net_attach(h, what);
    unix_net_ready();
    REQUIRE(platform_net_find(span_of_str(name), &handle, &info) == OK && handle == h);
    lend_buffers();
    return ends[1];
}
static void detach(int other_end)
{
    (void)close(other_end);
    (void)close(net_device(handle)->fd);
    *net_device(handle) = (struct net_device){ .kind = NET_NONE };
}
static size_t receive(size_t num_buffers)
{
    return platform_net_receive(handle, buffers, num_buffers, frames, NUM_OF(frames));
}
TEST(frames_are_messages_of_a_packet_socket_both_ways)
{
    static const int types[] = { SOCK_SEQPACKET, SOCK_DGRAM };
    for (size_t i = 0; i < NUM_OF(types); i++) {
        int peer = attach("packets", types[i]);
        struct tx_frame out[2] = {
            { .part = { TEXT("first "), TEXT(""), TEXT("frame") }, .num_parts = 3 },
            { .part = { TEXT("second") }, .num_parts = 1 },
        };
        uint8_t got[64];
        EQ(info.mtu, 1500);
        TRUE((info.mac[0] & 3) == 2);
        EQ(platform_net_send(handle, out, 2), 2);
        EQ(read(peer, got, sizeof got), 11);
        SPAN_EQ(span_first(SPAN(got), 11), "first frame");
        EQ(read(peer, got, sizeof got), 6);
        EQ(receive(4), 0);
        EQ(platform_wait(0), 0);
        EQ(write(peer, "one", 3), 3);
        EQ(write(peer, "two!", 4), 4);
        EQ(platform_wait(NEVER), 1u << handle);
        EQ(receive(4), 2);
        EQ(frames[0].num_bytes, 3);
        EQ(frames[0].num_buffers, 1);
        SPAN_EQ(span_first(span_of(buffers[1]), frames[1].num_bytes), "two!");
        detach(peer);
    }
}
TEST(no_more_frames_are_taken_than_there_are_buffers)
{
    int peer = attach("packets", SOCK_SEQPACKET);
    for (int i = 0; i < 3; i++)
        EQ(write(peer, "frame", 5), 5);
    EQ(receive(2), 2);
    EQ(receive(2), 1);
    detach(peer);
}
TEST(a_message_larger_than_its_buffer_is_dropped_whole)
{
    static uint8_t large[4000];
    int peer = attach("packets", SOCK_SEQPACKET);
    EQ(write(peer, large, sizeof large), (ssize_t)sizeof large);
    EQ(write(peer, "next", 4), 4);
    EQ(receive(8), 1);
    EQ(frames[0].num_bytes, 4);
    detach(peer);
}
TEST(a_full_socket_takes_a_part_of_the_batch_and_goes_on_later)
{
    static uint8_t large[1514];
    static const struct tx_frame out = { .part = { { large, sizeof large } }, .num_parts = 1 };
    int peer = attach("packets", SOCK_SEQPACKET);
    size_t num = 0;
    while (num < 100000 && platform_net_send(handle, &out, 1) == 1)
        num++;
    TRUE(num > 0 && num < 100000);
    EQ(read(peer, large, sizeof large), (ssize_t)sizeof large);
    EQ(platform_net_send(handle, &out, 1), 1);
    detach(peer);
}
TEST(a_device_whose_other_side_is_gone_is_silent_and_does_not_keep_the_wait_awake)
{
    static const struct tx_frame out = { .part = { TEXT("lost") }, .num_parts = 1 };
    const char *names[] = { "packets", "stream" };
    for (size_t i = 0; i < NUM_OF(names); i++) {
        int peer = attach(names[i], i == 0 ? SOCK_SEQPACKET : SOCK_STREAM);
        (void)close(peer);
        (void)platform_wait(0);
        EQ(receive(FRAME_PARTS_MAX), 0);
        EQ(platform_wait(0), 0);
        EQ(platform_net_send(handle, &out, 1), 1);
        detach(-1);
    }
}
/* ---- Streams */

static uint8_t large_frame[60000], large_wire[4 + sizeof large_frame];

static bool is_large_frame(size_t first_buffer, const struct rx_frame *f)
{
    size_t at = 0;
    for (size_t i = 0; i < f->num_buffers; i++) {
        struct span part = span_first(span_of(buffers[first_buffer + i]), f->num_bytes - at);
        if (!span_eq(part, span_sub(SPAN(large_frame), at, part.n)))
            return false;
        at += part.n;
    }
    return at == sizeof large_frame;
}
static void make_large_frame(void)
{
    for (size_t i = 0; i < sizeof large_frame; i++)
        large_frame[i] = (uint8_t)(i * 7 + i / 251);
    mspan_u32(MSPAN(large_wire), 0, sizeof large_frame);
    memcpy(&large_wire[4], large_frame, sizeof large_frame);
}
TEST(a_frame_of_a_stream_comes_whole_wherever_it_was_cut)
{
    static const size_t cuts[] = { 1, 3, 4, 5, 2047, 2048, 30000, sizeof large_wire - 1 };
    int peer = attach("stream", SOCK_STREAM);
    make_large_frame();
    EQ(info.mtu, 65520);
    for (size_t i = 0; i < NUM_OF(cuts); i++) {
        size_t rest = sizeof large_wire - cuts[i];
        EQ(write(peer, large_wire, cuts[i]), (ssize_t)cuts[i]);
        EQ(receive(NUM_OF(buffers)), 0);
        EQ(write(peer, &large_wire[cuts[i]], rest), (ssize_t)rest);
        EQ(receive(NUM_OF(buffers)), 1);
        TRUE(is_large_frame(0, &frames[0]));
    }
    detach(peer);
}
TEST(frames_that_wait_in_the_stream_buffer_make_the_device_ready)
{
    int peer = attach("stream", SOCK_STREAM);
    EQ(write(peer, "\0\0\0\1a\0\0\0\2bc\0\0\0\0\0\0\0\1d", 20), 20);
    EQ(platform_net_receive(handle, buffers, NUM_OF(buffers), frames, 1), 1);
    EQ(platform_wait(NEVER), 1u << handle);
    EQ(receive(FRAME_PARTS_MAX - 1), 0);        /* too few buffers to begin one */
    EQ(platform_wait(NEVER), 1u << handle);
    EQ(receive(NUM_OF(buffers)), 2);
    EQ(frames[0].num_bytes, 2);
    SPAN_EQ(span_first(span_of(buffers[1]), frames[1].num_bytes), "d");
    detach(peer);
}
TEST(a_stream_that_takes_a_frame_in_pieces_gets_all_of_it)
{
    int peer = attach("stream", SOCK_STREAM);
    struct tx_frame out = { .part = { TEXT("head"), SPAN(large_frame) }, .num_parts = 2 };
    static uint8_t wire[1 << 20];
    size_t num = 0, num_read = 0, at = 0;
    make_large_frame();
    while (platform_net_send(handle, &out, 1) == 1)
        num++;
    TRUE(num > 0 && net_device(handle)->out.left.n > 0);
    for (;;) {
        ssize_t n = recv(peer, &wire[num_read], sizeof wire - num_read, MSG_DONTWAIT);
        num_read += n > 0 ? (size_t)n : 0;
        if (net_device(handle)->out.left.n == 0 && n <= 0)
            break;
        (void)platform_wait(0);         /* writes the rest as room comes */
    }
    for (size_t i = 0; i < num; i++, at += 8 + sizeof large_frame) {
        EQ(span_u32(SPAN(wire), at), 4 + sizeof large_frame);
        SPAN_EQ(span_sub(SPAN(wire), at + 4, 4), "head");
        TRUE(span_eq(span_sub(SPAN(wire), at + 8, sizeof large_frame), SPAN(large_frame)));
    }
    EQ(at, num_read);
    detach(peer);
}
TEST(a_length_that_cannot_be_ends_the_stream)
{
    int peer = attach("stream", SOCK_STREAM);
    EQ(write(peer, "\0\0\0\1a\xff\xff\xff\xff", 9), 9);
    EQ(receive(NUM_OF(buffers)), 1);
    EQ(receive(NUM_OF(buffers)), 0);
    EQ(platform_wait(0), 0);
    detach(peer);
}
/* ---- TAP: in a process with a network of its own, where the test may have one */

static bool make_tap(const char *interface)
{
    struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    memcpy(r.ifr_name, interface, strlen(interface) + 1);
    return fd >= 0 && ioctl(fd, TUNSETIFF, &r) == 0 && ioctl(fd, TUNSETPERSIST, 1) == 0 && close(fd) == 0;
}
static bool set_up(const char *interface)
{
    struct ifreq r = { .ifr_flags = IFF_UP };
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    memcpy(r.ifr_name, interface, strlen(interface) + 1);
    return s >= 0 && ioctl(s, SIOCSIFFLAGS, &r) == 0 && close(s) == 0;
}
static int packet_socket(const char *interface)
{
    struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_protocol = htons(0x88b5) };
    int s = socket(AF_PACKET, SOCK_RAW, htons(0x88b5));
    a.sll_ifindex = (int)if_nametoindex(interface);
    return s >= 0 && bind(s, (struct sockaddr *)&a, sizeof a) == 0 ? s : -1;
}
/* IPv4 and TCP without options, and 3000 bytes; the checksums are for the kernel to do. */
static struct tx_frame large_segment(uint8_t *headers, size_t num_bytes)
{
    struct mspan m = { headers, num_bytes };
    mspan_zero(m);
    memset(m.p, 0xff, 6);
    mspan_u16(m, 12, 0x0800);
    mspan_u32(m, 14, 0x45000000 | (40 + 3000));
    mspan_u32(m, 22, 0x40060000);
    mspan_u32(m, 26, 0x0a000002);
    mspan_u32(m, 30, 0x0a000001);
    mspan_u16(m, 46, 0x5010);
    return (struct tx_frame){
        .part = { span_of(m), span_first(SPAN(large_frame), 3000) }, .num_parts = 2,
        .offload = { .needs_checksum = true, .gso = FRAME_GSO_TCPV4, .gso_bytes = 1000, .header_bytes = 54,
                     .checksum_start = 34, .checksum_offset = 16 },
    };
}
/* The step that failed; 0: none did. */
static int use_tap(void)
{
    static const uint8_t plain[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, 'h', 'i' };
    struct tx_frame out = { .part = { SPAN(plain) }, .num_parts = 1 }, segment;
    uint8_t got[2048], headers[54];
    if (!make_tap("morgana-t0"))
        return 9;
    unix_net_attach(unix_handle(TEXT("spare"), true), "morgana-t0");
    unix_net_ready();
    if (platform_net_find(TEXT("spare"), &handle, &info) != OK || info.mtu != 1500)
        return 1;
    int peer = set_up("morgana-t0") ? packet_socket("morgana-t0") : -1;
    if (peer < 0)
        return 2;
    if (!info.features.send_tso4 || !info.features.receive_coalesced)
        return 3;
    if (platform_net_send(handle, &out, 1) != 1 || recv(peer, got, sizeof got, 0) != sizeof plain ||
        memcmp(got, plain, sizeof plain) != 0)
        return 4;
    lend_buffers();
    while (receive(NUM_OF(buffers)) > 0)
        ;                               /* what the kernel says on its own */
    if (write(peer, plain, sizeof plain) != sizeof plain || platform_wait(NEVER) != 1u << handle)
        return 5;
    if (receive(NUM_OF(buffers)) < 1 || frames[0].num_bytes != sizeof plain ||
        !span_eq(span_first(span_of(buffers[0]), sizeof plain), SPAN(plain)))
        return 6;
    segment = large_segment(headers, sizeof headers);
    if (platform_net_send(handle, &segment, 1) != 1)
        return 7;
    unix_net_restore();
    return net_device(handle)->must_restore ? 8 : 0;
}
TEST(a_tap_carries_frames_both_ways_with_offloads)
{
    enum { NO_NETWORK = 77 };
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(unshare(CLONE_NEWNET) != 0 || access("/dev/net/tun", R_OK | W_OK) != 0 ? NO_NETWORK : use_tap());
    TRUE(waitpid(child, &status, 0) == child && WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_NETWORK)
        puts("skip a_tap_carries_frames: it needs the right to make a network namespace and a TAP");
    else
        EQ(WEXITSTATUS(status), 0);
}
TEST_MAIN
