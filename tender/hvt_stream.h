// SPDX-License-Identifier: ISC
/* hvt_stream.h - network devices behind a stream socket, such as passt's: the guest sees frames. */
#ifndef TENDER_HVT_STREAM_H
#define TENDER_HVT_STREAM_H
#include "tender/hypercall.h"

MUST_CHECK err hvt_stream_open(unsigned handle, int fd, struct message *why);
/* As hypercall_host's net_read and net_write. A frame that does not fit is received as an empty one. */
enum host_net hvt_stream_read(unsigned handle, iovecs into, size_t *num_bytes);
enum host_net hvt_stream_write(unsigned handle, iovecs from);
/* 1 << handle of those that hold a frame that was read already. */
uint64_t hvt_streams_ready(void);
/* Writes what was left of frames that were begun. */
void hvt_streams_flush(void);

#endif
