// SPDX-License-Identifier: ISC
/* vectors.h - readv and writev, or read and write by way of one buffer where an outer filter knows no others. */
#ifndef TENDER_VECTORS_H
#define TENDER_VECTORS_H
#include "tender/hypercall.h"
#include <sys/types.h>

/* Whether they are there. Once, while outer_expect is in force. */
bool host_vectors_probe(void);
ssize_t host_readv(int fd, iovecs into);
ssize_t host_writev(int fd, iovecs from);

#endif
