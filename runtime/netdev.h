// SPDX-License-Identifier: ISC
/* netdev.h - a network device of the platform as a struct net. */
#ifndef RUNTIME_NETDEV_H
#define RUNTIME_NETDEV_H
#include "interface/net.h"

struct netdev {
    struct net net;
    unsigned handle;
};
/* E_NOT_FOUND: the manifest names no such network device. E_IN_USE: it is open. Otherwise *out is filled, and
 * must stay where it is. */
MUST_CHECK err netdev_open(struct span name, struct netdev *out);
void netdev_close(struct netdev *d);    /* idempotent */

#endif
