// SPDX-License-Identifier: ISC
/* passt.c - starts passt on a socket pair and watches its end. */
#include "cli/passt.h"
#include "cli/file.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- Port mappings */

static bool port_read(struct span s, uint16_t *port)
{
    uint32_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t digit = (uint8_t)(span_at(s, i) - '0');
        if (digit > 9 || (v = 10 * v + digit) > UINT16_MAX)
            return false;
    }
    *port = (uint16_t)v;
    return v > 0;
}

static struct port_mapping mapping_read(const char *given)
{
    struct port_mapping m = { 0 };
    struct span s = span_of_str(given), protocol = span_skip(s, span_find(s, '/'));
    s = span_first(s, s.n - protocol.n);
    size_t colon = span_find(s, ':');
    struct span guest = colon < s.n ? span_skip(s, colon + 1) : s;
    m.is_udp = span_eq(protocol, TEXT("/udp"));
    if (!port_read(span_first(s, colon), &m.host_port) || !port_read(guest, &m.guest_port) ||
        (protocol.n > 0 && !m.is_udp && !span_eq(protocol, TEXT("/tcp"))))
        fail_usage("-p %s: write HOST:GUEST or HOST:GUEST/udp, as in 8080:80", given);
    return m;
}

/* passt only warns of a port that is taken */
static void port_check(const struct port_mapping *m)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(m->host_port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int yes = 1, s = socket(AF_INET, m->is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (s < 0)
        return;
    (void)setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(s, (struct sockaddr *)&at, sizeof at) != 0) {
        if (errno == EACCES)
            fail("-p %u: ports below 1024 need root here: choose a higher one", m->host_port);
        fail("-p %u: this port of 127.0.0.1 cannot be had (%s): choose another", m->host_port, strerror(errno));
    }
    close(s);
}

struct port_mappings port_mappings_read(const struct words *given)
{
    struct port_mappings all = { 0 };
    for (size_t i = 0; i < given->n; i++) {
        struct port_mapping m = mapping_read(AT(*given, i));
        port_check(&m);
        ADD(&all, m);
    }
    return all;
}

void port_mappings_print(const struct port_mappings *all, const char *unikernel)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct port_mapping *m = &AT(*all, i);
        const char *scheme = m->is_udp ? "udp://" : m->guest_port == 443 ? "https://" : m->guest_port == 22 ? "ssh://" : "http://";
        bool is_web = !m->is_udp && (m->guest_port == 80 || m->guest_port == 443 || m->guest_port == 8080);
        printf("%s127.0.0.1:%u%s -> %s port %u%s\n", is_web ? scheme : "", m->host_port, is_web ? "/" : "", unikernel, m->guest_port,
               m->is_udp ? "/udp" : "");
    }
    fflush(stdout);
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

static void arguments(struct words *argv, const struct port_mappings *all, const char *pcap)
{
    *argv = words_split("passt --foreground --quiet --stderr --ipv4-only --no-map-gw --no-dhcp --fd 3 "
                        "--address " PASST_GUEST " --netmask " PASST_LENGTH " --gateway " PASST_GATEWAY);
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
    if (!said || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        fail("cannot make a socket pair for passt: %s", strerror(errno));
    *p = (struct passt){ .guest_fd = pair[0], .said_fd = fileno(said) };
    arguments(&argv, all, pcap);
    (void)fcntl(p->said_fd, F_SETFD, FD_CLOEXEC);
    const struct handed fds[] = { { p->said_fd, 2 }, { p->said_fd, 1 }, { pair[1], 3 } };     /* said_fd may be 3 itself */
    p->pid = start_program_with(&argv, fds, NUM_OF(fds));
    close(pair[1]);
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
