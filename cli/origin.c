// SPDX-License-Identifier: ISC
/* origin.c - digests by Nettle, packages by dpkg-query. */
#include "cli/origin.h"
#include "cli/file.h"
#include <nettle/sha2.h>

const char *digest_of_bytes(struct span bytes)
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    const char *out = "";
    sha256_init(&sha);
    sha256_update(&sha, bytes.n, bytes.p);
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        out = text("%s%02x", out, digest[i]);
    return out;
}

const char *digest_of_file(const char *path)
{
    return digest_of_bytes(file_read(path));
}

/* "zlib1g-dev:amd64: /usr/lib/x86_64-linux-gnu/libz.a" */
struct origin origin_of(const char *path)
{
    struct words ask = words_split("dpkg-query -S"), tell_version = words_split("dpkg-query -W -f ${Version}");
    struct span said;
    ADD(&ask, path);
    if (!program_exists("dpkg-query") || run_quietly(&ask, &said) != 0)
        return (struct origin){ 0 };
    const char *package = text_of_span(span_first(said, span_find(said, ':')));
    ADD(&tell_version, package);
    if (run_quietly(&tell_version, &said) != 0)
        return (struct origin){ .package = package };
    return (struct origin){ package, text_of_span(said) };
}

const char *license_of(const char *archive)
{
    static const struct { const char *name, *license; } known[] = {
        { "musl", "MIT" },              { "libgcc", "GPL-3.0-or-later WITH GCC-exception-3.1" },
        { "libz", "Zlib" },             { "libdeflate", "MIT" },
        { "libcjson", "MIT" },          { "libexpat", "MIT" },
        { "libnghttp2", "MIT" },        { "libfdt", "GPL-2.0-or-later OR BSD-2-Clause" },
        { "libnettle", "LGPL-3.0-or-later OR GPL-2.0-or-later" },
        { "libhogweed", "LGPL-3.0-or-later OR GPL-2.0-or-later" },
        { "libgmp", "LGPL-3.0-or-later OR GPL-2.0-or-later" },
    };
    for (size_t i = 0; i < NUM_OF(known); i++)
        if (same(known[i].name, archive))
            return known[i].license;
    return "NOASSERTION";
}
