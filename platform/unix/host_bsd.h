// SPDX-License-Identifier: ISC
/* host_bsd.h - what differs among the BSDs and macOS. */
#ifndef PLATFORM_UNIX_HOST_BSD_H
#define PLATFORM_UNIX_HOST_BSD_H
#include "base/span.h"

/* At most 256 bytes. */
MUST_CHECK bool unix_system_entropy(struct mspan piece);

#endif
