// SPDX-License-Identifier: ISC
#include "cli/elf.h"
#include "base/checked.h"

/* num_bytes at offset; E_INVALID: not all inside the file. */
static err file_bytes(struct span file, uint64_t offset, uint64_t num_bytes, struct span *out)
{
    *out = span_sub(file, offset, num_bytes);
    return offset <= file.n && out->n == num_bytes ? OK : E_INVALID;
}

static err read_at(struct span file, uint64_t offset, struct mspan out)
{
    struct span bytes;
    TRY(file_bytes(file, offset, out.n, &bytes));
    (void)span_copy(out, bytes);
    return OK;
}

/* Element i of a table of elements as long as out. */
static err read_element(struct span file, uint64_t table, size_t i, struct mspan out)
{
    uint64_t offset;
    if (!u64_mul(i, out.n, &offset) || !u64_add(offset, table, &offset))
        return E_INVALID;
    return read_at(file, offset, out);
}

err elf_open(struct span file, struct elf *out)
{
    struct elf e = { .file = file };
    *out = e;
    TRY(read_at(file, 0, MSPAN_OF(e.head)));
    const Elf64_Ehdr *h = &e.head;
    if (!span_starts(SPAN(h->e_ident), TEXT(ELFMAG)) || h->e_ident[EI_CLASS] != ELFCLASS64 ||
        h->e_ident[EI_DATA] != ELFDATA2LSB || h->e_version != EV_CURRENT)
        return E_INVALID;
    if (h->e_type != ET_EXEC || (h->e_machine != EM_X86_64 && h->e_machine != EM_AARCH64 && h->e_machine != EM_RISCV) ||
        h->e_ehsize != sizeof *h || h->e_phentsize != sizeof(Elf64_Phdr) || h->e_phnum == 0)
        return E_INVALID;
    *out = e;
    return OK;
}

err elf_segment(const struct elf *e, size_t i, Elf64_Phdr *out)
{
    *out = (Elf64_Phdr){ 0 };
    return i < e->head.e_phnum ? read_element(e->file, e->head.e_phoff, i, MSPAN_OF(*out)) : E_INVALID;
}

err elf_segment_bytes(const struct elf *e, const Elf64_Phdr *segment, struct span *out)
{
    return file_bytes(e->file, segment->p_offset, segment->p_filesz, out);
}

err elf_memory(const struct elf *e, uint64_t address, struct mspan out)
{
    for (size_t i = 0; i < e->head.e_phnum; i++) {
        Elf64_Phdr p;
        struct span bytes;
        TRY(elf_segment(e, i, &p));
        if (p.p_type != PT_LOAD || address < p.p_vaddr || address - p.p_vaddr >= p.p_filesz)
            continue;
        TRY(elf_segment_bytes(e, &p, &bytes));
        return read_at(bytes, address - p.p_vaddr, out);
    }
    return E_INVALID;
}

err elf_section(const struct elf *e, size_t i, Elf64_Shdr *out)
{
    *out = (Elf64_Shdr){ 0 };
    if (i >= e->head.e_shnum || e->head.e_shentsize != sizeof *out)
        return E_INVALID;
    return read_element(e->file, e->head.e_shoff, i, MSPAN_OF(*out));
}

err elf_element(const struct elf *e, const Elf64_Shdr *table, size_t i, struct mspan out)
{
    struct span bytes;
    mspan_zero(out);
    TRY(file_bytes(e->file, table->sh_offset, table->sh_size, &bytes));
    return read_element(bytes, 0, i, out);
}

static bool name_is(struct span strings, uint32_t at, struct span name)
{
    struct span text = span_skip(strings, at);
    return span_starts(text, name) && text.n > name.n && span_at(text, name.n) == 0;
}

bool elf_section_is(const struct elf *e, const Elf64_Shdr *section, struct span name)
{
    Elf64_Shdr names;
    struct span strings;
    return elf_section(e, e->head.e_shstrndx, &names) == OK && file_bytes(e->file, names.sh_offset, names.sh_size, &strings) == OK &&
           name_is(strings, section->sh_name, name);
}

static err symbol_in_table(const struct elf *e, const Elf64_Shdr *table, struct span name, Elf64_Sym *out)
{
    Elf64_Shdr strings_section;
    struct span strings, symbols;
    TRY(elf_section(e, table->sh_link, &strings_section));
    TRY(file_bytes(e->file, strings_section.sh_offset, strings_section.sh_size, &strings));
    TRY(file_bytes(e->file, table->sh_offset, table->sh_size, &symbols));
    for (size_t i = 0; i < symbols.n / sizeof *out; i++) {
        TRY(read_element(symbols, 0, i, MSPAN_OF(*out)));
        if (out->st_shndx != SHN_UNDEF && name_is(strings, out->st_name, name))
            return OK;
    }
    return E_NOT_FOUND;
}

err elf_symbol(const struct elf *e, struct span name, Elf64_Sym *out)
{
    for (size_t i = 0; i < e->head.e_shnum; i++) {
        Elf64_Shdr s;
        TRY(elf_section(e, i, &s));
        if (s.sh_type == SHT_SYMTAB)
            return symbol_in_table(e, &s, name, out);
    }
    return E_NOT_FOUND;
}
