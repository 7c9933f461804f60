// SPDX-License-Identifier: ISC
/* stack.h - a host on a network: `struct stack` (interface/stack.h) over `struct net`, with ARP, IPv4, ICMP, UDP
 * and TCP in between. All memory is taken from the heap at the start, but the states of a service (at tcp_listen)
 * and the queue of a UDP port (at udp_open). A flood never asks for more.
 *
 * When full: connections are refused, datagrams and segments dropped, and each of them is counted. */
#ifndef LIB_STACK_STACK_H
#define LIB_STACK_STACK_H
#include "interface/net.h"
#include "interface/stack.h"

#define STACK_HEAP_PERCENT 60           /* of what is free at the start */
#define STACK_WORKERS 8                 /* fibers that run services; more connections wait in line */
#define STACK_WORKERS_MAX 64
#define STACK_CONNS_MAX 32768
#define STACK_UDP_QUEUE 64              /* datagrams waiting at a port; the newest are dropped */

struct stack_config {
    struct ip_prefix address;           /* IPv4 */
    struct ip gateway;                  /* all zero or 0.0.0.0: none */
    uint32_t heap_percent;              /* 0: STACK_HEAP_PERCENT */
    uint32_t num_workers;               /* 0: STACK_WORKERS */
};

/* Frames and packets that came to nothing, and why; the engines' own are with them (tcp_stats, arp). */
struct stack_counters {
    uint64_t frames_in, frames_out, bytes_in, bytes_out;
    uint64_t bad_ethernet, not_our_mac, unknown_type;
    uint64_t bad_ipv4, not_our_ip, bad_source, unknown_protocol;
    uint64_t bad_icmp, bad_tcp_checksum, bad_udp, bad_udp_checksum;
    uint64_t udp_no_port, udp_queue_full, low_on_packets;
    uint64_t no_route, unresolved, device_full, errors_limited;
    uint64_t scattered;                 /* sent in more pieces than a frame has parts */
    uint64_t refused_no_state;          /* connections for which a service had no state left */
    uint64_t waits;                     /* times that the stack went to sleep */
};

/* Starts the stack with what is usual; its fibers belong to the calling one. E_NOMEM: not even the
 * least of it fits the heap, or too few fibers are free (one for each worker, and two). E_INVALID: no address that
 * a host can have, or a gateway that is not its neighbour. */
MUST_CHECK err stack_open(struct net *net, const struct ip_prefix *address, const struct ip *gateway, struct stack **out);
MUST_CHECK err stack_open_with(struct net *net, const struct stack_config *cfg, struct stack **out);
/* Says good-bye on every connection, without waiting for answers, and ends; the fiber that opened it closes it. When
 * that fiber is cancelled, the good-bye happens by itself. Flows and UDP ports are dead afterwards. */
void stack_close(struct stack *s);
const struct stack_counters *stack_counters(const struct stack *s);
/* One line at level info and debug: what there is, what came to nothing. */
void stack_log(const struct stack *s);

#endif
