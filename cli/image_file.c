// SPDX-License-Identifier: ISC
/* image_file.c - the finisher's files. */
#include "cli/image.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}
static void free_bytes(struct mspan *m)
{
    free(m->p);
}

static err complain(struct image_message *why, const char *path)
{
    (void)snprintf(why->text, sizeof why->text, "%s: %m", path);
    return E_IO;
}

static err read_all(int fd, struct mspan out)
{
    while (out.n > 0) {
        ssize_t n = read(fd, out.p, out.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return E_IO;
        out = mspan_skip(out, (size_t)n);
    }
    return OK;
}

static err read_file(const char *path, struct mspan *out, struct image_message *why)
{
    int fd CLEANUP(close_fd) = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0)
        return complain(why, path);
    *out = (struct mspan){ malloc((size_t)about.st_size + 1), (size_t)about.st_size };
    if (out->p == NULL || read_all(fd, *out) != OK)
        return complain(why, path);
    return OK;
}

static err write_all(int fd, struct span in)
{
    while (in.n > 0) {
        ssize_t n = write(fd, in.p, in.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return E_IO;
        in = span_skip(in, (size_t)n);
    }
    return OK;
}

/* A new file, so that a tender that has the old one open keeps it. */
static err write_file(const char *path, struct span in, struct image_message *why)
{
    (void)unlink(path);
    int fd CLEANUP(close_fd) = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return fd >= 0 && write_all(fd, in) == OK ? OK : complain(why, path);
}

err image_finish(const char *linked_path, const char *image_path, const char *debug_path, struct image_message *why)
{
    struct mspan linked CLEANUP(free_bytes) = { 0 }, image CLEANUP(free_bytes) = { 0 };
    size_t num_bytes;
    *why = (struct image_message){ 0 };
    TRY(read_file(linked_path, &linked, why));
    size_t most = linked.n + IMAGE_HEADERS_MAX;
    image = (struct mspan){ malloc(most), most };
    if (image.p == NULL)
        return complain(why, image_path);
    TRY(image_layout(span_of(linked), image, &num_bytes, why));
    TRY(write_file(debug_path, span_of(linked), why));
    err e = write_file(image_path, span_of(mspan_first(image, num_bytes)), why);
    if (e != OK)
        (void)unlink(image_path);
    return e;
}
