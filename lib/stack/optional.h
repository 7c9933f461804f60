// SPDX-License-Identifier: ISC
/* optional.h - what is linked into an image only where something asks for it: UDP by udp_open in udp.c, connections that
 * we open by tcp_connect in connect.c, groups by udp_join in multicast.c, changes of addresses by stack_add_address in configure.c,
 * choices of connections by tcp_set in choice.c, what is sent to ourselves by the first two. Elsewhere in the stack their names are
 * weak, pull nothing out of an archive, and are called only where the names are there, or state that only they make (h->udp,
 * h->multicast). Those files themselves do not include this. */
#ifndef LIB_STACK_OPTIONAL_H
#define LIB_STACK_OPTIONAL_H
#include "lib/stack/host.h"

#define OPTIONAL(function) extern __typeof__(function) function __attribute__((weak))

OPTIONAL(host_address_news);
OPTIONAL(host_drop_looped);
OPTIONAL(host_igmp_input);
OPTIONAL(host_is_closed);
OPTIONAL(host_is_forged);
OPTIONAL(host_is_in_group);
OPTIONAL(host_leaves_by);
OPTIONAL(host_loop_back);
OPTIONAL(host_loops);
OPTIONAL(host_mld_query);
OPTIONAL(host_of_conn);
OPTIONAL(host_receive_looped);
OPTIONAL(host_send_reports);
OPTIONAL(host_tcp_connect);
OPTIONAL(host_tcp_set);
OPTIONAL(host_udp_close);
OPTIONAL(host_udp_close_all);
OPTIONAL(host_udp_connect);
OPTIONAL(host_udp_error);
OPTIONAL(host_udp_has_port);
OPTIONAL(host_udp_input);
OPTIONAL(host_udp_join);
OPTIONAL(host_udp_leave);
OPTIONAL(host_udp_open);
OPTIONAL(host_udp_receive);
OPTIONAL(host_udp_send);
OPTIONAL(host_udp_set);
OPTIONAL(multicast_deadline);
OPTIONAL(multicast_tick);

#endif
