// SPDX-License-Identifier: ISC
/* net_tap.h - a TAP of the host's. */
#ifndef TENDER_NET_TAP_H
#define TENDER_NET_TAP_H
#include "tender/devices.h"

struct net_option {
    struct span where;
    const char *name;           /* of the device, for messages */
    bool has_extension;
    struct message *why;
};
/* By name. */
MUST_CHECK err net_open_tap(const struct net_option *o, int *fd, struct extension_device *d);
/* By descriptor. */
bool net_is_tap(int fd);
MUST_CHECK err net_take_tap(const struct net_option *o, int fd, struct extension_device *d);

/* `what` is to be done about errno. */
err net_failed(const struct net_option *o, const char *what);

#endif
