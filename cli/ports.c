// SPDX-License-Identifier: ISC
/* ports.c - reads and prints port mappings. */
#include "cli/ports.h"
#include "cli/file.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* who maps it, passt or QEMU, says less */
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

uint16_t port_free(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t n = sizeof at;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&at, n) != 0 || getsockname(s, (struct sockaddr *)&at, &n) != 0)
        fail("no port of 127.0.0.1 is free: %s", strerror(errno));
    close(s);
    return ntohs(at.sin_port);
}
