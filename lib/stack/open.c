// SPDX-License-Identifier: ISC
/* open.c - the stack's memory, in proportion to the heap, and its start and end. */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"
#include "runtime/log.h"
#include "lib/random/random.h"

LOG_SOURCE(stack);

enum {
    PACKETS_SHARE = 55,             /* percent of the budget */
    CONNS_SHARE = 35,
    CONNS_EACH_100_PACKETS = 45,    /* so that each can hold what it received and what it answers, and some are left */
    RX_SHARE = 4,                   /* of the packets, one in so many may be lent to the device */
    LARGE_SHARE = 8,                /* of the packets' memory, at most one in so many bytes is for large ones */
    PACKETS_MIN = 96,
    PACKETS_MAX = 262144,
    CONNS_MIN = 8,
    SEND_SHARE = 64,                /* one connection may fill a 64th of the packets with what it sends, within: */
    BUFFER_MIN_BYTES = 16 << 10,
    RECEIVE_MAX_BYTES = 2 << 20,        /* at 512 KiB a bulk transfer over a TAP halves */
    SEND_MAX_BYTES = 220 << 10,     /* the engine's bookkeeping for it doubles here */
    REASSEMBLY_SHARE = 4,           /* a quarter of the packets may hold fragments */
    TCP_ALIGNMENT = 64,
    GSO_BYTES = 65160,              /* 45 segments of 1448 */
};

static const struct stack_ops ops = {
    .tcp_listen = host_tcp_listen,
    .tcp_unlisten = host_tcp_unlisten,
    .tcp_connect = host_tcp_connect,
    .tcp_set = host_tcp_set,
    .udp_open = host_udp_open,
    .udp_connect = host_udp_connect,
    .udp_set = host_udp_set,
    .udp_join = host_udp_join,
    .udp_leave = host_udp_leave,
    .udp_send = host_udp_send,
    .udp_receive = host_udp_receive,
    .udp_close = host_udp_close,
};

static size_t clamp(size_t v, size_t min, size_t max)
{
    return size_min(size_max(v, min), max);
}

static bool is_given(const struct ip *a)
{
    return !ipv6_is_unspecified(a);
}

static bool is_gateway_given(const struct stack_config *cfg)
{
    return is_given(&cfg->gateway) && ip_v4(&cfg->gateway) != 0;
}

/* What is probed for is added by host_address_news, with the gateway. */
static err add_address(struct stack_host *h, const struct stack_config *cfg)
{
    uint32_t ip = ip_v4(&cfg->address.ip), mask;
    if (!ip_is_v4(&cfg->address.ip) || cfg->address.length > 32)
        return E_INVALID;
    mask = ipv4_mask(cfg->address.length);
    if (!ipv4_add_address(&h->ip, ip, mask))
        return E_INVALID;
    if (is_gateway_given(cfg) && (!ip_is_v4(&cfg->gateway) || !ipv4_add_route(&h->ip, 0, 0, ip_v4(&cfg->gateway))))
        return E_INVALID;
    if (cfg->probe_ipv4 && !host_address_news)
        return E_UNSUPPORTED;
    if (cfg->probe_ipv4)
        h->ip = (struct ipv4_host){ 0 };
    return arp_add_address(&h->arp, ip, mask, cfg->probe_ipv4, h->now) ? OK : E_INVALID;
}

static err start_ipv4(struct stack_host *h, const struct stack_config *cfg)
{
    arp_init(&h->arp, &(struct arp_config){ .mac = h->net->mac, .seed = (uint32_t)random_u64() });
    if (cfg->ipv6_only || (!is_given(&cfg->address.ip) && !cfg->dynamic_ipv4))
        return OK;
    h->ipv4_type = ETHERNET_IPV4;
    h->arp_type = ETHERNET_ARP;
    return is_given(&cfg->address.ip) ? add_address(h, cfg) : OK;
}

static bool wants_ipv6(const struct stack_config *cfg)
{
    return !cfg->ipv4_only && (is_given(&cfg->ipv6.ip) || cfg->accept_router_advertisements || cfg->ipv6_only);
}

