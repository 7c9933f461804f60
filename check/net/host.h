// SPDX-License-Identifier: ISC
/* host.h - what a host on one network and one on two do not have in common. */
#ifndef CHECK_NET_HOST_H
#define CHECK_NET_HOST_H
#include "lib/stack/stack.h"

/* The second network, where there is one. */
MUST_CHECK err back_open(struct stack *net, const struct stack_config *cfg);
void back_close(void);

#endif
