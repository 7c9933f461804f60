// SPDX-License-Identifier: ISC
/* discard_linux.c - apart from the start of a tender, since a guest's calls come here. */
#include "tender/system.h"
#include <errno.h>
#include <fcntl.h>

err system_discard(int fd, uint64_t offset, uint64_t num_bytes)
{
    int n;
    do
        n = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)num_bytes);
    while (n != 0 && errno == EINTR);
    return n == 0 ? OK : errno == EOPNOTSUPP || errno == ENOSYS ? E_UNSUPPORTED : E_IO;
}
