// SPDX-License-Identifier: ISC
/* passt.c - starts passt on a socket pair, waits until it answers, and watches its end. */
#include "cli/passt.h"
#include "base/writer.h"
#include "cli/file.h"
#include "cli/host.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* ---- Is it there? */

enum { ANSWERS_WITHIN_S = 10, LENGTH_BYTES = 4, FRAME_BYTES_MAX = 65550, ARP_FRAME_BYTES = 42, TYPE_AT = 12, TYPE_ARP = 0x0806 };
#define LOCALLY_ADMINISTERED 0x02       /* and, being even, of one station */

static void choose_station(struct mspan station)
{
    if (!host_random(station))
        fail("this system gives no random numbers: %s", strerror(errno));
    mspan_put(station, 0, (uint8_t)((span_at(span_of(station), 0) & 0xfc) | LOCALLY_ADMINISTERED));
}

/* An ARP probe (RFC 5227 section 2.1.1) for the gateway, behind its length as passt wants it. */
static struct span probe(struct mspan room, struct span station)
{
    static const uint8_t broadcast[PASST_STATION_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    struct in_addr gateway;
    struct wr w = wr_of(room);
    if (inet_pton(AF_INET, PASST_GATEWAY, &gateway) != 1)
        fail("no address: " PASST_GATEWAY);
    wr_u32(&w, ARP_FRAME_BYTES);
    wr_bytes(&w, SPAN(broadcast));
    wr_bytes(&w, station);
    wr_u16(&w, TYPE_ARP);
    wr_u16(&w, 1);                      /* Ethernet */
    wr_u16(&w, 0x0800);                 /* IPv4 */
    wr_u8(&w, PASST_STATION_BYTES);
    wr_u8(&w, sizeof gateway);
    wr_u16(&w, 1);                      /* request */
    wr_bytes(&w, station);
    wr_u32(&w, 0);
    wr_zeros(&w, PASST_STATION_BYTES);
    wr_u32(&w, ntohl(gateway.s_addr));
    return wr_done(&w);
}

static bool receive_all(int fd, struct mspan room)
{
    return recv(fd, room.p, room.n, MSG_WAITALL) == (ssize_t)room.n;
}

/* Frames before the answer are lost, as they would be on a wire without a station. */
static bool has_answered(int fd)
{
    static uint8_t frame[FRAME_BYTES_MAX];
    uint8_t length[LENGTH_BYTES];
    for (;;) {
        if (!receive_all(fd, MSPAN(length)))
            return false;
        size_t n = span_u32(SPAN(length), 0);
        if (n > sizeof frame || !receive_all(fd, mspan_first(MSPAN(frame), n)))
            return false;
        if (n >= ARP_FRAME_BYTES && span_u16(SPAN(frame), TYPE_AT) == TYPE_ARP)
            return true;
    }
}

/* A guest is up before passt is: a connection of that moment would be refused. When passt answers, its ports are open. It sends
 * to the station that it heard last, so the guest goes on as the one that has asked. */
static void wait_for_answer(struct passt *p, struct span station)
{
    uint8_t room[LENGTH_BYTES + ARP_FRAME_BYTES];
    const struct timeval within = { .tv_sec = ANSWERS_WITHIN_S }, for_ever = { 0 };
    struct span asked = probe(MSPAN(room), station);
    if (setsockopt(p->guest_fd, SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within) != 0 ||
        send(p->guest_fd, asked.p, asked.n, MSG_NOSIGNAL) != (ssize_t)asked.n || !has_answered(p->guest_fd)) {
        kill(p->pid, SIGTERM);
        (void)wait_program(p->pid);
        passt_fail(p);
    }
    (void)setsockopt(p->guest_fd, SOL_SOCKET, SO_RCVTIMEO, &for_ever, sizeof for_ever);
}

/* ---- The process */

/* passt only warns of a file that it cannot write */
static void pcap_check(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        fail("--pcap %s: %s: name a file that can be written", path, strerror(errno));
    close(fd);
}

static bool has_udp(const struct port_mappings *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (AT(*all, i).is_udp)
            return true;
    return false;
}

static void arguments(struct words *argv, const struct port_mappings *all, const char *pcap)
{
    *argv = words_split("passt --foreground --quiet --stderr --ipv4-only --no-dhcp --fd 3 "
                        "--address " PASST_GUEST " --netmask " PASST_LENGTH " --gateway " PASST_GATEWAY);
    /* passt 2023 brings datagrams of the host to the guest from its gateway, and takes answers to that address only if it stands for
     * the host */
    if (!has_udp(all))
        ADD(argv, "--no-map-gw");
    if (pcap) {
        ADD(argv, "--pcap");
        ADD(argv, pcap);
        if (geteuid() == 0) {       /* or it would become nobody, who may not write here, and record nothing */
            ADD(argv, "--runas");
            ADD(argv, "0");
        }
    }
    for (size_t i = 0; i < all->n; i++) {
        const struct port_mapping *m = &AT(*all, i);
        ADD(argv, m->is_udp ? "--udp-ports" : "--tcp-ports");
        ADD(argv, text("127.0.0.1/%u:%u", m->host_port, m->guest_port));
    }
}

void passt_start(struct passt *p, const struct port_mappings *all, const char *pcap)
{
    int pair[2];
    struct words argv;
    if (pcap)
        pcap_check(pcap);
    FILE *said = tmpfile();
    if (!said || !socket_pair(&pair[0], &pair[1]))
        fail("cannot make a socket pair for passt: %s", strerror(errno));
    *p = (struct passt){ .guest_fd = pair[0], .said_fd = fileno(said) };
    arguments(&argv, all, pcap);
    (void)fcntl(p->said_fd, F_SETFD, FD_CLOEXEC);
    const struct handed fds[] = { { p->said_fd, 2 }, { p->said_fd, 1 }, { pair[1], 3 } };     /* said_fd may be 3 itself */
    p->pid = start_program_with(&argv, fds, NUM_OF(fds));
    close(pair[1]);
    choose_station(MSPAN(p->station));
    wait_for_answer(p, SPAN(p->station));
}

void passt_finish(struct passt *p)
{
    int status;
    if (ends_within_ms(p->pid, 1000, &status))
        return;
    kill(p->pid, SIGKILL);
    (void)wait_program(p->pid);
}

void passt_fail(struct passt *p)
{
    char said[512];
    ssize_t n = pread(p->said_fd, said, sizeof said, 0);
    struct span left = { (uint8_t *)said, n > 0 ? (size_t)n : 0 }, last = { 0 };
    while (left.n > 0) {                            /* what it failed to log is of no interest */
        struct span line = span_first(left, span_find(left, '\n'));
        if (line.n > 0 && !span_starts(line, TEXT("Failed to send")) && !span_starts(line, TEXT("No external")))
            last = line;
        left = span_skip(left, line.n + 1);
    }
    fail("passt cannot be the network here (%.*s): it needs an interface with a default route; attach a TAP with --net NAME=TAP",
         (int)last.n, (const char *)last.p);
}
