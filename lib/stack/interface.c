// SPDX-License-Identifier: ISC
/* interface.c - further interfaces of a stack, after its first. Each is a host of its own on its network: the strong model of RFC 1122
 * section 3.3.4.2. What it does not have of its own is the first's: packets, TCP, and what stands above it. */
#include "lib/stack/optional_v6.h"
#include "lib/random/random.h"
#include "runtime/log.h"

LOG_SOURCE(stack);

enum {
    RX_SHARE = 8,                   /* of the packets, one in so many may be lent to the device of one interface, */
    RX_SHARE_OF_ALL = 2,            /* and in so many to all of them */
    REASSEMBLY_SHARE = 8,           /* may hold its fragments */
    HEADERS_BYTES = 40,             /* IPv4 and TCP, of a segment that fills the link */
    MTU_MIN = 128,
};

/* ---- Which */

bool host_is_forged(struct stack_host *h, const struct arrival *a)
{
    struct stack_host *owner = a->is_looped ? NULL : host_owner(h, &a->source);
    if (!owner || owner == h)
        return false;
    count_up(&h->counters.bad_source);
    return true;
}

struct stack_host *host_of_conn(struct stack_host *h, const struct tcp_conn *t)
{
    struct endpoint local = tcp_local(t);
    struct stack_host *owner = host_owner(h, &local.ip);
    return owner ? owner : h;
}

/* Who sends wrote the transport header where the caller's next frame would be. */
struct stack_host *host_leaves_by(struct stack_host *h, const struct departure *d)
{
    struct stack_host *by = host_owner(h, &d->destination);
    by = by ? by : host_owner(h, &d->source);
    if (!by || by == h)
        return h;
    (void)span_copy(host_tx_room(by), span_first(span_of(host_tx_room(h)), d->header_bytes));
    return by;
}

/* ---- Start */

/* All zero but for what the two have in common. */
static struct stack_host *interface_of(struct stack_host *whole, struct net *net, const struct stack_config *cfg, void *memory)
{
    struct stack_host *i = memory;
    i->stack = (struct stack){ .ops = whole->stack.ops, .address = cfg->address, .gateway = cfg->gateway };
    i->whole = whole;
    i->net = net;
    i->tcp = whole->tcp;
    i->packets = i->lends = whole->packets;
    i->hop_limit = cfg->hop_limit;
    i->identification = (uint32_t)random_u64();
    reassembly_init(&i->reassembly, whole->packets->all.n / REASSEMBLY_SHARE);
    host_choose_num_rx(i, RX_SHARE);
    return i;
}

/* Does another interface have one of its addresses? Link-local ones are equal where stations are. */
static bool is_in_use(struct stack_host *i, const struct stack_config *cfg)
{
    if (host_owner(i, &cfg->address.ip))
        return true;
    for (size_t n = 0; i->ndp && n < NDP_ADDRESSES; n++)
        if (i->ndp->address[n].state != NDP_UNUSED && host_owner(i, &i->ndp->address[n].ip))
            return true;
    return false;
}

/* From now on each interface of the stack counts with what devices are to have in all. */
static void reserve(struct stack_host *whole, size_t num_rx_all)
{
    for (struct stack_host *i = whole; i; i = i->next)
        i->num_rx_all = num_rx_all;
}

static void append(struct stack_host *whole, struct stack_host *added)
{
    struct stack_host *last = whole;
    while (last->next)
        last = last->next;
    last->next = added;
    reserve(whole, whole->num_rx_all + added->num_rx);
    tcp_add_link(whole->tcp, &(struct tcp_link){ .mss_bytes = (uint16_t)(added->net->mtu - HEADERS_BYTES),
                                                 .is_plain = !host_can_segment(added), .num_packets_reserved = (uint32_t)added->num_rx });
}

static err start(struct stack_host *i, const struct stack_config *cfg)
{
    if (i->whole->num_rx_all + i->num_rx > i->packets->all.n / RX_SHARE_OF_ALL)
        return E_NOMEM;
    TRY(host_start_network(i, cfg));
    TRY(is_in_use(i, cfg) ? E_IN_USE : OK);
    scope_open(&i->scope);
    return fiber_go(&i->scope, host_watch_fiber, i, "net-watch");
}

err stack_add_interface(struct stack *s, struct net *net, const struct stack_config *cfg, struct stack **interface)
{
    struct stack_host *whole = host_of(s);
    void *memory;
    *interface = NULL;
    if (whole != whole->whole || net->mtu < MTU_MIN)
        return E_INVALID;
    TRY(heap_alloc(sizeof(struct stack_host), &memory));
    struct stack_host *i = interface_of(whole, net, cfg, memory);
    err e = start(i, cfg);
    if (e != OK) {
        scope_cancel(&i->scope);
        host_free(i);
        return e;
    }
    append(whole, i);
    host_output_due(i);
    *interface = &i->stack;
    const struct ip_prefix *address = i->ipv4_type && i->ip.num_addresses > 0 ? &cfg->address : &cfg->ipv6;
    log_info(stack, "%I/%u is up as well, mtu %u", &address->ip, address->length, net->mtu);
    return OK;
}

struct stack *stack_interface(struct stack *s, size_t at)
{
    struct stack_host *i = host_of(s);
    for (; i && at > 0; at--)
        i = i->next;
    return i ? &i->stack : NULL;
}

/* ---- End */

/* The peers of its connections are told, without waiting for answers. */
static void end_connections(struct stack_host *i)
{
    struct stack_host *whole = i->whole;
    for (size_t n = 0; n < whole->conns.n; n++) {
        struct conn *c = &AT(whole->conns, n);
        struct endpoint local = c->tcp ? tcp_local(c->tcp) : (struct endpoint){ 0 };
        if (c->tcp && host_is_ours(i, &local.ip))
            conn_close(c);
    }
    whole->now = i->now = host_now(whole);
    host_output(whole);
}

static void give_packets_back(struct stack_host *i)
{
    host_flush(i);
    host_drop_looped(i);
    arp_close(&i->arp);
    if (i->ndp)
        ndp_close(i->ndp);
    reassembly_close(&i->reassembly);
    for (size_t n = 0; n < i->num_lent; n++)
        packet_unref(i->rx_packet[n]);
}

void stack_close_interface(struct stack *interface)
{
    if (!interface)
        return;
    struct stack_host *i = host_of(interface), *before = i->whole;
    end_connections(i);
    for (size_t n = 0; i->udp && n < UDP_PORTS_MAX; n++)
        interface->ops->udp_close(&i->udp->socket[n].udp);
    scope_cancel(&i->scope);
    while (before->next != i)
        before = before->next;
    before->next = i->next;
    reserve(i->whole, i->whole->num_rx_all - i->num_rx);
    give_packets_back(i);
    host_free(i);
}
