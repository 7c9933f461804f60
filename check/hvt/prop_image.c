// SPDX-License-Identifier: ISC
/* prop_image.c - whatever an image's file has in it, its headers and notes are read and its segments loaded without a byte outside
 * the guest's memory, wherever it is to lie, or it is refused with a line. Input: the file; its last byte is also how many pages it is
 * moved. */
#define _GNU_SOURCE
#include "check/any.h"
#include "tender/image.h"
#include <sys/mman.h>
#include <unistd.h>

#define MEMORY_BYTES (2u << 20)

/* The file's headers made plausible, so that more than the first check is reached. */
static void mend(struct mspan file)
{
    static const Elf64_Ehdr good = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
                                     .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = EV_CURRENT, .e_phoff = sizeof good,
                                     .e_ehsize = sizeof good, .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 4,
                                     .e_entry = SOLO5_IMAGE_START };
    if (file.n > 0 && span_at(span_of(file), 0) % 2 == 0)
        (void)span_copy(file, SPAN_OF(good));
}

static void load(struct image *image, uint64_t by, struct mspan bytes, struct message *why)
{
    static struct solo5_manifest manifest;
    const struct guest_memory memory = { 0, MEMORY_BYTES, bytes, PROT_READ | PROT_WRITE, true, true };
    uint64_t end = 0;
    bool has_abi = image_check_abi(image, SOLO5_TARGET_HVT, SOLO5_HVT_VERSION, why) == OK;
    CHECK(has_abi || why->text[0] != 0);
    if (image_manifest(image, &manifest, why) == OK)
        CHECK(manifest.entries >= 1 && manifest.entries <= SOLO5_RECORDS_MAX);
    if (image_move(image, by, why) == OK && image_load(image, &memory, &end, why) == OK)
        CHECK(end <= MEMORY_BYTES && image->head.e_entry < MEMORY_BYTES);
    else
        CHECK(why->text[0] != 0);
}

PROPERTY(prop_image, 4096)
{
    static struct message why;
    static struct image image;
    uint8_t copy[4096], *bytes = malloc(MEMORY_BYTES);      /* the sanitizer knows its end */
    struct mspan file = mspan_first(MSPAN(copy), in.n);
    int fd = memfd_create("image", 0);
    char path[32];
    (void)span_copy(file, in);
    mend(file);
    CHECK(bytes != NULL && write(fd, copy, in.n) == (ssize_t)in.n);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    why.text[0] = 0;
    if (image_open(path, &image, &why) == OK)
        load(&image, span_at(in, in.n - 1) * UINT64_C(4096), (struct mspan){ bytes, MEMORY_BYTES }, &why);
    else
        CHECK(why.text[0] != 0);
    image_close(&image);
    (void)close(fd);
    free(bytes);
}
