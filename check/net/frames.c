// SPDX-License-Identifier: ISC
/* frames INTERFACE DESTINATION-MAC SOURCE-IP DESTINATION-IP COUNT SEED - sends COUNT hostile Ethernet frames: damaged copies of
 * well-formed ones (ARP, ICMP, UDP, TCP with options), cut, lengthened, with flipped bits, lying lengths, strange flags
 * and forged sources. The checksums are mostly right, so that the damage reaches what lies behind them. */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static uint64_t state;
static uint32_t any(uint32_t below)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 11) % below;
}

static uint32_t add(uint32_t sum, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
    return sum;
}
static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8), p[1] = (uint8_t)v;
}
static uint16_t fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static uint8_t frame[1600];
static uint8_t us[4], them[4];

/* Checksums over n bytes of IP packet, as far as its lengths make sense. */
static void sum_packet(size_t n)
{
    uint8_t *ip = frame + 14;
    size_t header = (size_t)(ip[0] & 15) * 4;
    if (header < 20 || n < header + 8)
        return;
    put16(ip + 10, 0);
    put16(ip + 10, fold(add(0, ip, header)));
    size_t at = ip[9] == 6 ? 16 : ip[9] == 17 ? 6 : 2, rest = n - header;
    if (rest < at + 2)
        return;
    uint32_t pseudo = ip[9] == 1 ? 0u : add(0, ip + 12, 8) + ip[9] + (uint32_t)rest;
    put16(ip + header + at, 0);
    put16(ip + header + at, fold(add(pseudo, ip + header, rest)));
}

static size_t make_ip(uint8_t protocol)
{
    static const uint16_t ports[] = { 7, 9, 19, 80, 81, 0 };
    uint8_t *ip = frame + 14, *t = ip + 20;
    size_t n = 20 + (protocol == 6 ? 20u : 8u) + any(200);
    put16(frame + 12, 0x0800);
    memset(ip, 0, 20);
    ip[0] = 0x45, ip[8] = 64, ip[9] = protocol;
    put16(ip + 2, (uint32_t)n);
    memcpy(ip + 12, us, 4), memcpy(ip + 16, them, 4);
    for (size_t i = 20; i < n; i++)
        ip[i] = (uint8_t)any(256);
    put16(t + 2, ports[any(6)]);
    if (protocol == 6)
        t[12] = (uint8_t)(80 + 16 * any(11)), t[13] = (uint8_t)any(64);
    if (protocol == 17)
        put16(t + 4, (uint32_t)n - 20);
    if (protocol == 1)
        t[0] = (uint8_t[]){ 8, 3, 11, 12, 0, 5 }[any(6)], t[1] = (uint8_t)any(5);
    return 14 + n;
}
static size_t make_arp(void)
{
    static const uint8_t head[] = { 0, 1, 8, 0, 6, 4, 0, 1 };
    put16(frame + 12, 0x0806);
    memcpy(frame + 14, head, 8);
    frame[21] = (uint8_t)(1 + any(2));
    memcpy(frame + 22, frame + 6, 6), memcpy(frame + 28, us, 4);
    frame[31] = (uint8_t)any(256);                      /* of many, but for the interface's and the host's own */
    if (frame[31] < 3)
        frame[31] = 77;
    memset(frame + 32, 0, 6), memcpy(frame + 38, them, 4);
    return 60;
}
static size_t damage(size_t n)
{
    uint8_t *ip = frame + 14;
    switch (any(8)) {
    case 0: return 14 + any((uint32_t)n - 13);                              /* cut */
    case 1: return n + any(1500 - (uint32_t)n);                             /* longer than it says */
    case 2: put16(ip + 2, any(65536)); sum_packet(n - 14); break;           /* a lying length */
    case 3: ip[0] = (uint8_t)any(256); break;
    case 4: put16(ip + 6, any(65536)); sum_packet(n - 14); break;           /* fragments */
    case 5: memcpy(ip + 12, them, 4); sum_packet(n - 14); break;            /* land */
    case 6: put16(ip + 12, any(65536)); sum_packet(n - 14); break;          /* another source */
    default: frame[any((uint32_t)n)] ^= (uint8_t)(1 << any(8)); break;
    }
    return n;
}
static size_t make(void)
{
    size_t n;
    switch (any(8)) {
    case 0: n = make_arp(); return any(2) ? n : 14 + any(47);
    case 1: n = make_ip(1); break;
    case 2: n = make_ip(17); break;
    case 3: n = make_ip((uint8_t)any(256)); break;
    default: n = make_ip(6); break;
    }
    sum_packet(n - 14);
    return any(3) ? damage(n) : n;
}

int main(int argc, char **argv)
{
    unsigned mac[6];
    struct sockaddr_ll to = { .sll_family = AF_PACKET };
    if (argc != 7 || sscanf(argv[2], "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]) != 6 ||
        inet_pton(AF_INET, argv[3], us) != 1 || inet_pton(AF_INET, argv[4], them) != 1)
        return fprintf(stderr, "frames INTERFACE DESTINATION-MAC SOURCE-IP DESTINATION-IP COUNT SEED\n"), 2;
    state = strtoull(argv[6], NULL, 10) * 2654435761u + 1;
    to.sll_ifindex = (int)if_nametoindex(argv[1]);
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0 || to.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&to, sizeof to) != 0)
        return perror(argv[1]), 1;
    for (unsigned long i = strtoul(argv[5], NULL, 10); i > 0; i--) {
        for (size_t k = 0; k < 6; k++)
            frame[k] = (uint8_t)mac[k];
        memcpy(frame + 6, "\2\0\0\0\0\7", 6);
        if (any(20) == 0)
            memset(frame, 0xff, 6);
        size_t n = make();
        (void)!send(fd, frame, n < 14 ? 14 : n, 0);
    }
    return close(fd);
}
