// SPDX-License-Identifier: ISC
/* Disks: files and block devices of the host. Requests are done on submit. */
#include "platform/unix/host.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR_BYTES_DEFAULT 512u
#define SECTOR_BYTES_MAX (1u << 20)
#define REQUEST_BYTES_MAX (1u << 30)

static struct block_device {
    bool is_attached;
    int fd;
    const char *file;
    struct platform_block_info info;
    struct platform_block_request *done, **done_last;
} devices[UNIX_HANDLES];

static struct block_device *block_device(unsigned handle)
{
    REQUIRE(handle > 0 && handle < UNIX_HANDLES);
    return &devices[handle];
}

static uint64_t capacity_of(int fd, const char *file)
{
    struct stat s;
    if (fstat(fd, &s) != 0)
        unix_refuse("--block: %s: %s", file, strerror(errno));
    if (S_ISREG(s.st_mode))
        return (uint64_t)s.st_size;
    uint64_t num_bytes = unix_host_disk_bytes(fd);
    if (num_bytes == 0)
        unix_refuse("--block: %s is neither a file nor a block device", file);
    return num_bytes;
}

void unix_block_attach(unsigned handle, const char *file)
{
    struct block_device *d = block_device(handle);
    if (d->is_attached)
        unix_refuse("--block: a device is attached twice (%s)", file);
    d->fd = open(file, O_RDWR | O_CLOEXEC);
    if (d->fd < 0)
        unix_refuse("--block: %s: %s", file, strerror(errno));
    d->is_attached = true;
    d->file = file;
    d->info.capacity_bytes = capacity_of(d->fd, file);
    d->info.can_flush = d->info.can_discard = true;
    d->info.discard_bytes = unix_host_discard_bytes(d->fd);
}

void unix_block_set_sector(unsigned handle, const char *num_bytes)
{
    char *end;
    unsigned long v = strtoul(num_bytes, &end, 10);
    if (*num_bytes < '0' || *num_bytes > '9' || *end != 0 || v < 512 || v > SECTOR_BYTES_MAX || (v & (v - 1)) != 0)
        unix_refuse("--block-sector-size: \"%s\" is no power of two from 512 to %u", num_bytes, SECTOR_BYTES_MAX);
    block_device(handle)->info.sector_bytes = (uint32_t)v;
}

void unix_block_ready(void)
{
    for (unsigned h = 1; h < UNIX_HANDLES; h++) {
        struct block_device *d = block_device(h);
        if (!d->is_attached && d->info.sector_bytes > 0)
            unix_refuse("--block-sector-size: a device has a sector size but no --block");
        if (!d->is_attached)
            continue;
        if (d->info.sector_bytes == 0)
            d->info.sector_bytes = SECTOR_BYTES_DEFAULT;
        if (d->info.capacity_bytes % d->info.sector_bytes != 0)
            unix_refuse("--block: the size of %s is no multiple of its sector, %u bytes", d->file, d->info.sector_bytes);
        d->info.max_sectors = REQUEST_BYTES_MAX / d->info.sector_bytes;
        d->info.max_discard_bytes = d->info.capacity_bytes;
    }
}

err platform_block_find(struct span name, unsigned *handle, struct platform_block_info *info)
{
    for (unsigned h = 1; h <= platform_manifest.devices.n; h++) {
        const struct platform_manifest_entry *e = &AT(platform_manifest.devices, h - 1);
        if (e->is_net || !span_eq(span_of_str(e->name), name))
            continue;
        if (!block_device(h)->is_attached)
            unix_refuse_missing(name, false);
        *handle = h;
        *info = block_device(h)->info;
        return OK;
    }
    return E_NOT_FOUND;
}

static err transfer(int fd, const struct platform_block_request *r)
{
    struct mspan left = r->bytes;
    while (left.n > 0) {
        off_t at = (off_t)(r->offset_bytes + (r->bytes.n - left.n));
        ssize_t n = r->op == PLATFORM_BLOCK_READ ? pread(fd, left.p, left.n, at) : pwrite(fd, left.p, left.n, at);
        if (n > 0)
            left = mspan_skip(left, (size_t)n);
        else if (n == 0 || errno != EINTR)
            return E_IO;
    }
    return OK;
}

static err work(int fd, const struct platform_block_request *r)
{
    switch (r->op) {
    case PLATFORM_BLOCK_READ:
    case PLATFORM_BLOCK_WRITE:
        return transfer(fd, r);
    case PLATFORM_BLOCK_FLUSH:
        return unix_host_flush(fd) ? OK : E_IO;
    case PLATFORM_BLOCK_DISCARD:
        return r->bytes.n == 0 ? OK : unix_host_discard(fd, r->offset_bytes, r->bytes.n);
    }
    return E_INVALID;
}

static err check(const struct block_device *d, const struct platform_block_request *r)
{
    if (r->op == PLATFORM_BLOCK_FLUSH)
        return OK;
    if (r->offset_bytes % d->info.sector_bytes != 0 || r->bytes.n % d->info.sector_bytes != 0)
        return E_INVALID;
    if (r->offset_bytes > d->info.capacity_bytes || r->bytes.n > d->info.capacity_bytes - r->offset_bytes)
        return E_RANGE;
    return r->op != PLATFORM_BLOCK_DISCARD && r->bytes.n > REQUEST_BYTES_MAX ? E_RANGE : OK;
}

err platform_block_submit(unsigned handle, struct platform_block_request *request)
{
    struct block_device *d = block_device(handle);
    REQUIRE(d->is_attached);
    TRY(check(d, request));
    request->result = work(d->fd, request);
    request->next_done = NULL;
    if (!d->done)
        d->done_last = &d->done;
    *d->done_last = request;
    d->done_last = &request->next_done;
    return OK;
}

struct platform_block_request *platform_block_complete(unsigned handle)
{
    struct block_device *d = block_device(handle);
    struct platform_block_request *done = d->done;
    d->done = NULL;
    return done;
}

bool unix_block_is_ready(unsigned handle)
{
    return block_device(handle)->done != NULL;
}
