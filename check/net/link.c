// SPDX-License-Identifier: ISC
/* link TAP INTERFACE DELAY-MS LOSS REORDER DUPLICATE SEED - a long and bad wire: frames that are sent on the TAP come out of the
 * interface after the delay and the other way round, but for those per mille that are lost, come late by a quarter of the
 * delay, or come twice. ARP is never lost. Bounded: what does not fit is lost, too. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAMES_MAX 4096
#define FRAME_BYTES_MAX 2048
#define NONE FRAMES_MAX

struct frame {
    int64_t at_us;              /* 0: not in use */
    int to;
    size_t n;
    uint8_t bytes[FRAME_BYTES_MAX];
};
static struct frame frames[FRAMES_MAX];
static unsigned loss, reorder, duplicate;
static int64_t delay_us;
static uint64_t state;

static unsigned any(unsigned below)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (unsigned)(state >> 11) % below;
}
static int64_t now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}
static void fail(const char *what)
{
    perror(what);
    exit(1);
}
static int open_tap(const char *name)
{
    struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    strncpy(r.ifr_name, name, IFNAMSIZ - 1);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &r) < 0)
        fail(name);
    return fd;
}
/* What we put there ourselves is not ours to carry. */
static int open_interface(const char *name)
{
    struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(name) };
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL)), on = 1;
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0)
        fail(name);
    return fd;
}

static void hold(const uint8_t *bytes, size_t n, int to, int64_t at_us)
{
    for (size_t i = 0; i < FRAMES_MAX; i++) {
        if (frames[i].at_us != 0)
            continue;
        frames[i].at_us = at_us;
        frames[i].to = to;
        frames[i].n = n;
        memcpy(frames[i].bytes, bytes, n);
        return;
    }
}
static void take(int from, int to)
{
    uint8_t b[FRAME_BYTES_MAX];
    for (ssize_t n; (n = read(from, b, sizeof b)) > 0;) {
        bool is_ip = n > 14 && b[12] == 8 && b[13] == 0;
        int64_t at_us = now_us() + delay_us;
        if (is_ip && any(1000) < loss)
            continue;
        hold(b, (size_t)n, to, is_ip && any(1000) < reorder ? at_us + delay_us / 4 : at_us);
        if (is_ip && any(1000) < duplicate)
            hold(b, (size_t)n, to, at_us + 100);
    }
}
static size_t earliest(void)
{
    size_t first = NONE;
    for (size_t i = 0; i < FRAMES_MAX; i++)
        if (frames[i].at_us != 0 && (first == NONE || frames[i].at_us < frames[first].at_us))
            first = i;
    return first;
}
/* Sends what is due; returns for how many milliseconds there is nothing more. */
static int give(void)
{
    for (size_t i; (i = earliest()) != NONE;) {
        int64_t wait_us = frames[i].at_us - now_us();
        if (wait_us > 0)
            return (int)(wait_us / 1000) + 1;
        if (write(frames[i].to, frames[i].bytes, frames[i].n) < 0)
            fputs("link: a frame was not taken\n", stderr);
        frames[i].at_us = 0;
    }
    return -1;
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fputs("usage: link TAP INTERFACE DELAY-MS LOSS REORDER DUPLICATE SEED\n", stderr);
        return 2;
    }
    struct pollfd end[2] = { { open_tap(argv[1]), POLLIN, 0 }, { open_interface(argv[2]), POLLIN, 0 } };
    delay_us = 1000 * atoi(argv[3]);
    loss = (unsigned)atoi(argv[4]);
    reorder = (unsigned)atoi(argv[5]);
    duplicate = (unsigned)atoi(argv[6]);
    state = 88172645463325252u ^ (uint64_t)atoi(argv[7]);
    for (;;) {
        int timeout_ms = give();
        if (poll(end, 2, timeout_ms) < 0)
            fail("poll");
        take(end[0].fd, end[1].fd);
        take(end[1].fd, end[0].fd);
    }
}
