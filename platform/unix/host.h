// SPDX-License-Identifier: ISC
/* host.h - what differs from one host system to the next: kept by host_SYSTEM.c and net_tap_SYSTEM.c. */
#ifndef PLATFORM_UNIX_HOST_H
#define PLATFORM_UNIX_HOST_H
#include "platform/unix/net.h"
#include <poll.h>

/* A descriptor that can be read once SIGINT or SIGTERM came, which have no other effect from now on; -1: errno says why. */
int unix_host_signals_open(void);
/* One of them came: the descriptor is closed and they have their effects again. */
MUST_CHECK bool unix_host_signals_take(int fd);
/* As poll, until a deadline of the monotonic clock, or NEVER; 0 only looks. */
int unix_host_poll(struct pollfd *all, unsigned num, nanos deadline);
MUST_CHECK bool unix_host_entropy(struct mspan out);
/* Of a device that is no file; 0: it is no block device. */
uint64_t unix_host_disk_bytes(int fd);
/* The blocks in which a disk that is no file discards; 0: it is a file. */
uint32_t unix_host_discard_bytes(int fd);
/* Returns when it is on stable storage; false: errno says why. */
MUST_CHECK bool unix_host_flush(int fd);
/* E_UNSUPPORTED where the system has no such call for this file. */
MUST_CHECK err unix_host_discard(int fd, uint64_t offset_bytes, uint64_t num_bytes);

/* The descriptor is a TAP: *d is filled. false: it is something else. One that is no TAP for whole frames is refused. */
MUST_CHECK bool net_tap_from_fd(struct net_device *d, int fd);

#endif
