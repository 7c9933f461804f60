// SPDX-License-Identifier: ISC
#include "abi/relocation.h"
#include "check/test.h"
#include "cli/elf.h"
#include "cli/image.h"

#define PAGE 4096u
#define NUM_STACKS 3
#define POOL_ADDRESS 0x101040u
#define STACKS 0x102000u
#define STACK_BYTES (2 * PAGE)

/* What ld makes of a small program: code, data with the pool, bss with the stacks, a note, the interpreter, a symbol. */
struct linked {
    Elf64_Ehdr head;
    Elf64_Phdr segment[6];
    uint8_t text[64];
    struct {
        struct solo5_abi_note abi;
        uint8_t gap[28];
        struct {
            uint64_t memory, num_bytes, stack_bytes, num;
        } pool;
    } data;
    Elf64_Shdr section[3];
    Elf64_Sym symbol[2];
    char names[32];
};
static const struct linked good = {
    .head = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT }, .e_type = ET_EXEC,
              .e_machine = EM_X86_64, .e_version = EV_CURRENT, .e_entry = 0x100020, .e_phoff = sizeof(Elf64_Ehdr),
              .e_shoff = offsetof(struct linked, section), .e_ehsize = sizeof(Elf64_Ehdr),
              .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 6, .e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 3 },
    .segment = {
        { .p_type = PT_INTERP, .p_flags = PF_R, .p_offset = offsetof(struct linked, text), .p_vaddr = 0x100000, .p_filesz = 20 },
        { .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_offset = offsetof(struct linked, text), .p_vaddr = 0x100000,
          .p_filesz = 64, .p_memsz = 64, .p_align = PAGE },
        { .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = offsetof(struct linked, data), .p_vaddr = 0x101000,
          .p_filesz = 96, .p_memsz = 96, .p_align = PAGE },
        { .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = STACKS, .p_memsz = 0x10000, .p_align = PAGE },
        { .p_type = PT_NOTE, .p_flags = PF_R, .p_offset = offsetof(struct linked, data), .p_vaddr = 0x101000,
          .p_filesz = 36, .p_memsz = 36, .p_align = 4 },
        { .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W } },
    .text = SOLO5_INTERPRETER,
    .data = { .abi = { { 6, 16, SOLO5_ABI_TYPE, "Solo5" }, { 2, 2, 0, 0 } },
              .pool = { STACKS, NUM_STACKS * (STACK_BYTES + PAGE), STACK_BYTES, NUM_STACKS } },
    .section = { { .sh_type = SHT_NULL },
                 { .sh_type = SHT_SYMTAB, .sh_offset = offsetof(struct linked, symbol), .sh_size = 48, .sh_link = 2 },
                 { .sh_type = SHT_STRTAB, .sh_offset = offsetof(struct linked, names), .sh_size = 32 } },
    .symbol = { { .st_name = 0 }, { .st_name = 1, .st_shndx = 1, .st_value = POOL_ADDRESS } },
    .names = "\0platform_stack_pool",
};
_Static_assert(offsetof(struct linked, data.pool) - offsetof(struct linked, data) == POOL_ADDRESS - 0x101000, "pool");

static struct linked linked;
static uint8_t out[2 * sizeof linked + IMAGE_HEADERS_MAX];
static size_t num_bytes;
static struct image_message why;

static err finish(size_t n)
{
    err e = image_layout(span_first(SPAN_OF(linked), n), MSPAN(out), &num_bytes, &why);
    size_t length = strlen(why.text);
    TRUE(e == OK ? length == 0 : length > 5 && strchr(why.text, '\n') == NULL);
    return e;
}

