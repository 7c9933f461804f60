// SPDX-License-Identifier: ISC
/* ceiling.c - what a responder on a plain TAP can reach at most: no stack, but for each frame only what none can do without: one
 * read, one write, one checksum. Frames come on descriptor 3.
 *
 * Answers as 10.77.0.2 to ARP and pings, discards TCP to port 9 (an acknowledgment for every eighth segment), and fills the
 * peer's window from port 19, starting anew at what is missing after three duplicates or where nothing comes for a while. Nothing is
 * believed to be hostile; the window is what the queue of a TAP holds. There is one transfer; an earlier one is not heard. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { TAP = 3, SHIFT = 7, WINDOW = 512 << 10 };
enum { ETHERNET = 14, IP = 20, TCP = 20, MSS = 1460, DISCARD = 9, SOURCE = 19, ACK_EVERY = 8, BATCH = 64, PATIENCE_MS = 200 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

static const uint8_t our_mac[6] = { 2, 0, 0, 0, 0, 9 }, our_ip[4] = { 10, 77, 0, 2 };
static uint8_t in[2048], out[2048];
static struct {                     /* the one transfer */
    uint32_t rcv_nxt, snd_una, snd_nxt, window;
    unsigned shift, num_unacknowledged, num_duplicates;
    bool sends;
    uint8_t peer[ETHERNET + IP + TCP];
} t;

static uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }
static void put16(uint8_t *p, unsigned v) { p[0] = (uint8_t)(v >> 8), p[1] = (uint8_t)v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16), put16(p + 2, v & 0xffff); }

