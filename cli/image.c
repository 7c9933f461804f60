// SPDX-License-Identifier: ISC
#include "cli/image.h"
#include "abi/relocation.h"
#include "base/checked.h"
#include "base/writer.h"
#include "cli/elf.h"
#include "cli/relocations.h"
#include <stdarg.h>
#include <stdio.h>

#define PAGE 4096u
#define SEGMENTS_MAX 64u        /* of what was linked */
#define ALIGNMENT 16u           /* of a segment's bytes in the image */
#define STACKS_MAX 65000u

struct stack_pool {             /* struct platform_stack_pool, as it lies in the image */
    uint64_t memory, num_bytes, stack_bytes;
    uint32_t num, padding;
};

struct layout {
    struct elf elf;
    Elf64_Phdr segment[SEGMENTS_MAX];       /* of the image; p_offset is the new one */
    struct span bytes[SEGMENTS_MAX];        /* what of the linked file goes there */
    size_t num_segments;
    struct stack_pool pool;
    struct image_message *why;
    uint64_t relocations_at;                /* in the image, where it has them */
    struct span relocations;
    uint8_t relocation_bytes[sizeof(struct solo5_note_head) + RELOCATION_BYTES_MAX];
};

PRINTF_LIKE(2, 3) static err refuse(struct image_message *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return E_INVALID;
}

/* ---- What is kept of the linked file */

static bool is_loaded(const Elf64_Phdr *p)
{
    return p->p_type == PT_LOAD && p->p_filesz > 0;
}

static err check_load(struct layout *l, const Elf64_Phdr *p, uint64_t *end)
{
    uint64_t segment_end;
    if (p->p_vaddr < SOLO5_IMAGE_START || p->p_vaddr % PAGE != 0 || p->p_vaddr < *end)
        return refuse(l->why, "segment at 0x%llx is misplaced: use Morgana's linker script", (unsigned long long)p->p_vaddr);
    if ((p->p_flags & PF_W) && (p->p_flags & PF_X))
        return refuse(l->why, "segment at 0x%llx is writable and executable", (unsigned long long)p->p_vaddr);
    if (p->p_memsz < p->p_filesz || !u64_add(p->p_vaddr, p->p_memsz, &segment_end) ||
        !u64_add(segment_end, PAGE - 1, &segment_end))
        return refuse(l->why, "segment at 0x%llx has an impossible size", (unsigned long long)p->p_vaddr);
    if (is_loaded(p))
        *end = segment_end / PAGE * PAGE;
    return OK;
}

static err keep_segment(struct layout *l, Elf64_Phdr p)
{
    struct span bytes = { 0 };
    if (l->num_segments == SEGMENTS_MAX)
        return refuse(l->why, "more than %u segments", SEGMENTS_MAX);
    if (p.p_filesz > 0 && elf_segment_bytes(&l->elf, &p, &bytes) != OK)
        return refuse(l->why, "a segment lies outside the file");
    p.p_align = p.p_type == PT_LOAD ? PAGE : 4;
    p.p_paddr = p.p_vaddr;
    l->segment[l->num_segments] = p;
    l->bytes[l->num_segments++] = bytes;
    return OK;
}

static err take_segments(struct layout *l)
{
    uint64_t end = SOLO5_IMAGE_START;
    for (size_t i = 0; i < l->elf.head.e_phnum; i++) {
        Elf64_Phdr p;
        if (elf_segment(&l->elf, i, &p) != OK)
            return refuse(l->why, "the program headers lie outside the file");
        if (p.p_type == PT_TLS && p.p_memsz > 0)
            return refuse(l->why, "thread-local variables: an image has one thread and no storage for them");
        if (p.p_type == PT_DYNAMIC)
            return refuse(l->why, "dynamically linked: link with -static");
        if (p.p_type == PT_LOAD && p.p_memsz > 0)
            TRY(check_load(l, &p, &end));
        if ((p.p_type == PT_LOAD && p.p_memsz > 0) || p.p_type == PT_NOTE || p.p_type == PT_INTERP)
            TRY(keep_segment(l, p));
    }
    return OK;
}