TEST(guards_are_segments_without_rights_that_share_a_byte)
{
    struct elf e;
    Elf64_Phdr p;
    unsigned num_guards = 0;
    linked = good;
    EQ(finish(sizeof linked), OK);
    EQ(elf_open(span_first(SPAN(out), num_bytes), &e), OK);
    uint64_t last = 0;
    for (size_t i = 0; i < e.head.e_phnum; i++) {
        EQ(elf_segment(&e, i, &p), OK);
        if (p.p_type != PT_LOAD || p.p_filesz == 0)
            continue;
        TRUE(p.p_vaddr > last);
        last = p.p_vaddr;
        if (p.p_flags != 0)
            continue;
        EQ(p.p_vaddr, STACKS + num_guards * (STACK_BYTES + PAGE));
        EQ(p.p_filesz, 1);
        EQ(p.p_memsz, 1);
        EQ(out[p.p_offset], 0);
        num_guards++;
    }
    EQ(num_guards, NUM_STACKS);
}

TEST(segments_are_packed_and_keep_their_bytes)
{
    struct elf e;
    uint8_t text[64], data[96];
    linked = good;
    EQ(finish(sizeof linked), OK);
    TRUE(num_bytes < 1024);
    EQ(elf_open(span_first(SPAN(out), num_bytes), &e), OK);
    EQ(e.head.e_shnum, 0);
    EQ(elf_memory(&e, 0x100000, MSPAN(text)), OK);
    EQ(elf_memory(&e, 0x101000, MSPAN(data)), OK);
    TRUE(span_eq(SPAN(text), SPAN(good.text)));
    TRUE(span_eq(SPAN(data), SPAN_OF(good.data)));
}

TEST(notes_and_interpreter_point_into_the_new_file)
{
    struct elf e;
    Elf64_Phdr p;
    struct span bytes;
    unsigned num_found = 0;
    linked = good;
    EQ(finish(sizeof linked), OK);
    EQ(elf_open(span_first(SPAN(out), num_bytes), &e), OK);
    for (size_t i = 0; i < e.head.e_phnum; i++) {
        EQ(elf_segment(&e, i, &p), OK);
        EQ(elf_segment_bytes(&e, &p, &bytes), OK);
        if (p.p_type == PT_NOTE)
            num_found += span_eq(bytes, SPAN_OF(good.data.abi));
        if (p.p_type == PT_INTERP)
            num_found += span_eq(bytes, SPAN(SOLO5_INTERPRETER));
    }
    EQ(num_found, 2);
}

#define REFUSED(change)                         \
    do {                                        \
        linked = good;                          \
        change;                                 \
        EQ(finish(sizeof linked), E_INVALID);   \
    } while (0)

TEST(what_breaks_a_rule_is_refused)
{
    REFUSED(linked.head.e_type = ET_DYN);
    REFUSED(linked.head.e_entry = 0x101000);
    REFUSED(linked.segment[1].p_flags |= PF_W);
    REFUSED(linked.segment[1].p_vaddr = 0xff000);
    REFUSED(linked.segment[2].p_vaddr = 0x100000);
    REFUSED(linked.segment[2].p_memsz = UINT64_MAX);
    REFUSED(linked.segment[2].p_offset = sizeof linked);
    REFUSED(linked.segment[4].p_vaddr = 0x200000);
    REFUSED(linked.segment[5].p_type = PT_DYNAMIC);
    REFUSED((linked.segment[5].p_type = PT_TLS, linked.segment[5].p_memsz = 8));
    REFUSED(linked.names[1] = 'P');
    REFUSED(linked.symbol[1].st_value = STACKS);
    REFUSED(linked.data.pool.num = 0);
    REFUSED(linked.data.pool.num = 4);
    REFUSED(linked.data.pool.stack_bytes = 100);
    REFUSED(linked.data.pool.memory = 0x101000);
    REFUSED(linked.data.pool.memory += 16);
}

TEST(a_linked_file_cut_at_any_byte_is_refused)
{
    linked = good;
    for (size_t n = 0; n < offsetof(struct linked, names) + 21; n++)
        TRUE(finish(n) != OK);
}