err host_start_network(struct stack_host *h, const struct stack_config *cfg)
{
    h->now = clock_now();
    TRY(start_ipv4(h, cfg));
    if (wants_ipv6(cfg))
        TRY(host_start_ipv6 ? host_start_ipv6(h, cfg) : E_UNSUPPORTED);
    return h->ipv4_type || h->ipv6_type ? OK : E_INVALID;
}

static err allocate_large(struct stack_host *h, size_t num)
{
    void *memory;
    if (num == 0)
        return OK;
    TRY(heap_alloc_aligned(TCP_ALIGNMENT, num * sizeof(struct packet_large), &memory));
    packet_pool_init_large(&h->large, memory, num);
    return OK;
}

/* The device gets at most one packet in so many of all. */
void host_choose_num_rx(struct stack_host *h, size_t one_in)
{
    bool may_chain = h->net->features.receive_coalesced || h->net->mtu + ETHERNET_HEADER_BYTES > PACKET_DATA_BYTES;
    h->num_rx_least = may_chain ? FRAME_PARTS_MAX : 1;
    h->num_rx = clamp(h->packets->all.n / one_in, h->num_rx_least, may_chain ? HOST_RX_BUFFERS_MAX : HOST_RX_FRAMES);
}

static err allocate_packets(struct stack_host *h, size_t budget_bytes)
{
    size_t num = clamp(budget_bytes * PACKETS_SHARE / 100 / sizeof(struct packet), PACKETS_MIN, PACKETS_MAX);
    size_t each = sizeof(struct packet_large) / sizeof(struct packet) + 1;
    size_t num_large = h->net->features.receive_coalesced ? size_min(num / LARGE_SHARE / each, HOST_RX_LARGE) : 0;
    void *memory;
    TRY(allocate_large(h, num_large));
    num -= num_large * each;
    TRY(heap_alloc_aligned(TCP_ALIGNMENT, num * sizeof(struct packet), &memory));
    packet_pool_init(h->packets, memory, num);
    h->lends = h->packets;
    host_choose_num_rx(h, RX_SHARE);
    h->num_rx_all = h->num_rx;
    return OK;
}

/* The device cuts segments of each family that we speak. */
bool host_can_segment(const struct stack_host *h)
{
    const struct frame_features *f = &h->net->features;
    return f->send_checksum && (f->send_tso4 || !h->ipv4_type) && (f->send_tso6 || !h->ndp);
}

static struct tcp_config tcp_config_for(const struct stack_host *h, size_t num_conns)
{
    size_t pool_bytes = h->packets->all.n * PACKET_DATA_BYTES;
    struct tcp_config cfg = {
        .num_conns = num_conns,
        .num_half_open = (uint32_t)clamp(num_conns, 64, 4096),
        .num_time_wait = (uint32_t)clamp(num_conns, 64, 16384),
        .mss_bytes = (uint16_t)(h->net->mtu - 40),
        .gso_max_bytes = host_can_segment(h) ? GSO_BYTES : 0,
        .send_buffer_bytes = (uint32_t)clamp(pool_bytes / SEND_SHARE, BUFFER_MIN_BYTES, SEND_MAX_BYTES),
        .ecn = true,
        .num_packets_reserved = (uint32_t)h->num_rx,
    };
    size_t least = size_max(BUFFER_MIN_BYTES, cfg.mss_bytes);
    cfg.receive_buffer_bytes = (uint32_t)clamp(tcp_window_that_fits(&cfg, h->packets->all.n), least, RECEIVE_MAX_BYTES);
    return cfg;
}

/* As many connections as the budget holds, by halves. */
static size_t num_conns_for(const struct stack_host *h, size_t budget_bytes)
{
    size_t fits = CONNS_MIN, too_many = clamp(h->packets->all.n * CONNS_EACH_100_PACKETS / 100, CONNS_MIN, STACK_CONNS_MAX) + 1;
    while (too_many - fits > 1) {
        size_t num = (fits + too_many) / 2;
        struct tcp_config cfg = tcp_config_for(h, num);
        if (tcp_memory_bytes(&cfg) + num * sizeof(struct conn) <= budget_bytes)
            fits = num;
        else
            too_many = num;
    }
    return fits;
}

