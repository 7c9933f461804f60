// SPDX-License-Identifier: ISC
/* notes.c - reads the notes of a Solo5 image as a tender does: each is the first of a segment of its own. */
#include "abi/solo5.h"
#include "cli/elf.h"
#include "cli/file.h"
#include "cli/package.h"

/* The payload of the note of that type. */
static bool note_find(const struct elf *e, uint32_t type, size_t payload_at, struct span *out)
{
    for (size_t i = 0; i < e->head.e_phnum; i++) {
        Elf64_Phdr segment;
        struct solo5_note_head head;
        struct span bytes;
        if (elf_segment(e, i, &segment) != OK || segment.p_type != PT_NOTE || elf_segment_bytes(e, &segment, &bytes) != OK ||
            span_copy(MSPAN_OF(head), bytes) != sizeof head)
            continue;
        if (head.type == type && span_starts(SPAN(head.name), SPAN(SOLO5_NOTE_NAME))) {
            *out = span_skip(span_first(bytes, sizeof head + head.desc_bytes), payload_at);
            return true;
        }
    }
    return false;
}

static void abi_check(const struct package *p, const struct elf *e)
{
    struct span bytes;
    struct solo5_abi abi;
    bool is_spt = same(p->target, "spt");
    if (!note_find(e, SOLO5_ABI_TYPE, sizeof(struct solo5_note_head), &bytes) || span_copy(MSPAN_OF(abi), bytes) != sizeof abi)
        fail("%s has no note that says its ABI: build it again with make", p->image);
    if (abi.target != (is_spt ? SOLO5_TARGET_SPT : SOLO5_TARGET_HVT) || abi.version != (is_spt ? SOLO5_SPT_VERSION : SOLO5_HVT_VERSION))
        fail("%s is for target %u of ABI %u, and not for %s: build it again with make", p->image, abi.target, abi.version, p->target);
}

static void device_check(const struct package *p, const struct solo5_record *record)
{
    const char *name = text("%.*s", (int)sizeof record->name, record->name);
    if (!words_have(record->type == SOLO5_DEVICE_NET ? p->nets : p->blocks, name))
        fail("%s has a device \"%s\" that config.c does not have: build it again with make", p->image, name);
}

void notes_check(const struct package *p)
{
    struct elf e;
    struct span bytes;
    size_t num = 0;
    if (elf_open(file_read(p->image), &e) != OK)
        fail("%s is no image: build it again with make", p->image);
    abi_check(p, &e);
    if (!note_find(&e, SOLO5_MANIFEST_TYPE, sizeof(struct solo5_note_head) + SOLO5_MANIFEST_PAD_BYTES, &bytes))
        fail("%s has no manifest: build it again with make", p->image);
    bytes = span_skip(bytes, SOLO5_MANIFEST_HEAD_BYTES);
    for (struct solo5_record record; span_copy(MSPAN_OF(record), bytes) == sizeof record; bytes = span_skip(bytes, sizeof record)) {
        if (record.type == SOLO5_DEVICE_RESERVED)
            continue;
        device_check(p, &record);
        num++;
    }
    if (num != p->nets->n + p->blocks->n)
        fail("%s has %zu devices, and config.c %zu: build it again with make", p->image, num, p->nets->n + p->blocks->n);
}