TEST(any_flipped_bit_is_taken_or_refused)
{
    for (size_t i = 0; i < 8 * sizeof linked; i++) {
        linked = good;
        ((uint8_t *)&linked)[i / 8] ^= (uint8_t)(1u << i % 8);
        (void)finish(sizeof linked);
    }
}

/* ---- Relocations */

#define NUM_RELOCATIONS 8
#define TABLE_NAME 24               /* in `names` */
struct moving {
    struct linked linked;
    Elf64_Shdr section[6];
    uint64_t table[3];
    Elf64_Sym symbol[3];
    Elf64_Rela relocation[NUM_RELOCATIONS];
};
static struct moving moving;

/* An hvt image with so many relocations, of symbol 1, which lies in it. */
static void make_moving(size_t num)
{
    struct linked *l = &moving.linked;
    moving = (struct moving){ .linked = good, .symbol = { { 0 }, good.symbol[1], { .st_shndx = SHN_ABS, .st_value = 0x7000 } } };
    l->data.abi.abi.target = SOLO5_TARGET_HVT;
    l->head.e_shoff = offsetof(struct moving, section);
    l->head.e_shnum = NUM_OF(moving.section) - 1;
    l->head.e_shstrndx = 2;
    memcpy(l->names + TABLE_NAME, ".got", sizeof ".got");
    moving.section[5] = (Elf64_Shdr){ .sh_name = TABLE_NAME, .sh_addr = 0x100028, .sh_offset = offsetof(struct moving, table),
                                      .sh_size = sizeof moving.table };
    moving.section[1] = (Elf64_Shdr){ .sh_type = SHT_SYMTAB, .sh_offset = offsetof(struct moving, symbol),
                                      .sh_size = sizeof moving.symbol, .sh_link = 2 };
    moving.section[2] = good.section[2];
    moving.section[3] = (Elf64_Shdr){ .sh_flags = SHF_ALLOC };
    moving.section[4] = (Elf64_Shdr){ .sh_type = SHT_RELA, .sh_offset = offsetof(struct moving, relocation),
                                      .sh_size = num * sizeof(Elf64_Rela), .sh_link = 1, .sh_info = 3 };
    for (size_t i = 0; i < NUM_RELOCATIONS; i++)
        moving.relocation[i] = (Elf64_Rela){ .r_offset = 0x100020, .r_info = UINT64_C(1) << 32 | R_X86_64_64 };
}

/* The list of places; empty: the image has none. */
static struct span places_of(err want)
{
    struct elf e;
    EQ(image_layout(SPAN_OF(moving), MSPAN(out), &num_bytes, &why), want);
    if (want != OK)
        return (struct span){ 0 };
    EQ(elf_open(span_first(SPAN(out), num_bytes), &e), OK);
    for (size_t i = 0; i < e.head.e_phnum; i++) {
        Elf64_Phdr p;
        struct span bytes;
        struct solo5_note_head head = { 0 };
        EQ(elf_segment(&e, i, &p), OK);
        EQ(elf_segment_bytes(&e, &p, &bytes), OK);
        if (p.p_type != PT_NOTE || span_copy(MSPAN_OF(head), bytes) != sizeof head || head.type != RELOCATION_NOTE_TYPE)
            continue;
        TRUE(span_eq(SPAN(head.name), SPAN(EXTENSION_NOTE_NAME)) && head.name_bytes == 8);
        EQ(head.desc_bytes, bytes.n - sizeof head);
        return span_skip(bytes, sizeof head);
    }
    return (struct span){ 0 };
}

TEST(the_places_of_addresses_are_listed_in_order)
{
    static const uint8_t want[] = { 0x20 << 1 | 1, 4 << 1, 0xd8 | 0x80, 0x3f };
    make_moving(3);
    moving.relocation[0] = (Elf64_Rela){ .r_offset = 0x101010, .r_info = UINT64_C(1) << 32 | R_X86_64_32 };
    moving.relocation[2] = (Elf64_Rela){ .r_offset = 0x100024, .r_info = UINT64_C(1) << 32 | R_X86_64_32S };
    TRUE(span_eq(places_of(OK), SPAN(want)));
}

