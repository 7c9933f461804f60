// SPDX-License-Identifier: ISC
/* image.h - opens an image, a hostile ELF64 file, and loads it by Solo5's rules. */
#ifndef TENDER_IMAGE_H
#define TENDER_IMAGE_H
#include "abi/solo5.h"
#include "base/err.h"
#include "base/span.h"
#include "tender/message.h"
#include <elf.h>

struct image {
    const char *path;           /* for messages */
    int fd;
    Elf64_Ehdr head;
    SLICE(Elf64_Phdr) segments;
    uint64_t moved_by;          /* bytes above where it was linked */
    struct span relocations;    /* of abi/relocation.h; empty where it was not moved */
};

/* Opens the file and reads its headers. One image a process: the headers lie in a static table. */
MUST_CHECK err image_open(const char *path, struct image *out, struct message *why);
void image_close(struct image *image);

/* The payload of a note: the first note of a PT_NOTE with this owner and type. `alignment` is that of the payload in the
 * note. At most out.n bytes; *num_bytes says how many. E_NOT_FOUND: there is none. */
struct note_kind {
    const char owner[8];
    uint32_t owner_bytes, type, alignment;
};
extern const struct note_kind note_abi, note_manifest;
MUST_CHECK err image_note(const struct image *image, const struct note_kind *kind, struct mspan out, size_t *num_bytes,
                          struct message *why);
/* ABI1 of this target and version, and a valid manifest. */
MUST_CHECK err image_check_abi(const struct image *image, enum solo5_target target, uint32_t version,
                               struct message *why);
MUST_CHECK err image_manifest(const struct image *image, struct solo5_manifest *out, struct message *why);

/* Guest memory: [start, end) of the guest's addresses, as bytes of this process. Pages are fresh and zero. */
struct guest_memory {
    uint64_t start, end;
    struct mspan bytes;
    int rights;                 /* PROT_* of pages that belong to no segment */
    bool is_virtual;            /* a virtual CPU runs in it, not this process */
    bool is_debugged;           /* ... with a debugger that writes to every segment */
};
/* Guest bytes at [address, address + num_bytes), or an empty span where not all of them are memory. */
struct mspan guest_bytes(const struct guest_memory *memory, uint64_t address, uint64_t num_bytes);

/* relocate.c: the image is to be loaded so many bytes higher, a multiple of the page, where it says how; else nothing changes. Before
 * image_load, after which its addresses in memory are right. */
MUST_CHECK err image_move(struct image *image, uint64_t by, struct message *why);
uint64_t image_end(const struct image *image);      /* of its memory as it is to be loaded; UINT64_MAX: nonsense */
/* For image_load: what was read is made right, below `end`. */
MUST_CHECK err image_relocate(const struct image *image, const struct guest_memory *memory, uint64_t end, struct message *why);

/* Loads every segment and gives its pages their rights. *end: page-rounded end of the last one with bytes in the file. */
MUST_CHECK err image_load(const struct image *image, const struct guest_memory *memory, uint64_t *end,
                          struct message *why);

#endif
