// SPDX-License-Identifier: ISC
/* probing.c - paths whose routers say nothing of what is too large, for programs that ask for it. */
#include "lib/stack/host.h"

void stack_probe_path_mtu(struct stack *s)
{
    tcp_probe_path_mtu(host_of(s)->tcp);
}
