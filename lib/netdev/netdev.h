// SPDX-License-Identifier: ISC
/* netdev.h - a network device of the platform as `struct net` (interface/net.h). */
#ifndef LIB_NETDEV_NETDEV_H
#define LIB_NETDEV_NETDEV_H
#include "interface/net.h"

/* The device of that name in the image's manifest; it stays for good. E_NOT_FOUND: there is none. E_NOMEM. */
MUST_CHECK err netdev_open(const char *name, struct net **out);

#endif