static uint64_t add(uint64_t sum, const uint8_t *p, size_t n)
{
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t v;
        memcpy(&v, p, 8);
        sum += (v & 0xffffffff) + (v >> 32);
    }
    for (; n >= 2; p += 2, n -= 2)
        sum += (uint64_t)(p[0] | p[1] << 8);
    return n > 0 ? sum + p[0] : sum;
}
static void put_sum(uint8_t *p, uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    p[0] = (uint8_t)~sum, p[1] = (uint8_t)(~sum >> 8);
}
static void send_frame(size_t n)
{
    if (write(TAP, out, n) < 0)
        return;                     /* full: lost */
}
/* The headers in `from` turned round, in front of `payload` octets. */
static void begin(const uint8_t *from, uint8_t protocol, size_t payload)
{
    uint8_t *ip = out + ETHERNET;
    memcpy(out, from + 6, 6);
    memcpy(out + 6, our_mac, 6);
    put16(out + 12, 0x0800);
    memset(ip, 0, IP);
    ip[0] = 0x45, ip[6] = 0x40, ip[8] = 64, ip[9] = protocol;
    put16(ip + 2, (unsigned)(IP + payload));
    memcpy(ip + 12, our_ip, 4);
    memcpy(ip + 16, from + ETHERNET + 12, 4);
    put_sum(ip + 10, add(0, ip, IP));
}
static void send_segment(const uint8_t *from, uint32_t seq, uint8_t flags, size_t options, size_t payload)
{
    uint8_t *tcp = out + ETHERNET + IP;
    size_t n = TCP + options + payload;
    begin(from, 6, n);
    memcpy(tcp, from + ETHERNET + IP + 2, 2);
    memcpy(tcp + 2, from + ETHERNET + IP, 2);
    put32(tcp + 4, seq);
    put32(tcp + 8, t.rcv_nxt);
    tcp[12] = (uint8_t)((TCP + options) / 4 << 4), tcp[13] = flags;
    put16(tcp + 14, WINDOW >> SHIFT);
    memset(tcp + 16, 0, 4);
    put_sum(tcp + 16, add(add(htons((uint16_t)(n + 6)), out + ETHERNET + 12, 8), tcp, n));
    send_frame(ETHERNET + IP + n);
}
static void fill_window(void)
{
    while (t.sends && t.snd_una + t.window - t.snd_nxt >= MSS && t.snd_una + t.window - t.snd_nxt < 1u << 31) {
        send_segment(t.peer, t.snd_nxt, ACK | PSH, 0, MSS);
        t.snd_nxt += MSS;
    }
}
static void answer_syn(const uint8_t *tcp, size_t header)
{
    static const uint8_t options[8] = { 2, 4, MSS >> 8, MSS & 0xff, 3, 3, SHIFT, 0 };
    t.rcv_nxt = get32(tcp + 4) + 1;
    t.snd_una = t.snd_nxt = 2;
    t.sends = false;
    t.shift = t.num_unacknowledged = t.num_duplicates = 0;
    for (size_t at = TCP; at + 2 < header && tcp[at] != 0; at += tcp[at] == 1 || tcp[at + 1] == 0 ? 1 : tcp[at + 1])
        if (tcp[at] == 3)
            t.shift = tcp[at + 2];
    memcpy(t.peer, in, sizeof t.peer);
    memcpy(out + ETHERNET + IP + TCP, options, sizeof options);
    send_segment(in, 1, SYN | ACK, sizeof options, 0);
}
static void source(uint32_t ack)
{
    if (ack - t.snd_una - 1 < 1u << 31) {
        t.snd_una = ack;
        t.num_duplicates = 0;
        if (t.snd_nxt - ack >= 1u << 31)
            t.snd_nxt = ack;
    } else if (ack == t.snd_una && ++t.num_duplicates == 3) {
        t.snd_nxt = ack;
    }
    fill_window();
}
static void tcp_input(void)
{
    const uint8_t *tcp = in + ETHERNET + IP;
    size_t header = (size_t)(tcp[12] >> 4) * 4, payload = get16(in + ETHERNET + 2) - IP - header;
    if (tcp[13] & SYN) {
        answer_syn(tcp, header);
        return;
    }
    if (get16(tcp) != get16(t.peer + ETHERNET + IP))
        return;
    t.window = (uint32_t)get16(tcp + 14) << t.shift;
    if (tcp[13] & (RST | FIN)) {
        t.sends = false;
        t.rcv_nxt += (uint32_t)payload + 1;
        send_segment(in, t.snd_nxt, RST | ACK, 0, 0);
        return;
    }
    bool in_order = payload > 0 && get32(tcp + 4) == t.rcv_nxt;
    t.rcv_nxt += in_order ? (uint32_t)payload : 0;
    t.sends |= payload > 0 && get16(tcp + 2) == SOURCE;
    if (payload > 0 && get16(tcp + 2) == DISCARD && (!in_order || tcp[13] & PSH || ++t.num_unacknowledged >= ACK_EVERY)) {
        t.num_unacknowledged = 0;
        send_segment(in, t.snd_nxt, ACK, 0, 0);
    }
    if (get16(tcp + 2) == SOURCE)
        source(get32(tcp + 8));
}
static void ping_input(size_t n)
{
    uint8_t *icmp = out + ETHERNET + IP;
    size_t bytes = n - ETHERNET - IP;
    begin(in, 1, bytes);
    memcpy(icmp, in + ETHERNET + IP, bytes);
    icmp[0] = 0;
    memset(icmp + 2, 0, 2);
    put_sum(icmp + 2, add(0, icmp, bytes));
    send_frame(n);
}
static void arp_input(void)
{
    memcpy(out, in, 42);
    memcpy(out, in + 6, 6);
    memcpy(out + 6, our_mac, 6);
    put16(out + 20, 2);
    memcpy(out + 22, our_mac, 6);
    memcpy(out + 28, our_ip, 4);
    memcpy(out + 32, in + 22, 10);
    send_frame(42);
}
static void input(size_t n)
{
    if (n >= 42 && get16(in + 12) == 0x0806 && memcmp(in + 38, our_ip, 4) == 0 && get16(in + 20) == 1)
        arp_input();
    else if (n < ETHERNET + IP || get16(in + 12) != 0x0800 || memcmp(in + 30, our_ip, 4) != 0)
        return;
    else if (in[23] == 6 && n >= ETHERNET + IP + TCP)
        tcp_input();
    else if (in[23] == 1 && n >= ETHERNET + IP + 8 && in[34] == 8)
        ping_input(get16(in + 16) + (size_t)ETHERNET);
}

int main(void)
{
    struct pollfd p = { TAP, POLLIN, 0 };
    for (;;) {
        ssize_t n = 0;
        for (int i = 0; i < BATCH && (n = read(TAP, in, sizeof in)) > 0; i++)
            input((size_t)n);
        if (n <= 0 && poll(&p, 1, PATIENCE_MS) == 0) {
            t.snd_nxt = t.snd_una;
            fill_window();
        }
    }
}
