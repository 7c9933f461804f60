// SPDX-License-Identifier: ISC
/* hvt_host.h - the world of the hypercalls: descriptors of attached devices, an epoll set, a clock, the console. */
#ifndef TENDER_HVT_HOST_H
#define TENDER_HVT_HOST_H
#include "tender/hypercall.h"

/* Opens the epoll set; with the extension the operator's signals arrive there, otherwise they end the tender. Keeps
 * the devices. */
MUST_CHECK err hvt_host_open(const struct devices *d, int *epoll, int *signals, struct message *why);
extern const struct hypercall_host hvt_host;

#endif
