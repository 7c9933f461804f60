// SPDX-License-Identifier: ISC
/* optional_v6.h - the same for IPv6, which stack_open_dual asks for, by living in v6.c. What belongs to it is called only
 * where h->ndp is there, which only v6.c makes; and that includes optional.h alone. */
#ifndef LIB_STACK_OPTIONAL_V6_H
#define LIB_STACK_OPTIONAL_V6_H
#include "lib/stack/host.h"

#define OPTIONAL_V6(function) extern __typeof__(function) function __attribute__((weak))

OPTIONAL_V6(host_begin_fragment_v6);
OPTIONAL_V6(host_icmpv6_input);
OPTIONAL_V6(host_ipv6_input);
OPTIONAL_V6(host_ndp_news);
OPTIONAL_V6(host_report_v6);
OPTIONAL_V6(host_send_error_v6);
OPTIONAL_V6(host_send_mld);
OPTIONAL_V6(host_send_ndp);
OPTIONAL_V6(host_start_ipv6);
OPTIONAL_V6(host_way_v6);
OPTIONAL_V6(host_write_ipv6);
OPTIONAL_V6(ipv6_decode);
OPTIONAL_V6(ipv6_encode);
OPTIONAL_V6(ndp_confirm);
OPTIONAL_V6(ndp_deadline);
OPTIONAL_V6(ndp_hold);
OPTIONAL_V6(ndp_is_deprecated);
OPTIONAL_V6(ndp_is_ours);
OPTIONAL_V6(ndp_next_hop);
OPTIONAL_V6(ndp_add_gateway);
OPTIONAL_V6(ndp_add_route);
OPTIONAL_V6(ndp_add_static);
OPTIONAL_V6(ndp_remove);
OPTIONAL_V6(ndp_remove_gateway);
OPTIONAL_V6(ndp_remove_route);
OPTIONAL_V6(ndp_source);
OPTIONAL_V6(ndp_tick);

#endif
