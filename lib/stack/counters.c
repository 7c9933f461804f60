// SPDX-License-Identifier: ISC
/* counters.c - what was counted, with names: each frame, packet and message that came to nothing is in one of these. */
#include "lib/stack/optional_v6.h"
#include "runtime/log.h"

LOG_SOURCE(stack);

struct row {
    const char *name;
    size_t at;                          /* in its struct */
};
struct table {
    const char *layer;
    struct span values;                 /* the struct */
    SLICE(const struct row) rows;
};
#define ROW(type, name, member) { name, offsetof(struct type, member) }
#define STACK(name, member) ROW(stack_counters, name, member)
#define ARP(name, member) ROW(arp_counters, name, member)
#define NDP(name, member) ROW(ndp_counters, name, member)
#define FRAGMENTS(name, member) ROW(reassembly_counters, name, member)
#define GROUPS(name, member) ROW(multicast_counters, name, member)
#define TCP(name, member) ROW(tcp_stats, name, member)

static const struct row stack_rows[] = {
    STACK("frames in", frames_in), STACK("frames out", frames_out), STACK("bytes in", bytes_in), STACK("bytes out", bytes_out),
    STACK("bad ethernet", bad_ethernet), STACK("not our station", not_our_mac), STACK("unknown type", unknown_type),
    STACK("bad ipv4", bad_ipv4), STACK("bad options", bad_options), STACK("bad ipv6", bad_ipv6),
    STACK("not our address", not_our_ip), STACK("bad source", bad_source), STACK("unknown protocol", unknown_protocol),
    STACK("bad icmp", bad_icmp), STACK("bad igmp", bad_igmp), STACK("bad tcp checksum", bad_tcp_checksum),
    STACK("bad udp", bad_udp), STACK("bad udp checksum", bad_udp_checksum), STACK("udp port closed", udp_no_port),
    STACK("udp queue full", udp_queue_full), STACK("low on packets", low_on_packets), STACK("no route", no_route),
    STACK("unresolved", unresolved), STACK("device full", device_full), STACK("errors limited", errors_limited),
    STACK("forged errors", forged_errors), STACK("looped", looped), STACK("too scattered", scattered),
    STACK("no state left", refused_no_state), STACK("waits", waits),
};
static const struct row arp_rows[] = {
    ARP("malformed", malformed), ARP("not for us", not_for_us), ARP("conflicts", conflicts), ARP("defended", defended),
    ARP("learned", learned), ARP("evicted", evicted), ARP("failed", failed), ARP("outbox full", outbox_full),
    ARP("waiting full", waiting_full), ARP("asking full", asking_full),
};
static const struct row ndp_rows[] = {
    NDP("malformed", malformed), NDP("not for us", not_for_us), NDP("conflicts", conflicts), NDP("learned", learned),
    NDP("evicted", evicted), NDP("failed", failed), NDP("outbox full", outbox_full), NDP("waiting full", waiting_full),
    NDP("resolving full", resolving_full), NDP("advertisements", advertisements), NDP("redirects", redirects),
    NDP("refused", refused), NDP("looped probes", looped),
};
static const struct row fragment_rows[] = {
    FRAGMENTS("received", fragments), FRAGMENTS("whole", whole), FRAGMENTS("refused", refused), FRAGMENTS("duplicates", duplicates),
    FRAGMENTS("evicted", evicted), FRAGMENTS("timed out", timed_out),
};
static const struct row group_rows[] = {
    GROUPS("malformed", malformed), GROUPS("queries", queries), GROUPS("outbox full", outbox_full), GROUPS("refused", refused),
    GROUPS("unwanted source", unwanted),
};
static const struct row tcp_rows[] = {
    TCP("segments in", segments_in), TCP("segments out", segments_out), TCP("retransmitted", retransmitted),
    TCP("tail probes", tail_probes), TCP("out of order", out_of_order), TCP("bad header", dropped_bad_header),
    TCP("no listener", dropped_no_listener), TCP("out of window", dropped_out_of_window), TCP("no memory", dropped_no_memory),
    TCP("resets in", resets_in), TCP("resets out", resets_out), TCP("challenge acks", challenge_acks),
    TCP("cookies sent", cookies_sent), TCP("cookies accepted", cookies_accepted), TCP("time-wait evicted", time_wait_evicted),
    TCP("accepted", accepted), TCP("connected", connected), TCP("refused, no memory", refused_no_memory),
    TCP("timeouts", timeouts), TCP("path mtus", path_mtus), TCP("undone", undone),
    TCP("coalesced", coalesced),
};
enum { NUM_TABLES = 6 };
#define ROWS(rows) { rows, NUM_OF(rows) }

static struct table table_at(const struct stack_host *h, size_t i)
{
    switch (i) {
    case 0:
        return (struct table){ "stack", SPAN_OF(h->counters), ROWS(stack_rows) };
    case 1:
        return (struct table){ "arp", SPAN_OF(h->arp.counters), ROWS(arp_rows) };
    case 2:
        return (struct table){ "fragments", SPAN_OF(h->reassembly.counters), ROWS(fragment_rows) };
    case 3:
        return (struct table){ "tcp", SPAN_OF(*tcp_stats(h->tcp)), ROWS(tcp_rows) };
    case 4:
        if (h->ndp)
            return (struct table){ "ndp", SPAN_OF(h->ndp->counters), ROWS(ndp_rows) };
        break;
    default:
        if (h->multicast)
            return (struct table){ "groups", SPAN_OF(h->multicast->counters), ROWS(group_rows) };
    }
    return (struct table){ 0 };
}

bool stack_counter(const struct stack *s, size_t i, struct stack_counter *out)
{
    const struct stack_host *h = LINKED(s, const struct stack_host, stack);
    for (size_t t = 0; t < NUM_TABLES; t++) {
        struct table table = table_at(h, t);
        if (i < table.rows.n) {
            const struct row *row = &AT(table.rows, i);
            *out = (struct stack_counter){ .layer = table.layer, .name = row->name };
            (void)span_copy(MSPAN_OF(out->value), span_sub(table.values, row->at, sizeof out->value));
            return true;
        }
        i -= table.rows.n;
    }
    *out = (struct stack_counter){ 0 };
    return false;
}

const struct stack_counters *stack_counters(const struct stack *s)
{
    return &LINKED(s, const struct stack_host, stack)->counters;
}

void stack_log(const struct stack *s)
{
    const struct stack_host *h = LINKED(s, const struct stack_host, stack);
    const struct stack_counters *c = &h->counters;
    struct stack_counter counter;
    log_info(stack, "frames in %llu, out %llu; bytes in %llu, out %llu; waits %llu; connections %zu", (unsigned long long)c->frames_in,
             (unsigned long long)c->frames_out, (unsigned long long)c->bytes_in, (unsigned long long)c->bytes_out,
             (unsigned long long)c->waits, tcp_num_open(h->tcp));
    for (size_t i = 0; stack_counter(s, i, &counter); i++)
        if (counter.value > 0)
            log_debug(stack, "%s: %s %llu", counter.layer, counter.name, (unsigned long long)counter.value);
}
