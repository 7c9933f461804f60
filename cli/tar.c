// SPDX-License-Identifier: ISC
#include "cli/tar.h"

enum { BLOCK_BYTES = 512 };

union header {
    struct {
        char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], chksum[8], typeflag, linkname[100];
        char magic[6], version[2], uname[32], gname[32], devmajor[8], devminor[8], prefix[155];
    };
    uint8_t bytes[BLOCK_BYTES];
};

static void header(FILE *to, const char *name, char type, unsigned mode, size_t num_bytes)
{
    union header h = { .bytes = { 0 } };
    unsigned sum = 0;
    if (strlen(name) >= sizeof h.name)
        fail("%s: a name in an archive has up to %zu bytes", name, sizeof h.name - 1);
    memcpy(h.name, name, strlen(name));
    memcpy(h.magic, "ustar", sizeof h.magic);
    memset(h.version, '0', sizeof h.version);
    h.typeflag = type;
    snprintf(h.mode, sizeof h.mode, "%07o", mode & 0777);
    snprintf(h.uid, sizeof h.uid, "%07o", 0);
    snprintf(h.gid, sizeof h.gid, "%07o", 0);
    snprintf(h.size, sizeof h.size, "%011llo", (unsigned long long)num_bytes & 077777777777);
    snprintf(h.mtime, sizeof h.mtime, "%011o", 0);
    memset(h.chksum, ' ', sizeof h.chksum);
    for (size_t i = 0; i < sizeof h.bytes; i++)
        sum += h.bytes[i];
    snprintf(h.chksum, sizeof h.chksum, "%06o", sum & 0777777);
    (void)fwrite(h.bytes, 1, sizeof h.bytes, to);
}

void tar_folder(FILE *to, const char *name)
{
    header(to, text("%s/", name), '5', 0755, 0);
}

void tar_file(FILE *to, const char *name, unsigned mode, struct span bytes)
{
    static const char zeros[BLOCK_BYTES];
    header(to, name, '0', mode, bytes.n);
    (void)fwrite(bytes.p, 1, bytes.n, to);
    (void)fwrite(zeros, 1, (BLOCK_BYTES - bytes.n % BLOCK_BYTES) % BLOCK_BYTES, to);
}

void tar_end(FILE *to)
{
    static const char zeros[2 * BLOCK_BYTES];
    (void)fwrite(zeros, 1, sizeof zeros, to);
}