TEST(what_does_not_change_is_not_listed)
{
    static const uint8_t want[] = { 0x28 << 1 | 1 };
    make_moving(6);
    moving.relocation[0].r_offset = 0x100028;
    moving.relocation[1].r_info = UINT64_C(2) << 32 | R_X86_64_64;         /* a number, and nobody's address */
    moving.relocation[2].r_info = R_X86_64_32;
    moving.relocation[3].r_info = UINT64_C(1) << 32 | R_X86_64_PC32;
    moving.relocation[4].r_info = R_X86_64_PLT32;
    moving.relocation[5].r_info = R_X86_64_NONE;
    TRUE(span_eq(places_of(OK), SPAN(want)));
}

TEST(the_addresses_in_the_linkers_table_are_listed)
{
    static const uint8_t want[] = { 0x28 << 1 | 1, 0x10 << 1 | 1 };
    make_moving(1);
    moving.relocation[0].r_info = UINT64_C(1) << 32 | R_X86_64_REX_GOTPCRELX;
    moving.linked.head.e_shnum = NUM_OF(moving.section);
    moving.table[0] = 0x100020;
    moving.table[2] = STACKS + 0x10000;                                    /* the end of memory is in it */
    TRUE(span_eq(places_of(OK), SPAN(want)));
    moving.table[1] = STACKS + 0x10001;
    EQ(places_of(OK).n, 0);
}

TEST(an_image_that_cannot_move_has_no_list)
{
    make_moving(1);
    moving.relocation[0].r_info = UINT64_C(1) << 32 | R_X86_64_GOTPCREL;   /* by a table that is not there */
    EQ(places_of(OK).n, 0);
    make_moving(1);
    moving.relocation[0].r_info = UINT64_C(1) << 32 | 3;                   /* of a kind that nobody knows */
    EQ(places_of(OK).n, 0);
    make_moving(1);
    moving.relocation[0].r_info = R_X86_64_PC32;                           /* the distance to nowhere */
    EQ(places_of(OK).n, 0);
    make_moving(1);
    moving.section[3].sh_flags = 0;                                        /* for debuggers */
    EQ(places_of(OK).n, 0);
    make_moving(1);
    moving.linked.data.abi.abi.target = SOLO5_TARGET_SPT;
    EQ(places_of(OK).n, 0);
    make_moving(0);
    EQ(places_of(OK).n, 0);
}

TEST(relocations_outside_of_everything_are_refused)
{
    make_moving(1);
    moving.relocation[0].r_offset = 0xfffff;
    (void)places_of(E_INVALID);
    make_moving(1);
    moving.relocation[0].r_info = UINT64_C(3) << 32 | R_X86_64_64;
    (void)places_of(E_INVALID);
    make_moving(1);
    moving.section[4].sh_info = 5;
    (void)places_of(E_INVALID);
    make_moving(1);
    moving.section[4].sh_offset = sizeof moving - 1;
    (void)places_of(E_INVALID);
}

TEST(aarch64_knows_addresses_and_what_moves_along)
{
    static const uint8_t want[] = { 0x20 << 1 | 1 };
    make_moving(4);
    moving.linked.head.e_machine = EM_AARCH64;
    moving.relocation[0].r_info = UINT64_C(1) << 32 | R_AARCH64_ABS64;
    moving.relocation[1].r_info = UINT64_C(1) << 32 | R_AARCH64_ADR_PREL_PG_HI21;
    moving.relocation[2].r_info = UINT64_C(1) << 32 | R_AARCH64_ADD_ABS_LO12_NC;
    moving.relocation[3].r_info = R_AARCH64_CALL26;
    TRUE(span_eq(places_of(OK), SPAN(want)));
    moving.relocation[1].r_info = R_AARCH64_ADR_PREL_PG_HI21;
    EQ(places_of(OK).n, 0);
}

TEST_MAIN
