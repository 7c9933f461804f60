// SPDX-License-Identifier: ISC
/* host_manifest.c - the devices of check/net's host, as an hvt image declares them. */
#include "abi/solo5.h"

SOLO5_MANIFEST_NOTE(SOLO5_NET("service"));
