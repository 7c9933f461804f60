// SPDX-License-Identifier: ISC
/* host_manifest.c - the devices of check/net's host, as an hvt image declares them. */
#include "abi/solo5.h"
#include "platform/platform.h"

SOLO5_MANIFEST_NOTE(SOLO5_NET("service"));

/* An image has no descriptors of a host's to watch. */
void platform_watch(int descriptor)
{
    (void)descriptor;
}
