// SPDX-License-Identifier: ISC
/* map.h - what an image is made of, from the map that ld writes: which members of which archives, and what they add. */
#ifndef CLI_MAP_H
#define CLI_MAP_H
#include "cli/say.h"

struct bytes_by_use {
    size_t code, constants, data;   /* in the image */
    size_t zeroed;                  /* in memory alone */
};
struct member {
    const char *name;               /* "send.o" */
    struct bytes_by_use bytes;
};
enum part_kind { PART_PROGRAM, PART_GENERATED, PART_FILES, PART_COMPONENT, PART_OTHER };
struct part {
    const char *name;               /* of a component, of an archive of others, or what the objects are */
    const char *path;               /* of the archive; NULL: objects of the project */
    enum part_kind kind;
    struct bytes_by_use bytes;
    struct { struct member *p; size_t n; } members;
};
struct map {
    struct { struct part *p; size_t n; } parts;     /* those that add anything, the largest first */
    struct bytes_by_use bytes;
};
struct map map_read(const char *path);
static inline size_t in_image(const struct bytes_by_use *b)
{
    return b->code + b->constants + b->data;
}

#endif
