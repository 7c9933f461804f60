// SPDX-License-Identifier: ISC
/* file.c - whole files. */
#include "cli/file.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *shown;       /* of files_show */
static bool was_shown;

void files_show(const char *path)
{
    shown = path;
}

bool files_shown(void)
{
    return was_shown;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

const char *path_name(const char *path)
{
    struct span s = span_of_str(path);
    for (size_t slash = span_find(s, '/'); slash < s.n; slash = span_find(s, '/'))
        s = span_skip(s, slash + 1);
    return text_of_span(s);
}

bool folder_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void folder_make(const char *path)
{
    struct span s = span_of_str(path);
    for (size_t n = 1; n <= s.n; n++) {
        if (n < s.n && span_at(s, n) != '/')
            continue;
        const char *part = text_of_span(span_first(s, n));
        if (shown || folder_exists(part) || !action("make the folder %s", part))
            continue;
        int e = mkdir(part, 0777) == 0 ? 0 : errno;
        if (e != 0 && !folder_exists(part))
            fail("cannot make the folder %s: %s%s", part, strerror(e),
                 e == EACCES ? ": make this folder writable" : "");
    }
}

const char *folder_temporary(void)
{
    const char *where = getenv("TMPDIR");
    char *folder = text("%s/morgana.XXXXXX", where && *where ? where : "/tmp");
    if (!mkdtemp(folder))
        fail("cannot make the folder %s: %s", folder, strerror(errno));
    return folder;
}

bool file_try_read(const char *path, struct span *out)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    if (!f)
        return false;
    if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode)) {
        fclose(f);
        errno = EINVAL;
        return false;
    }
    uint8_t *bytes = new_bytes((size_t)st.st_size + 1);
    *out = (struct span){ bytes, fread(bytes, 1, (size_t)st.st_size, f) };
    fclose(f);
    return true;
}

struct span file_read(const char *path)
{
    struct span s;
    if (!file_try_read(path, &s))
        fail("cannot read %s: %s", path, strerror(errno));
    return s;
}

void file_remove(const char *path)
{
    if (file_exists(path) && action("remove %s", path) && unlink(path) != 0)
        fail("cannot remove %s: %s", path, strerror(errno));
}

static void empty(const char *path, DIR *d)
{
    for (struct dirent *e; (e = readdir(d));) {
        if (same(e->d_name, ".") || same(e->d_name, ".."))
            continue;
        const char *inner = text("%s/%s", path, e->d_name);
        if (unlink(inner) != 0 && (errno == EISDIR || errno == EPERM))
            folder_remove(inner);
    }
}

void folder_remove(const char *path)
{
    DIR *d = opendir(path);
    if (!d || !action("remove the folder %s", path)) {
        if (d)
            closedir(d);
        return;
    }
    empty(path, d);
    closedir(d);
    if (rmdir(path) != 0)
        fail("cannot remove %s: %s", path, strerror(errno));
}

void file_begin(struct file *f, const char *path)
{
    *f = (struct file){ .path = path };
    f->to = open_memstream(&f->bytes, &f->num_bytes);
    if (!f->to)
        fail("no memory is left for %s", path);
}

static void file_replace(const struct file *f)
{
    const char *fresh = text("%s.new", f->path);
    FILE *to = fopen(fresh, "wb");
    if (!to)
        fail("cannot write %s: %s: make the folder writable", f->path, strerror(errno));
    bool good = fwrite(f->bytes, 1, f->num_bytes, to) == f->num_bytes;
    if (fclose(to) != 0 || !good || rename(fresh, f->path) != 0)
        fail("cannot write %s: %s", f->path, strerror(errno));
}

static void show(const char *path, struct span bytes)
{
    if (!*shown)
        puts(path);
    else if (same(shown, path))
        (void)fwrite(bytes.p, 1, bytes.n, stdout);
    was_shown = was_shown || !*shown || same(shown, path);
}

void file_end(struct file *f)
{
    struct span old;
    if (fclose(f->to) != 0)
        fail("no memory is left for %s", f->path);
    struct span fresh = { (const uint8_t *)f->bytes, f->num_bytes };
    if (shown)
        show(f->path, fresh);
    else if ((!file_try_read(f->path, &old) || !span_eq(old, fresh)) && action("write %s, %zu bytes", f->path, fresh.n))
        file_replace(f);
    free(f->bytes);
    *f = (struct file){ 0 };
}
