// SPDX-License-Identifier: ISC
/* emit_files.c - a folder of files as C: a table of keys, lengths and digests, and the bytes themselves by the
 * assembler's .incbin, so that a hundred megabytes cost no more than reading them. A file whose name begins
 * with a dot is left out, and so is what is neither file nor folder. */
#include "cli/emit.h"
#include "cli/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void collect(struct words *keys, const char *folder, const char *before)
{
    DIR *d = opendir(folder);
    if (!d)
        fail("cannot read the folder %s of generic_kv_ro(\"%s\"): %s", folder, folder, strerror(errno));
    for (struct dirent *e; (e = readdir(d));) {
        const char *path = text("%s/%s", folder, e->d_name), *key = text("%s%s", before, e->d_name);
        struct stat st;
        if (begins(e->d_name, ".") || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            collect(keys, path, text("%s/", key));
        else if (S_ISREG(st.st_mode))
            ADD(keys, key);
    }
    closedir(d);
}

static int by_bytes(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    return strcmp(*left, *right);
}

/* The first 16 bytes of SHA-256; the length goes to *num_bytes. */
static void digest_of(const char *path, uint8_t digest[16], uint64_t *num_bytes)
{
    struct sha256_ctx sha;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        fail("cannot read %s: %s", path, strerror(errno));
    size_t n = (size_t)st.st_size;
    sha256_init(&sha);
    if (n > 0) {
        void *bytes = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED)
            fail("cannot read %s: %s", path, strerror(errno));
        sha256_update(&sha, n, bytes);
        munmap(bytes, n);
    }
    close(fd);
    sha256_digest(&sha, 16, digest);
    *num_bytes = n;
}

static void digest_write(FILE *to, const uint8_t *bytes)
{
    struct span digest = { bytes, 16 };
    fputs("{ ", to);
    for (size_t i = 0; i < digest.n; i++)
        fprintf(to, "0x%02x%s", span_at(digest, i), i + 1 < digest.n ? ", " : " }");
}

void emit_files(const char *folder)
{
    struct words keys = { 0 };
    struct file f;
    const char *symbol = identifier(folder);
    collect(&keys, folder, "");
    if (keys.n > 0)
        qsort(keys.p, keys.n, sizeof *keys.p, by_bytes);
    file_begin(&f, text(GENERATED_FOLDER "/%s_files.c", symbol));
    fprintf(f.to, "%s#include \"lib/kv_files/kv_files.h\"\n\n",
            emit_notice(text("%s_files.c - the files of the folder %s, in the order of their keys.", symbol, folder)));
    for (size_t i = 0; i < keys.n; i++)
        fprintf(f.to, "KV_FILE_BYTES(%s_%zu, %s);\n", symbol, i, c_literal(text("%s/%s", folder, AT(keys, i))));
    fprintf(f.to, "\nstatic const struct kv_file files[%zu] = {\n", keys.n);
    for (size_t i = 0; i < keys.n; i++) {
        uint8_t digest[16];
        uint64_t num_bytes;
        digest_of(text("%s/%s", folder, AT(keys, i)), digest, &num_bytes);
        fprintf(f.to, "    { TEXT_INIT(%s), { %s_%zu, %llu },\n      ", c_literal(AT(keys, i)), symbol, i, (unsigned long long)num_bytes);
        digest_write(f.to, digest);
        fputs(" },\n", f.to);
    }
    fprintf(f.to, "};\nstruct kv_files %s_files = KV_FILES(files);\n", symbol);
    file_end(&f);
}
