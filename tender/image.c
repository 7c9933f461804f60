// SPDX-License-Identifier: ISC
/* image.c - the file: headers and notes. */
#include "tender/image.h"
#include "base/checked.h"
#include "tender/cpu.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SEGMENTS_MAX 65535u

const struct note_kind note_abi = { SOLO5_NOTE_NAME, SOLO5_NOTE_NAME_BYTES, SOLO5_ABI_TYPE, 4 };
const struct note_kind note_manifest = { SOLO5_NOTE_NAME, SOLO5_NOTE_NAME_BYTES, SOLO5_MANIFEST_TYPE, 8 };

static Elf64_Phdr segment_table[SEGMENTS_MAX];

/* Fills all of out from the file; E_INVALID: it ends before. */
static err read_at(int fd, uint64_t offset, struct mspan out)
{
    while (out.n > 0) {
        ssize_t n = pread(fd, out.p, out.n, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return E_INVALID;
        out = mspan_skip(out, (size_t)n);
        offset += (size_t)n;
    }
    return OK;
}

static err check_head(const struct image *image, struct message *why)
{
    const Elf64_Ehdr *h = &image->head;
    if (!span_starts(SPAN(h->e_ident), TEXT(ELFMAG)))
        return refuse(why, E_INVALID, "%s: not an ELF file: give the image that `morgana build` wrote", image->path);
    if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB || h->e_version != EV_CURRENT ||
        h->e_machine != CPU_ELF_MACHINE)
        return refuse(why, E_INVALID, "%s: for another CPU: build it for " CPU_NAME, image->path);
    if (h->e_type != ET_EXEC || h->e_ehsize != sizeof *h || h->e_phentsize != sizeof(Elf64_Phdr) || h->e_phnum == 0)
        return refuse(why, E_INVALID, "%s: not a static executable: link it as an image", image->path);
    return OK;
}

err image_open(const char *path, struct image *out, struct message *why)
{
    *out = (struct image){ .path = path, .fd = open(path, O_RDONLY | O_CLOEXEC) };
    if (out->fd < 0)
        return refuse(why, E_NOT_FOUND, "%s: %s: check the image's path", path, strerror(errno));
    if (read_at(out->fd, 0, MSPAN_OF(out->head)) != OK)
        return refuse(why, E_INVALID, "%s: not an ELF file: give the image that `morgana build` wrote", path);
    TRY(check_head(out, why));
    out->segments.p = segment_table;
    out->segments.n = out->head.e_phnum;
    struct mspan table = mspan_first((struct mspan){ (uint8_t *)segment_table, sizeof segment_table },
                                     out->segments.n * sizeof(Elf64_Phdr));
    if (read_at(out->fd, out->head.e_phoff, table) != OK)
        return refuse(why, E_INVALID, "%s: truncated: build it again", path);
    return OK;
}

void image_close(struct image *image)
{
    if (image->fd >= 0)
        (void)close(image->fd);
    image->fd = -1;
}

static bool note_is(const struct solo5_note_head *head, const struct note_kind *kind)
{
    return head->name_bytes == kind->owner_bytes && head->type == kind->type &&
           memcmp(head->name, kind->owner, sizeof head->name) == 0;
}

/* The payload begins at the next multiple of its alignment behind the head; desc_bytes counts the gap. */
static err read_payload(const struct image *image, const Elf64_Phdr *p, const struct solo5_note_head *head,
                        const struct note_kind *kind, struct mspan out, size_t *num_bytes)
{
    size_t gap = (size_t)-(sizeof *head) % kind->alignment;
    if (head->desc_bytes <= gap || head->desc_bytes - gap > out.n || p->p_filesz - sizeof *head < head->desc_bytes)
        return E_INVALID;
    *num_bytes = head->desc_bytes - gap;
    return read_at(image->fd, p->p_offset + sizeof *head + gap, mspan_first(out, *num_bytes));
}

err image_note(const struct image *image, const struct note_kind *kind, struct mspan out, size_t *num_bytes,
               struct message *why)
{
    struct solo5_note_head head;
    *num_bytes = 0;
    for (size_t i = 0; i < image->segments.n; i++) {
        const Elf64_Phdr *p = &AT(image->segments, i);
        if (p->p_type != PT_NOTE)
            continue;
        if (p->p_filesz < sizeof(Elf64_Nhdr) || p->p_offset > INT64_MAX - sizeof head - SOLO5_MANIFEST_DESC_BYTES_MAX)
            return refuse(why, E_INVALID, "%s: a note is too short: build it again", image->path);
        if (p->p_filesz < sizeof head)
            continue;
        if (read_at(image->fd, p->p_offset, MSPAN_OF(head)) != OK)
            return refuse(why, E_INVALID, "%s: truncated: build it again", image->path);
        if (!note_is(&head, kind))
            continue;
        if (read_payload(image, p, &head, kind, out, num_bytes) != OK)
            return refuse(why, E_INVALID, "%s: a note has an impossible length: build it again", image->path);
        return OK;
    }
    return E_NOT_FOUND;
}

static const char *target_name(uint32_t target)
{
    static const char *const names[] = { "?", "hvt", "spt", "virtio", "muen", "genode", "xen" };
    return target < NUM_OF(names) ? names[target] : "?";
}

err image_check_abi(const struct image *image, enum solo5_target target, uint32_t version, struct message *why)
{
    struct {
        struct solo5_abi abi;
        uint8_t more[SOLO5_ABI_DESC_BYTES_MAX - sizeof(struct solo5_abi)];
    } note = { 0 };
    size_t num_bytes;
    err e = image_note(image, &note_abi, MSPAN_OF(note), &num_bytes, why);
    if (e == E_NOT_FOUND)
        return refuse(why, E_INVALID, "%s: no Solo5 ABI note: give an image, not an ordinary program", image->path);
    TRY(e);
    if (num_bytes < sizeof note.abi || note.abi.target != (uint32_t)target)
        return refuse(why, E_INVALID, "%s: built for target %s: build it for %s", image->path,
                      target_name(note.abi.target), target_name(target));
    if (note.abi.version != version)
        return refuse(why, E_INVALID, "%s: needs ABI version %u, this tender has %u: use the tender it was built for",
                      image->path, note.abi.version, version);
    return OK;
}

static bool manifest_is_valid(const struct solo5_manifest *m, size_t num_bytes)
{
    if (num_bytes < SOLO5_MANIFEST_HEAD_BYTES || m->version != SOLO5_MANIFEST_VERSION || m->entries == 0 ||
        m->entries > SOLO5_RECORDS_MAX ||
        num_bytes != SOLO5_MANIFEST_HEAD_BYTES + m->entries * sizeof(struct solo5_record))
        return false;
    if (m->record[0].type != SOLO5_DEVICE_RESERVED || m->record[0].name[0] != 0)
        return false;
    for (size_t i = 0; i < m->entries; i++)
        if (m->record[i].name[SOLO5_NAME_BYTES - 1] != 0 || m->record[i].is_attached != 0)
            return false;
    return true;
}

err image_manifest(const struct image *image, struct solo5_manifest *out, struct message *why)
{
    size_t num_bytes;
    *out = (struct solo5_manifest){ 0 };
    err e = image_note(image, &note_manifest, MSPAN_OF(*out), &num_bytes, why);
    if (e != OK && e != E_NOT_FOUND)
        return e;
    if (e == E_NOT_FOUND || !manifest_is_valid(out, num_bytes))
        return refuse(why, E_INVALID, "%s: no valid device manifest: build it again", image->path);
    return OK;
}
