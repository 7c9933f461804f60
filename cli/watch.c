// SPDX-License-Identifier: ISC
/* watch.c - looks at times instead of asking the kernel for events, so that it is the same on every host; a project has tens of
 * files. */
#include "cli/watch.h"
#include "cli/host.h"
#include <dirent.h>
#include <sys/stat.h>

/* FNV-1a */
static uint64_t mixed(uint64_t sum, uint64_t with)
{
    for (unsigned shift = 0; shift < 64; shift += 8)
        sum = (sum ^ (with >> shift & 0xff)) * 0x100000001b3u;
    return sum;
}

static uint64_t name_sum(const char *name)
{
    struct span s = span_of_str(name);
    uint64_t sum = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        sum = mixed(sum, span_at(s, i));
    return sum;
}

/* Order does not matter: folders are not sorted. */
static uint64_t folder_sum(const char *path)
{
    uint64_t all = 0;
    DIR *d = opendir(path);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        const char *inner = text("%s/%s", path, e->d_name);
        struct stat st;
        if (begins(e->d_name, ".") || same(inner, "./dist") || same(inner, "./Makefile") || stat(inner, &st) != 0)
            continue;
        uint64_t sum = mixed(mixed(name_sum(inner), host_modified_ns(&st)), (uint64_t)st.st_size);
        all += S_ISDIR(st.st_mode) ? folder_sum(inner) : sum;
    }
    if (d)
        closedir(d);
    return all;
}

bool watched_has_changed(struct watched *w)
{
    uint64_t sum = folder_sum(".") | 1;
    bool has_changed = sum != w->seen;
    w->seen = sum;
    return has_changed;
}
