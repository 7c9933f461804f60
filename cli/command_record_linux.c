// SPDX-License-Identifier: ISC
/* command_record_linux.c - morgana record, which `run --pcap` starts for a TAP: writes the frames that pass an interface as pcap
 * with nanoseconds (draft-ietf-opsawg-pcap), until SIGTERM. AF_PACKET, so it needs CAP_NET_RAW. Frames of an offload are
 * recorded as the kernel shows them, up to 64 KiB. */
#include "cli/commands.h"
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_BYTES_MAX = 65536 + 18 };

struct file_header {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t reserved[2], frame_bytes_max, link_type;
};
struct frame_header {
    uint32_t s, ns, num_recorded, num_bytes;
};

static int open_interface(const char *name)
{
    struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(name) };
    if (at.sll_ifindex == 0)
        fail("--pcap: there is no interface %s", name);
    int s = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at) != 0)
        fail("--pcap: cannot record %s: %s", name, errno == EPERM ? "that needs root" : strerror(errno));
    return s;
}

static void record_frame(FILE *to, int s)
{
    static uint8_t frame[FRAME_BYTES_MAX];
    struct timespec now;
    ssize_t n = recv(s, frame, sizeof frame, MSG_TRUNC | MSG_DONTWAIT);
    if (n < 0)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    uint32_t recorded = (uint32_t)((size_t)n < sizeof frame ? (size_t)n : sizeof frame);
    struct frame_header h = { (uint32_t)now.tv_sec, (uint32_t)now.tv_nsec, recorded, (uint32_t)n };
    (void)fwrite(&h, sizeof h, 1, to);
    (void)fwrite(frame, 1, recorded, to);
    fflush(to);
}

static int record(struct words args)
{
    sigset_t signals;
    if (args.n != 2)
        fail_usage("record takes an interface and a file");
    const struct file_header h = { 0xa1b23c4d, 2, 4, { 0, 0 }, FRAME_BYTES_MAX, 1 };
    int s = open_interface(AT(args, 0));
    FILE *to = fopen(AT(args, 1), "wb");
    if (!to || fwrite(&h, sizeof h, 1, to) != 1 || fflush(to) != 0)
        fail("cannot write %s: %s", AT(args, 1), strerror(errno));
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    struct pollfd ready[] = { { s, POLLIN, 0 }, { signalfd(-1, &signals, SFD_CLOEXEC), POLLIN, 0 } };
    for (;;) {
        (void)poll(ready, NUM_OF(ready), -1);
        if (ready[0].revents & POLLIN)
            record_frame(to, s);
        else if (ready[0].revents || ready[1].revents)
            return fclose(to) != 0;
    }
}

const struct command command_record = {
    .name = "record", .synopsis = "record INTERFACE FILE",
    .about = "records the frames of an interface", .run = record, .is_internal = true,
};
