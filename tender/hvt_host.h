// SPDX-License-Identifier: ISC
/* hvt_host.h - the world of the hypercalls: descriptors of attached devices, a wait, a clock, the console. */
#ifndef TENDER_HVT_HOST_H
#define TENDER_HVT_HOST_H
#include "tender/hypercall.h"

/* Keeps the devices. */
MUST_CHECK err hvt_host_open(const struct devices *d, struct message *why);
extern const struct hypercall_host hvt_host;

#endif
