// SPDX-License-Identifier: ISC
/* copy.h - private to platform/virtio. */
#ifndef PLATFORM_VIRTIO_COPY_H
#define PLATFORM_VIRTIO_COPY_H
#include "base/span.h"

/* span_copy for many bytes: where size counts that is a string instruction, for which translators, and CPUs that are not the newest, take a
 * byte at a time. */
size_t copy_bytes(struct mspan to, struct span from);

#endif
