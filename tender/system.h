// SPDX-License-Identifier: ISC
/* system.h - what of a tender's start differs between systems: system_linux.c and discard_linux.c, hvt_bsd.c. */
#ifndef TENDER_SYSTEM_H
#define TENDER_SYSTEM_H
#include "tender/devices.h"

typedef SLICE(const int) descriptors;

void system_start(void);
/* Where something has to be undone when the guest ends, somebody outlives it. */
MUST_CHECK err system_outlive(struct devices *d, struct message *why);
/* Gives the space of these bytes of a file or block device back. E_UNSUPPORTED: it is none that can. */
MUST_CHECK err system_discard(int fd, uint64_t offset, uint64_t num_bytes);
/* The blocks of a block device, of which only whole ones are given back; 0: it is a file. */
uint32_t system_discard_bytes(int fd);
/* Closes every descriptor above 2 but these, which ascend. */
void system_close_others(descriptors kept);

#endif