/* ---- The stacks */

static uint64_t end_of_loads(const struct layout *l)
{
    uint64_t end = 0;
    for (size_t i = 0; i < l->num_segments; i++)
        if (is_loaded(&l->segment[i]))
            end = l->segment[i].p_vaddr + l->segment[i].p_memsz;
    return end;
}

static bool is_for_hvt(const struct layout *l)
{
    for (size_t i = 0; i < l->num_segments; i++) {
        struct solo5_abi_note note = { 0 };
        if (l->segment[i].p_type == PT_NOTE && span_copy(MSPAN_OF(note), l->bytes[i]) == sizeof note &&
            note.head.type == SOLO5_ABI_TYPE && note.abi.target == SOLO5_TARGET_HVT)
            return true;
    }
    return false;
}

/* Guard pages that the tender is to make; an image with page tables of its own makes them itself. */
static uint32_t num_guards(const struct layout *l)
{
    return is_for_hvt(l) ? 0 : l->pool.num;
}

static err take_stack_pool(struct layout *l)
{
    Elf64_Sym symbol;
    uint64_t one, all, end;
    struct stack_pool *p = &l->pool;
    if (elf_symbol(&l->elf, TEXT("platform_stack_pool"), &symbol) != OK ||
        elf_memory(&l->elf, symbol.st_value, MSPAN_OF(*p)) != OK)
        return refuse(l->why, "no platform_stack_pool: the program lacks its generated main.c, or was stripped");
    if (p->memory % PAGE != 0 || p->stack_bytes == 0 || p->stack_bytes % PAGE != 0 || p->num == 0 || p->num > STACKS_MAX)
        return refuse(l->why, "platform_stack_pool: stacks are whole pages, at least one and at most %u", STACKS_MAX);
    if (!u64_add(p->stack_bytes, PAGE, &one) || !u64_mul(one, p->num, &all) || all != p->num_bytes ||
        !u64_add(p->memory, all, &end))
        return refuse(l->why, "platform_stack_pool: its size is not that of its stacks");
    if (p->memory < end_of_loads(l))
        return refuse(l->why, "platform_stack_pool: the stacks lie among initialised data: use Morgana's linker script");
    return OK;
}

/* All guards share one zero byte of the file: the padding of e_ident. */
static Elf64_Phdr guard_segment(const struct stack_pool *pool, uint32_t i)
{
    uint64_t address = pool->memory + i * (pool->stack_bytes + PAGE);
    return (Elf64_Phdr){ .p_type = PT_LOAD, .p_offset = EI_NIDENT - 1, .p_vaddr = address, .p_paddr = address,
                         .p_filesz = 1, .p_memsz = 1, .p_align = PAGE };
}

/* ---- What lets a tender load it elsewhere, which morgana-hvt does */

static err take_relocations(struct layout *l)
{
    struct wr w = wr_of(MSPAN(l->relocation_bytes));
    err e = is_for_hvt(l) ? relocations_write(&l->elf, &w) : E_UNSUPPORTED;
    if (e == OK)
        l->relocations = wr_done(&w);
    return e == E_INVALID ? refuse(l->why, "a relocation lies outside the file or the image") : OK;
}

static size_t num_heads(const struct layout *l)
{
    return l->num_segments + num_guards(l) + (l->relocations.n > 0);
}

/* ---- Placing and writing */