static err allocate_tcp(struct stack_host *h, size_t budget_bytes)
{
    struct tcp_config cfg = tcp_config_for(h, num_conns_for(h, budget_bytes * CONNS_SHARE / 100));
    random_fill(MSPAN(cfg.secret));
    TRY(HEAP_SLICE(cfg.num_conns, &h->conns));
    TRY(HEAP_SLICE(tcp_memory_bytes(&cfg) + TCP_ALIGNMENT, &h->tcp_memory));
    h->tcp = tcp_init(&cfg, mspan_skip(h->tcp_memory, -(uintptr_t)h->tcp_memory.p % TCP_ALIGNMENT), h->packets, h->now);
    return OK;
}

static err start_fibers(struct stack_host *h)
{
    scope_open(&h->scope);
    TRY(fiber_go(&h->scope, host_net_fiber, h, "net"));
    TRY(fiber_go(&h->scope, host_watch_fiber, h, "net-watch"));
    for (uint32_t i = 0; i < h->num_workers; i++)
        TRY(fiber_go(&h->scope, host_worker_fiber, h, "worker"));
    return OK;
}

void host_free(struct stack_host *h)
{
    heap_free(h->ndp);
    heap_free(h->udp);
    heap_free(h->multicast);
    heap_free(h);
}

static void free_memory(struct stack_host *h)
{
    heap_free(h->tcp_memory.p);
    heap_free(h->fast_open);
    heap_free(h->conns.p);
    heap_free(h->packets->all.p);
    heap_free(h->large.large.p);
    host_free(h);
}

static err start(struct stack_host *h, const struct stack_config *cfg, size_t budget_bytes)
{
    TRY(host_start_network(h, cfg));
    wheel_init(&h->wheel, h->now);
    TRY(allocate_packets(h, budget_bytes));
    reassembly_init(&h->reassembly, h->packets->all.n / REASSEMBLY_SHARE);
    h->identification = (uint32_t)random_u64();
    TRY(allocate_tcp(h, budget_bytes));
    TRY(start_fibers(h));
    const struct ip_prefix *address = is_given(&cfg->address.ip) && h->ipv4_type ? &cfg->address : &cfg->ipv6;
    log_info(stack, "%I/%u is up: %zu connections, %zu packets, mtu %u%s%s", &address->ip, address->length, h->conns.n,
             h->packets->all.n, h->net->mtu, h->net->features.send_checksum ? ", checksum offload" : "",
             h->net->features.send_tso4 ? ", segmentation offload" : "");
    return OK;
}

err stack_open_with(struct net *net, const struct stack_config *cfg, struct stack **out)
{
    void *memory;
    *out = NULL;
    uint32_t percent = cfg->heap_percent ? cfg->heap_percent : STACK_HEAP_PERCENT;
    uint32_t num_workers = cfg->num_workers ? cfg->num_workers : STACK_WORKERS;
    if (percent > 100 || num_workers > STACK_WORKERS_MAX)
        return E_INVALID;
    size_t budget_bytes = heap_stats().largest_free_bytes / 100 * percent;
    TRY(heap_alloc(sizeof(struct stack_host), &memory));
    struct stack_host *h = memory;
    h->stack = (struct stack){ .ops = &ops, .address = cfg->address, .gateway = cfg->gateway };
    h->whole = h;
    h->packets = &h->pool;
    h->net = net;
    h->num_workers = num_workers;
    h->hop_limit = cfg->hop_limit;
    h->traffic_class = cfg->traffic_class;
    err e = start(h, cfg, budget_bytes);
    if (e != OK) {
        scope_cancel(&h->scope);
        free_memory(h);
        return e;
    }
    *out = &h->stack;
    return OK;
}

err stack_open(struct net *net, const struct ip_prefix *address, const struct ip *gateway, struct stack **out)
{
    return stack_open_with(net, &(struct stack_config){ .address = *address, .gateway = *gateway }, out);
}

/* The net fiber says good-bye when it is cancelled. */
void stack_close(struct stack *s)
{
    struct stack_host *h = host_of(s);
    for (size_t i = 0; i < TCP_LISTENERS_MAX; i++)
        if (h->listening[i])
            host_tcp_unlisten(s, h->listening[i]->port);
    if (host_udp_close_all)
        host_udp_close_all(h);
    scope_cancel(&h->scope);
    if (host_drop_looped)
        host_drop_looped(h);
    if (host_is_closed)
        host_is_closed(h);
    free_memory(h);
}
