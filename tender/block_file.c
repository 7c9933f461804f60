// SPDX-License-Identifier: ISC
/* block_file.c - block devices: a regular file or a block device of the host, for one guest, of fixed size. */
#include "tender/devices.h"
#include "tender/system.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR_BYTES 512u
#define TRANSFER_BYTES_MAX (1u << 20)
#define PATH_BYTES 4096

static err open_file(const struct device_option *option, const char *name, int *fd, struct message *why)
{
    char path[PATH_BYTES] = { 0 };
    struct stat about;
    if (span_copy(mspan_first(MSPAN(path), sizeof path - 1), option->where) < option->where.n)
        return refuse(why, E_RANGE, "%s: the path of its file is too long", name);
    *fd = open(path, O_RDWR | O_CLOEXEC);
    if (*fd < 0)
        return refuse(why, E_NOT_FOUND, "%s: %s: %s: give a file that can be read and written", name, path,
                      strerror(errno));
    if (fstat(*fd, &about) != 0 || !(S_ISREG(about.st_mode) || S_ISBLK(about.st_mode)))
        return refuse(why, E_INVALID, "%s: %s: neither a file nor a block device", name, path);
    return OK;
}

/* An outer filter may forbid it. */
static bool can_flush(int fd)
{
    return fdatasync(fd) == 0 || errno != ENOSYS;
}

/* Asked for what lies behind the end, a file loses nothing, and a block device refuses, which says nothing about others of its sectors. */
static bool can_discard(int fd, off_t capacity, uint16_t sector)
{
    return system_discard(fd, (uint64_t)capacity, sector) != E_UNSUPPORTED;
}

err block_attach(const struct device_option *option, struct solo5_record *record, struct extension_device *extension,
                 struct message *why)
{
    uint16_t sector = option->sector_bytes > 0 ? option->sector_bytes : SECTOR_BYTES;
    int fd = -1;
    TRY(open_file(option, record->name, &fd, why));
    off_t capacity = lseek(fd, 0, SEEK_END);
    if (capacity < sector || capacity % sector != 0)
        return refuse(why, E_INVALID, "%s: its file has %lld bytes: make that a multiple of the sector, %u bytes",
                      record->name, (long long)capacity, sector);
    record->block.capacity_bytes = (uint64_t)capacity;
    record->block.sector_bytes = sector;
    record->host_fd = fd;
    record->is_attached = 1;
    uint8_t flush = can_flush(fd) ? EXTENSION_BLOCK_FLUSH : 0, discard = can_discard(fd, capacity, sector) ? EXTENSION_BLOCK_DISCARD : 0;
    *extension = (struct extension_device){ .block_features = flush | discard, .block_max_transfer_bytes = TRANSFER_BYTES_MAX,
                                            .block_discard_bytes = system_discard_bytes(fd) };
    return OK;
}
