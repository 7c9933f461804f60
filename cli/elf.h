// SPDX-License-Identifier: ISC
/* elf.h - reads ELF64 files of the host's byte order; every offset and length in them is hostile. */
#ifndef CLI_ELF_H
#define CLI_ELF_H
#include "abi/elf64.h"
#include "base/err.h"
#include "base/span.h"

struct elf {
    struct span file;
    Elf64_Ehdr head;
};

/* E_INVALID: not a static ELF64 executable of a CPU that Morgana has. */
MUST_CHECK err elf_open(struct span file, struct elf *out);
MUST_CHECK err elf_segment(const struct elf *e, size_t i, Elf64_Phdr *out);         /* i < head.e_phnum */
MUST_CHECK err elf_section(const struct elf *e, size_t i, Elf64_Shdr *out);
MUST_CHECK bool elf_section_is(const struct elf *e, const Elf64_Shdr *section, struct span name);
/* Element i of a section that is a table of elements as long as out; E_INVALID: it has none such. */
MUST_CHECK err elf_element(const struct elf *e, const Elf64_Shdr *table, size_t i, struct mspan out);
/* The bytes of a segment in the file; E_INVALID: they lie outside it. */
MUST_CHECK err elf_segment_bytes(const struct elf *e, const Elf64_Phdr *segment, struct span *out);
/* Copies initialised memory at address: `out` must lie in the file part of one segment. */
MUST_CHECK err elf_memory(const struct elf *e, uint64_t address, struct mspan out);
MUST_CHECK err elf_symbol(const struct elf *e, struct span name, Elf64_Sym *out);   /* E_NOT_FOUND */

#endif