static uint64_t align_up(uint64_t n)
{
    return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Notes and the interpreter are parts of a loaded segment. */
static err place_part(struct layout *l, Elf64_Phdr *part)
{
    for (size_t i = 0; i < l->num_segments; i++) {
        const Elf64_Phdr *p = &l->segment[i];
        if (is_loaded(p) && part->p_vaddr >= p->p_vaddr && part->p_vaddr - p->p_vaddr <= p->p_filesz &&
            part->p_filesz <= p->p_filesz - (part->p_vaddr - p->p_vaddr)) {
            part->p_offset = p->p_offset + (part->p_vaddr - p->p_vaddr);
            return OK;
        }
    }
    return refuse(l->why, "a note or the interpreter lies outside the loaded segments");
}

static err place_segments(struct layout *l)
{
    uint64_t at = sizeof(Elf64_Ehdr) + num_heads(l) * sizeof(Elf64_Phdr);
    for (size_t i = 0; i < l->num_segments; i++) {
        Elf64_Phdr *p = &l->segment[i];
        if (p->p_type != PT_LOAD)
            continue;
        p->p_offset = p->p_filesz > 0 ? align_up(at) : 0;
        at = p->p_filesz > 0 ? p->p_offset + p->p_filesz : at;
    }
    for (size_t i = 0; i < l->num_segments; i++)
        if (l->segment[i].p_type != PT_LOAD)
            TRY(place_part(l, &l->segment[i]));
    l->relocations_at = align_up(at);
    return OK;
}

static void write_head(struct wr *w, const struct layout *l)
{
    Elf64_Ehdr head = l->elf.head;
    head.e_ident[EI_NIDENT - 1] = 0;
    head.e_phoff = sizeof head;
    head.e_phnum = (Elf64_Half)num_heads(l);
    head.e_shoff = 0;
    head.e_shnum = 0;
    head.e_shstrndx = SHN_UNDEF;
    wr_bytes(w, SPAN_OF(head));
}

static void write_heads_of_type(struct wr *w, const struct layout *l, uint32_t type)
{
    for (size_t i = 0; i < l->num_segments; i++)
        if (l->segment[i].p_type == type)
            wr_bytes(w, SPAN_OF(l->segment[i]));
}
/* What is loaded comes in ascending order, the guards last. */
static void write_segment_heads(struct wr *w, const struct layout *l)
{
    write_heads_of_type(w, l, PT_INTERP);
    write_heads_of_type(w, l, PT_LOAD);
    for (uint32_t i = 0; i < num_guards(l); i++) {
        Elf64_Phdr guard = guard_segment(&l->pool, i);
        wr_bytes(w, SPAN_OF(guard));
    }
    write_heads_of_type(w, l, PT_NOTE);
    const Elf64_Phdr relocations = { .p_type = PT_NOTE, .p_flags = PF_R, .p_offset = l->relocations_at, .p_filesz = l->relocations.n,
                                     .p_align = 4 };
    if (l->relocations.n > 0)
        wr_bytes(w, SPAN_OF(relocations));
}

static void write_aligned(struct wr *w, struct span bytes)
{
    wr_zeros(w, align_up(wr_len(w)) - wr_len(w));
    wr_bytes(w, bytes);
}
static void write_segments(struct wr *w, const struct layout *l)
{
    for (size_t i = 0; i < l->num_segments; i++)
        if (is_loaded(&l->segment[i]))
            write_aligned(w, l->bytes[i]);
    if (l->relocations.n > 0)
        write_aligned(w, l->relocations);
}

static err check_entry(const struct layout *l)
{
    for (size_t i = 0; i < l->num_segments; i++) {
        const Elf64_Phdr *p = &l->segment[i];
        if (is_loaded(p) && (p->p_flags & PF_X) && l->elf.head.e_entry >= p->p_vaddr &&
            l->elf.head.e_entry - p->p_vaddr < p->p_filesz)
            return OK;
    }
    return refuse(l->why, "the entry point lies outside the code");
}

err image_layout(struct span linked, struct mspan out, size_t *num_bytes, struct image_message *why)
{
    struct layout l = { .why = why };
    struct wr w = wr_of(out);
    *num_bytes = 0;
    *why = (struct image_message){ 0 };
    if (elf_open(linked, &l.elf) != OK)
        return refuse(why, "not a static ELF64 executable");
    TRY(take_segments(&l));
    TRY(check_entry(&l));
    TRY(take_stack_pool(&l));
    TRY(take_relocations(&l));
    TRY(place_segments(&l));
    write_head(&w, &l);
    write_segment_heads(&w, &l);
    write_segments(&w, &l);
    *num_bytes = wr_len(&w);
    if (!w.full)
        return OK;
    (void)refuse(why, "segments overlap in the file");
    return E_RANGE;
}
