// SPDX-License-Identifier: ISC
#include "tender/bsd_host.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

int bsd_open(const char *path)
{
    return open(path, O_RDWR | O_CLOEXEC);
}

int bsd_ioctl(int fd, unsigned long request, void *argument)
{
    return ioctl(fd, request, argument);
}

void *bsd_map(int fd, size_t num_bytes)
{
    void *p = mmap(NULL, num_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return p != MAP_FAILED ? p : NULL;
}

int bsd_process(void)
{
    return getpid();
}
