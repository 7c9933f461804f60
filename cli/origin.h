// SPDX-License-Identifier: ISC
/* origin.h - where a file comes from: its digest, the package that brought it, its licence. */
#ifndef CLI_ORIGIN_H
#define CLI_ORIGIN_H
#include "cli/say.h"

const char *digest_of_bytes(struct span bytes);     /* SHA-256, 64 hexadecimal digits */
const char *digest_of_file(const char *path);
struct origin {
    const char *package, *version;                  /* of the system; NULL: none owns it, or nobody can tell */
};
/* Asks dpkg. */
struct origin origin_of(const char *path);
/* What a static archive is under, by its name ("libz", "musl"), in the words of SPDX; NOASSERTION where it is not known. */
const char *license_of(const char *archive);

#endif
