// SPDX-License-Identifier: ISC
/* optional.h - what is linked only where something asks for it, by weak names, which pull nothing out of an archive. IPv6 is
 * asked for by stack_open_dual, which lives in v6.c; elsewhere in the stack what belongs to it is called only where h->ndp is
 * there, which only v6.c makes. v6.c itself does not include this. */
#ifndef LIB_STACK_OPTIONAL_H
#define LIB_STACK_OPTIONAL_H
#include "lib/stack/host.h"

#define OPTIONAL(function) extern __typeof__(function) function __attribute__((weak))

OPTIONAL(ipv6_decode);
OPTIONAL(ipv6_encode);
OPTIONAL(ipv6_fragment_encode);
OPTIONAL(ndp_confirm);
OPTIONAL(ndp_deadline);
OPTIONAL(ndp_hold);
OPTIONAL(ndp_is_ours);
OPTIONAL(ndp_next_hop);
OPTIONAL(ndp_source);
OPTIONAL(ndp_tick);
OPTIONAL(host_icmpv6_input);
OPTIONAL(host_is_closed);
OPTIONAL(host_ipv6_input);
OPTIONAL(host_ndp_news);
OPTIONAL(host_send_error_v6);
OPTIONAL(host_send_ndp);
OPTIONAL(host_start_ipv6);
OPTIONAL(host_way_v6);
OPTIONAL(host_write_ipv6);

#endif
