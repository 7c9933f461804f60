// SPDX-License-Identifier: ISC
/* relocate.c - an image elsewhere than where it was linked (abi/relocation.h), so that who has found a fault in it does not know where
 * anything lies. The list of places is as hostile as the rest of the file. */
#include "abi/relocation.h"
#include "base/checked.h"
#include "base/cursor.h"
#include "tender/image.h"

#define SEPTET 7u

static const struct note_kind note_relocations = { EXTENSION_NOTE_NAME, EXTENSION_NOTE_NAME_BYTES, RELOCATION_NOTE_TYPE, 4 };

uint64_t image_end(const struct image *image)
{
    uint64_t most = 0, end;
    for (size_t i = 0; i < image->segments.n; i++) {
        const Elf64_Phdr *p = &AT(image->segments, i);
        if (p->p_type == PT_LOAD)
            most = u64_add(p->p_vaddr, p->p_memsz, &end) ? (end > most ? end : most) : UINT64_MAX;
    }
    return most;
}

static err move_segment(const struct image *image, Elf64_Phdr *p, struct message *why)
{
    if (p->p_type == PT_LOAD && !u64_add(p->p_vaddr, image->moved_by, &p->p_vaddr))
        return refuse(why, E_INVALID, "%s: a segment is misplaced: build it again", image->path);
    return OK;
}

err image_move(struct image *image, uint64_t by, struct message *why)
{
    static uint8_t bytes[RELOCATION_BYTES_MAX];
    size_t num_bytes;
    err e = image_note(image, &note_relocations, MSPAN(bytes), &num_bytes, why);
    if (e != OK)
        return e == E_NOT_FOUND ? OK : e;
    image->relocations = span_first(SPAN(bytes), num_bytes);
    image->moved_by = by;
    for (size_t i = 0; i < image->segments.n; i++)
        TRY(move_segment(image, &AT(image->segments, i), why));
    if (!u64_add(image->head.e_entry, by, &image->head.e_entry))
        return refuse(why, E_INVALID, "%s: the entry point lies outside memory: build it again", image->path);
    return OK;
}

static uint64_t take_number(struct cur *c)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < RELOCATION_NUMBER_BYTES * SEPTET; shift += SEPTET) {
        uint8_t byte = cur_u8(c);
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return v;
    }
    cur_want(c, false, WIRE_BAD_VALUE);
    return 0;
}

/* 32 bits hold a signed address to some instructions, so that half of them is the limit. */
static bool add(struct mspan place, uint64_t by)
{
    uint64_t v = 0;
    (void)span_copy(MSPAN_OF(v), span_of(place));
    v += by;
    if (place.n == sizeof(uint32_t) && v > INT32_MAX)
        return false;
    (void)span_copy(place, SPAN_OF(v));
    return true;
}

err image_relocate(const struct image *image, const struct guest_memory *memory, uint64_t end, struct message *why)
{
    uint64_t at = SOLO5_IMAGE_START + image->moved_by;
    struct cur c = cur_of(image->relocations);
    while (cur_more(&c)) {
        uint64_t number = take_number(&c), num_bytes = number & 1 ? sizeof(uint64_t) : sizeof(uint32_t);
        at += number >> 1;
        struct mspan place = at <= end && num_bytes <= end - at ? guest_bytes(memory, at, num_bytes) : (struct mspan){ 0 };
        cur_want(&c, place.n == num_bytes && add(place, image->moved_by), WIRE_BAD_VALUE);
    }
    if (cur_end(&c) != WIRE_OK)
        return refuse(why, E_INVALID, "%s: an address in it cannot be moved: build it again", image->path);
    return OK;
}
