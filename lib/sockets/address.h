// SPDX-License-Identifier: ISC
/* address.h - endpoints as the host's socket calls want them. */
#ifndef LIB_SOCKETS_ADDRESS_H
#define LIB_SOCKETS_ADDRESS_H
#include "interface/address.h"
#include <netinet/in.h>
#include <sys/socket.h>

union host_address {
    struct sockaddr any;                /* what the calls take */
    struct sockaddr_in6 six;            /* what it is */
};
static inline union host_address address_of(const struct endpoint *e)
{
    union host_address a = { .six = { .sin6_family = AF_INET6, .sin6_port = htons(e->port) } };
    (void)span_copy(MSPAN(a.six.sin6_addr.s6_addr), SPAN(e->ip.byte));
    return a;
}
static inline struct endpoint address_back(const union host_address *a)
{
    struct endpoint e = { .port = ntohs(a->six.sin6_port) };
    (void)span_copy(MSPAN(e.ip.byte), SPAN(a->six.sin6_addr.s6_addr));
    return e;
}

#endif
