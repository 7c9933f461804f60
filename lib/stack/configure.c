// SPDX-License-Identifier: ISC
/* configure.c - addresses and routes that come and go while the stack is up. */
#include "lib/stack/optional_v6.h"
#include "runtime/log.h"

LOG_SOURCE(stack);

/* ---- Addresses */

static void gateway_of_start(struct stack_host *h)
{
    struct ip *gateway = &h->stack.gateway;
    if (ip_is_v4(gateway) && ip_v4(gateway) != 0)
        (void)!ipv4_add_route(&h->ip, 0, 0, ip_v4(gateway));
}

/* It is ours from now on. */
static bool take_ipv4(struct stack_host *h, uint32_t ip, uint32_t mask)
{
    if (!ipv4_add_address(&h->ip, ip, mask))
        return false;
    if (h->ip.num_addresses == 1) {
        h->stack.address = (struct ip_prefix){ ip_from_v4(ip), ipv4_length(mask) };
        gateway_of_start(h);
    }
    return true;
}

static const struct arp_address *arp_address(const struct stack_host *h, uint32_t ip)
{
    for (size_t i = 0; i < ARP_ADDRESSES; i++)
        if (h->arp.address[i].state != ARP_ADDRESS_NONE && h->arp.address[i].ip == ip)
            return &h->arp.address[i];
    return NULL;
}

void host_address_news(struct stack_host *h)
{
    uint32_t ip;
    bool is_ours;
    while (arp_poll_address(&h->arp, &ip, &is_ours)) {
        struct ip address = ip_from_v4(ip);
        const struct arp_address *own = is_ours ? arp_address(h, ip) : NULL;
        if (own && take_ipv4(h, ip, own->mask)) {
            log_info(stack, "%I is ours", &address);
        } else {
            log_warning(stack, "%I is another station's, so it is not used", &address);
            stack_remove_address(&h->stack, &address);
        }
        waitq_wake_all(&h->addresses);
    }
}

static err wait_for_probe(struct stack_host *h, uint32_t ip, nanos deadline)
{
    err e = OK;
    host_output_due(h);
    while (e == OK && !ipv4_is_ours(&h->ip, ip) && arp_address(h, ip))
        e = waitq_wait(&h->addresses, deadline);
    if (ipv4_is_ours(&h->ip, ip))
        return OK;
    arp_remove_address(&h->arp, ip);
    return e == OK ? E_IN_USE : e;
}

static err add_ipv4(struct stack_host *h, const struct ip_prefix *p, enum stack_probe probe, nanos deadline)
{
    uint32_t ip = ip_v4(&p->ip);
    if (!h->ipv4_type)
        return E_UNSUPPORTED;
    if (p->length > 32)
        return E_INVALID;
    if (arp_address(h, ip) || host_owner(h, &p->ip))
        return E_IN_USE;
    struct ipv4_host trial = h->ip;
    if (trial.num_addresses == IPV4_ADDRESSES)
        return E_NOMEM;
    if (!ipv4_add_address(&trial, ip, ipv4_mask(p->length)))
        return E_INVALID;
    if (!arp_add_address(&h->arp, ip, ipv4_mask(p->length), probe == STACK_PROBE, host_now(h)))
        return E_NOMEM;
    if (probe == STACK_PROBE)
        return wait_for_probe(h, ip, deadline);
    REQUIRE(take_ipv4(h, ip, ipv4_mask(p->length)));
    host_output_due(h);
    return OK;
}

static err add_ipv6(struct stack_host *h, const struct ip_prefix *p)
{
    if (!h->ndp)
        return E_UNSUPPORTED;
    if (host_owner(h, &p->ip))
        return E_IN_USE;
    if (!ipv6_is_unicast(&p->ip) || p->length > 128)
        return E_INVALID;
    host_output_due(h);
    return ndp_add_static(h->ndp, p, host_now(h)) ? OK : E_NOMEM;
}

err stack_add_address(struct stack *s, const struct ip_prefix *address, enum stack_probe probe, nanos deadline)
{
    return ip_is_v4(&address->ip) ? add_ipv4(host_of(s), address, probe, deadline) : add_ipv6(host_of(s), address);
}

void stack_remove_address(struct stack *s, const struct ip *address)
{
    struct stack_host *h = host_of(s);
    if (!ip_is_v4(address)) {
        if (h->ndp)
            ndp_remove(h->ndp, address);
        return;
    }
    ipv4_remove_address(&h->ip, ip_v4(address));
    arp_remove_address(&h->arp, ip_v4(address));
    if (ip_eq(&s->address.ip, address)) {
        const struct ipv4_address *next = &h->ip.address[0];
        s->address = h->ip.num_addresses == 0 ? (struct ip_prefix){ 0 } :
                                                (struct ip_prefix){ ip_from_v4(next->ip), ipv4_length(next->mask) };
    }
}

/* ---- Routes */

static err add_route_v6(struct stack_host *h, const struct ip_prefix *network, const struct ip *gateway)
{
    if (!h->ndp || !ipv6_is_unicast(gateway) || network->length > IPV6_BITS)
        return E_INVALID;
    bool is_added = network->length == 0 ? ndp_add_gateway(h->ndp, gateway) : ndp_add_route(h->ndp, network, gateway);
    return is_added ? OK : E_NOMEM;
}

err stack_add_route(struct stack *s, const struct ip_prefix *network, const struct ip *gateway)
{
    struct stack_host *h = host_of(s);
    if (ip_is_v4(&network->ip) != ip_is_v4(gateway))
        return E_INVALID;
    if (!ip_is_v4(gateway))
        return add_route_v6(h, network, gateway);
    if (h->ip.num_routes == IPV4_ROUTES)
        return E_NOMEM;
    if (network->length > 32 || !ipv4_add_route(&h->ip, ip_v4(&network->ip), ipv4_mask(network->length), ip_v4(gateway)))
        return E_INVALID;
    if (network->length == 0 && ip_v4(&s->gateway) == 0)
        s->gateway = *gateway;
    return OK;
}

void stack_remove_route(struct stack *s, const struct ip_prefix *network, const struct ip *gateway)
{
    struct stack_host *h = host_of(s);
    if (!ip_is_v4(gateway)) {
        if (h->ndp && network->length == 0)
            ndp_remove_gateway(h->ndp, gateway);
        else if (h->ndp)
            ndp_remove_route(h->ndp, network, gateway);
        return;
    }
    ipv4_remove_route(&h->ip, ip_v4(&network->ip), ipv4_mask(network->length), ip_v4(gateway));
    if (ip_eq(&s->gateway, gateway))
        s->gateway = (struct ip){ 0 };
}
