// SPDX-License-Identifier: ISC
/* hypercall_parts.h - private to hypercall.c, hypercall_net.c and hypercall_block.c. */
#ifndef TENDER_HYPERCALL_PARTS_H
#define TENDER_HYPERCALL_PARTS_H
#include "tender/hypercall.h"

extern const struct hypercall_result hypercall_done;
struct hypercall_result guest_fault(const char *what);
/* Guest bytes at [address, address + num_bytes); false: not all of them are memory, or may be written. */
MUST_CHECK bool guest_readable(const struct hypercall_guest *g, uint64_t address, uint64_t num_bytes, struct span *out);
MUST_CHECK bool guest_writable(const struct hypercall_guest *g, uint64_t address, uint64_t num_bytes, struct mspan *out);
/* Whether this is an attached device of the type. */
MUST_CHECK bool guest_device(const struct hypercall_guest *g, uint64_t handle, enum solo5_device type);
/* Whether these are whole sectors of an attached block device. */
MUST_CHECK bool guest_sectors(const struct hypercall_guest *g, uint64_t handle, uint64_t offset, uint64_t num_bytes);

struct hypercall_result hypercall_net_exchange(const struct hypercall_guest *g, void *arguments);
struct hypercall_result hypercall_block_read(const struct hypercall_guest *g, void *arguments);
struct hypercall_result hypercall_block_write(const struct hypercall_guest *g, void *arguments);
struct hypercall_result hypercall_block_requests(const struct hypercall_guest *g, void *arguments);

#endif
