// SPDX-License-Identifier: ISC
/* descriptor.h - a descriptor of the host below, on targets that are processes of one (`unix`), for fibers to wait for. One at
 * a time: an epoll stands for many. */
#ifndef RUNTIME_DESCRIPTOR_H
#define RUNTIME_DESCRIPTOR_H
#include "base/err.h"
#include "base/nanos.h"

/* E_IN_USE. */
MUST_CHECK err descriptor_watch(int descriptor);
void descriptor_unwatch(void);          /* idempotent */
/* Blocks the fiber until it may be read; one fiber. E_TIMEDOUT, E_CANCELED. */
MUST_CHECK err descriptor_wait(nanos deadline);

#endif
