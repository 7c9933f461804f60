// SPDX-License-Identifier: ISC
/* peer.c - the host's side of a TAP in the tests: `peer INTERFACE echo` sends three frames and wants them back with their
 * addresses exchanged; `peer INTERFACE large` the same with a TCP segment of 20 KB that is left to be cut; `peer INTERFACE
 * tso` prints whether the interface has segmentation offload; `peer stream|packet COMMAND...` starts the command with one end of
 * such a socket as descriptor 3 and does the echo over the other, a stream in pieces that are no frames. */
#include <arpa/inet.h>
#include <err.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE 20000
#define HEADERS 54              /* Ethernet, IPv4, TCP */
static const uint8_t guest[6] = { 2, 0, 0, 0, 0, 0x42 }, host[6] = { 2, 0, 0, 0, 0, 0x17 };

struct frame {
    struct virtio_net_hdr vnet;
    uint8_t bytes[65536];
} __attribute__((packed));
static struct frame out, in;

static int open_interface(const char *name, int with_header)
{
    struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
                                   .sll_ifindex = (int)if_nametoindex(name) };
    int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    if (fd < 0 || address.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &with_header, sizeof with_header) != 0)
        err(1, "%s", name);
    return fd;
}

static void set_be16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void fill_frame(size_t n, unsigned number)
{
    memcpy(out.bytes, guest, 6);
    memcpy(out.bytes + 6, host, 6);
    set_be16(out.bytes + 12, 0x88b5);           /* for local experiments */
    for (size_t i = 14; i < n; i++)
        out.bytes[i] = (uint8_t)(i * 13 + number);
}

static void fill_segment(void)
{
    uint8_t *ip = out.bytes + 14, *tcp = ip + 20;
    set_be16(out.bytes + 12, 0x0800);
    memset(ip, 0, 40);
    ip[0] = 0x45;
    set_be16(ip + 2, LARGE - 14);
    ip[8] = 64;
    ip[9] = 6;
    memcpy(ip + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
    uint32_t sum = 0;
    for (int i = 0; i < 20; i += 2)
        sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    set_be16(ip + 10, ~(sum + (sum >> 16)) & 0xffff);
    tcp[12] = 0x50;
    tcp[13] = 0x10;
    out.vnet = (struct virtio_net_hdr){ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
                                        .hdr_len = HEADERS, .gso_size = 1448, .csum_start = 34, .csum_offset = 16 };
}

/* Waits for a frame from the guest and compares all behind the addresses. */
static void want_back(int fd, size_t n)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    for (;;) {
        if (poll(&p, 1, 3000) != 1)
            errx(1, "no frame came back");
        ssize_t got = recv(fd, &in, sizeof in, 0);
        if (got < (ssize_t)sizeof in.vnet + 14 || memcmp(in.bytes + 6, guest, 6) != 0)
            continue;
        if ((size_t)got != sizeof in.vnet + n || memcmp(in.bytes, host, 6) != 0 ||
            memcmp(in.bytes + 12, out.bytes + 12, n - 12) != 0)
            errx(1, "another frame came back, of %zd bytes", got);
        return;
    }
}

static void echo(int fd, int is_large)
{
    for (unsigned i = 0; i < 3; i++) {
        size_t n = is_large ? LARGE : i == 0 ? 60 : i == 1 ? 1514 : 200;
        fill_frame(n, i);
        if (is_large)
            fill_segment();
        if (send(fd, &out, sizeof out.vnet + n, 0) < 0)
            err(1, "send");
        want_back(fd, n);
    }
}

static int tso(const char *name)
{
    struct ethtool_value value = { .cmd = ETHTOOL_GTSO };
    struct ifreq request = { .ifr_data = (void *)&value };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
    if (ioctl(fd, SIOCETHTOOL, &request) != 0)
        err(1, "%s", name);
    return value.data != 0;
}

static void write_bytes(int fd, const void *p, size_t n)
{
    if (write(fd, p, n) != (ssize_t)n)
        err(1, "write");
}
static void read_bytes(int fd, uint8_t *to, size_t n)
{
    while (n > 0) {
        ssize_t got = read(fd, to, n);
        if (got <= 0)
            errx(1, "no frame came back");
        to += got;
        n -= (size_t)got;
    }
}

/* All three frames before the first answer, cut in the middle of the second length. */
static void echo_stream(int fd)
{
    static uint8_t bytes[3 * 2048], head[4];
    const size_t n[3] = { 60, 1514, 200 };
    size_t at = 0;
    for (unsigned i = 0; i < 3; i++) {
        fill_frame(n[i], i);
        set_be16(bytes + at + 2, (unsigned)n[i]);
        memcpy(bytes + at + 4, out.bytes, n[i]);
        at += 4 + n[i];
    }
    write_bytes(fd, bytes, 66);
    usleep(20000);
    write_bytes(fd, bytes + 66, at - 66);
    for (unsigned i = 0; i < 3; i++) {
        fill_frame(n[i], i);
        read_bytes(fd, head, 4);
        if ((size_t)(head[2] << 8 | head[3]) != n[i])
            errx(1, "another length came back");
        read_bytes(fd, in.bytes, n[i]);
        if (memcmp(in.bytes, host, 6) != 0 || memcmp(in.bytes + 12, out.bytes + 12, n[i] - 12) != 0)
            errx(1, "another frame came back");
    }
}
static void echo_packets(int fd)
{
    for (unsigned i = 0; i < 3; i++) {
        size_t n = 60 + i * 500;
        fill_frame(n, i);
        write_bytes(fd, out.bytes, n);
        if (read(fd, in.bytes, sizeof in.bytes) != (ssize_t)n || memcmp(in.bytes + 12, out.bytes + 12, n - 12) != 0)
            errx(1, "another frame came back");
    }
}

static int run_with_socket(int is_stream, char **command)
{
    int pair[2], status;
    if (socketpair(AF_UNIX, is_stream ? SOCK_STREAM : SOCK_SEQPACKET, 0, pair) != 0)
        err(1, "socketpair");
    pid_t child = fork();
    if (child == 0) {
        int end = dup(pair[1]);         /* not 3 by chance */
        if (end != 3)
            dup2(end, 3);
        execv(command[0], command);
        err(1, "%s", command[0]);
    }
    close(pair[1]);
    alarm(10);
    if (is_stream)
        echo_stream(pair[0]);
    else
        echo_packets(pair[0]);
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
    if (argc > 2 && (strcmp(argv[1], "stream") == 0 || strcmp(argv[1], "packet") == 0))
        return run_with_socket(argv[1][0] == 's', argv + 2);
    if (argc != 3)
        errx(1, "usage: peer INTERFACE echo|large|tso, peer stream|packet COMMAND...");
    if (strcmp(argv[2], "tso") == 0)
        return puts(tso(argv[1]) ? "on" : "off") < 0;
    echo(open_interface(argv[1], 1), strcmp(argv[2], "large") == 0);
    return 0;
}
