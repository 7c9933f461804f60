// SPDX-License-Identifier: ISC
/* package.h - what is written beside an image for those who run and those who audit it. */
#ifndef CLI_PACKAGE_H
#define CLI_PACKAGE_H
#include "cli/project.h"

/* An SPDX 2.3 document: every archive that gave a member to the image, with version, licence and digest, and the members. */
void emit_sbom(const struct project *p, const struct map *m, const char *path);
/* An OCI image layout (folder and tar of it) whose single layer has the image and urunc.json; urunc's annotations. */
void emit_oci(const struct project *p, const char *command_line, const char *folder);
/* urunc's words for the image, each value in base64 as urunc wants it. Ends the command where urunc does not know the target. */
struct annotation {
    const char *key, *value;
};
struct annotations {
    struct annotation *p;
    size_t n;
};
struct annotations urunc_annotations(const struct project *p, const char *command_line);

#endif
