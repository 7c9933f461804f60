// SPDX-License-Identifier: ISC
#include "cli/relocations.h"
#include "abi/relocation.h"
#include "cli/say.h"
#include <stdlib.h>

/* What a field holds, and so whether it changes when the image moves by whole pages. */
enum form {
    NOTHING,
    ADDRESS_32,
    ADDRESS_64,
    WITHIN_PAGE,                /* the lowest bits of an address */
    DISTANCE,                   /* to somewhere: another one where that does not move along */
    JUMP,                       /* a distance; where there is nothing to jump to nobody jumps */
    BY_TABLE,                   /* where in the global offset table the address is */
    UNKNOWN,
};
struct place {
    uint64_t address;
    bool is_64;
};
struct places {
    SLICE(struct place) list;
    bool has_table;
};

static void free_places(struct places *all)
{
    free(all->list.p);
}

static enum form form_on_x86_64(uint32_t type)
{
    switch (type) {
    case R_X86_64_NONE:  return NOTHING;
    case R_X86_64_64:    return ADDRESS_64;
    case R_X86_64_32:
    case R_X86_64_32S:   return ADDRESS_32;
    case R_X86_64_PC32:  return DISTANCE;
    case R_X86_64_PLT32: return JUMP;
    case R_X86_64_GOTPCREL:
    case R_X86_64_GOTPCRELX:
    case R_X86_64_REX_GOTPCRELX: return BY_TABLE;
    default:             return UNKNOWN;
    }
}

static enum form form_on_aarch64(uint32_t type)
{
    switch (type) {
    case R_AARCH64_NONE:                return NOTHING;
    case R_AARCH64_ABS64:               return ADDRESS_64;
    case R_AARCH64_ABS32:               return ADDRESS_32;
    case R_AARCH64_ADD_ABS_LO12_NC:
    case R_AARCH64_LDST8_ABS_LO12_NC:
    case R_AARCH64_LDST16_ABS_LO12_NC:
    case R_AARCH64_LDST32_ABS_LO12_NC:
    case R_AARCH64_LDST64_ABS_LO12_NC:
    case R_AARCH64_LDST128_ABS_LO12_NC: return WITHIN_PAGE;
    case R_AARCH64_PREL64:
    case R_AARCH64_PREL32:
    case R_AARCH64_LD_PREL_LO19:
    case R_AARCH64_ADR_PREL_LO21:
    case R_AARCH64_ADR_PREL_PG_HI21:    return DISTANCE;
    case R_AARCH64_TSTBR14:
    case R_AARCH64_CONDBR19:
    case R_AARCH64_JUMP26:
    case R_AARCH64_CALL26:              return JUMP;
    case R_AARCH64_ADR_GOT_PAGE:
    case R_AARCH64_LD64_GOT_LO12_NC:    return BY_TABLE;
    default:                            return UNKNOWN;
    }
}

static enum form form_of(const struct elf *e, uint32_t type)
{
    return e->head.e_machine == EM_X86_64 ? form_on_x86_64(type) : e->head.e_machine == EM_AARCH64 ? form_on_aarch64(type) : UNKNOWN;
}

static err take(const struct elf *e, const Elf64_Shdr *symbols, const Elf64_Rela *r, struct places *out)
{
    Elf64_Sym symbol;
    enum form form = form_of(e, (uint32_t)r->r_info);
    TRY(elf_element(e, symbols, r->r_info >> 32, MSPAN_OF(symbol)));
    bool moves = symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS;
    if (form == UNKNOWN || (form == DISTANCE && !moves))
        return E_UNSUPPORTED;
    out->has_table |= form == BY_TABLE;
    if (moves && (form == ADDRESS_32 || form == ADDRESS_64))
        ADD(&out->list, (struct place){ r->r_offset, form == ADDRESS_64 });
    return OK;
}

/* What describes the program to debuggers is not loaded, and of no interest. */
static err take_section(const struct elf *e, const Elf64_Shdr *relocations, struct places *out)
{
    Elf64_Shdr target, symbols;
    Elf64_Rela r;
    TRY(elf_section(e, relocations->sh_info, &target));
    if (!(target.sh_flags & SHF_ALLOC))
        return OK;
    TRY(elf_section(e, relocations->sh_link, &symbols));
    for (size_t i = 0; i < relocations->sh_size / sizeof r; i++) {
        TRY(elf_element(e, relocations, i, MSPAN_OF(r)));
        TRY(take(e, &symbols, &r, out));
    }
    return OK;
}

static bool is_in_image(const struct elf *e, uint64_t address)
{
    Elf64_Phdr p;
    for (size_t i = 0; elf_segment(e, i, &p) == OK; i++)
        if (p.p_type == PT_LOAD && address >= p.p_vaddr && address - p.p_vaddr <= p.p_memsz)
            return true;
    return false;
}

/* The linker fills it without leaving relocations. Zeros are of what is not there. */
static err take_table(const struct elf *e, struct places *out)
{
    Elf64_Shdr s = { 0 };
    uint64_t address;
    for (size_t i = 0; !elf_section_is(e, &s, TEXT(".got")); i++)
        if (elf_section(e, i, &s) != OK)
            return E_UNSUPPORTED;
    for (size_t i = 0; i < s.sh_size / sizeof address; i++) {
        TRY(elf_element(e, &s, i, MSPAN_OF(address)));
        if (address == 0)
            continue;
        if (!is_in_image(e, address))
            return E_UNSUPPORTED;
        ADD(&out->list, (struct place){ s.sh_addr + i * sizeof address, true });
    }
    return OK;
}

static int in_order(const void *a, const void *b)
{
    uint64_t x = ((const struct place *)a)->address, y = ((const struct place *)b)->address;
    return (x > y) - (x < y);
}

static void write_number(struct wr *w, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        wr_u8(w, (uint8_t)(v | 0x80));
    wr_u8(w, (uint8_t)v);
}

static err write_places(struct wr *w, const struct places *all)
{
    uint64_t last = SOLO5_IMAGE_START;
    for (size_t i = 0; i < all->list.n; i++) {
        const struct place *p = &AT(all->list, i);
        if (p->address < last)
            return E_INVALID;
        write_number(w, (p->address - last) << 1 | p->is_64);
        last = p->address;
    }
    return OK;
}

err relocations_write(const struct elf *e, struct wr *w)
{
    struct places all CLEANUP(free_places) = { 0 };
    uint8_t bytes[RELOCATION_BYTES_MAX];
    struct wr list = wr_of(MSPAN(bytes));
    for (size_t i = 0; i < e->head.e_shnum; i++) {
        Elf64_Shdr s;
        TRY(elf_section(e, i, &s));
        if (s.sh_type == SHT_RELA)
            TRY(take_section(e, &s, &all));
    }
    if (all.has_table)
        TRY(take_table(e, &all));
    if (all.list.n == 0)
        return E_UNSUPPORTED;
    qsort(all.list.p, all.list.n, sizeof *all.list.p, in_order);
    TRY(write_places(&list, &all));
    if (list.full)
        return E_UNSUPPORTED;
    const struct solo5_note_head head = { EXTENSION_NOTE_NAME_BYTES, (uint32_t)wr_len(&list), RELOCATION_NOTE_TYPE, EXTENSION_NOTE_NAME };
    wr_bytes(w, SPAN_OF(head));
    wr_bytes(w, wr_done(&list));
    return OK;
}
