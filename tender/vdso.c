// SPDX-License-Identifier: ISC
/* vdso.c - finds clock_gettime in the shared object that the kernel maps into every process. It is trusted, laid out by the
 * kernel: its symbols end where their names begin. */
#include "tender/vdso.h"
#include "base/span.h"
#include "tender/cpu.h"
#include <elf.h>
#include <sys/auxv.h>

struct vdso {
    SLICE(const Elf64_Phdr) segments;
    SLICE(const Elf64_Dyn) dynamic;
    SLICE(const Elf64_Sym) symbols;
    uint64_t slide;
    const char *names;
};

static uint64_t dynamic_value(const struct vdso *v, int64_t tag)
{
    for (size_t i = 0; i < v->dynamic.n && AT(v->dynamic, i).d_tag != DT_NULL; i++)
        if (AT(v->dynamic, i).d_tag == tag)
            return AT(v->dynamic, i).d_un.d_val;
    return 0;
}

/* false: a layout that this does not know */
static bool open_vdso(uint64_t base, struct vdso *v)
{
    const Elf64_Ehdr *head = (const Elf64_Ehdr *)base;
    v->segments.p = (const Elf64_Phdr *)(base + head->e_phoff);
    v->segments.n = head->e_phnum;
    for (size_t i = 0; i < v->segments.n; i++) {
        const Elf64_Phdr *p = &AT(v->segments, i);
        if (p->p_type == PT_LOAD)
            v->slide = base + p->p_offset - p->p_vaddr;
        if (p->p_type == PT_DYNAMIC) {
            v->dynamic.p = (const Elf64_Dyn *)(base + p->p_offset);
            v->dynamic.n = p->p_memsz / sizeof(Elf64_Dyn);
        }
    }
    uint64_t symbols = dynamic_value(v, DT_SYMTAB), names = dynamic_value(v, DT_STRTAB);
    if (symbols == 0 || names <= symbols || (names - symbols) % sizeof(Elf64_Sym) != 0)
        return false;
    v->symbols.p = (const Elf64_Sym *)(v->slide + symbols);
    v->symbols.n = (names - symbols) / sizeof(Elf64_Sym);
    v->names = (const char *)(v->slide + names);
    return true;
}

uint64_t vdso_clock_gettime(void)
{
    uint64_t base = getauxval(AT_SYSINFO_EHDR);
    struct vdso v = { 0 };
    if (base == 0 || !open_vdso(base, &v))
        return 0;
    uint64_t names = (uint64_t)(uintptr_t)v.names;
    for (size_t i = 0; i < v.symbols.n; i++) {
        const Elf64_Sym *s = &AT(v.symbols, i);
        if (s->st_shndx != SHN_UNDEF &&
            span_eq(span_of_str((const char *)(names + s->st_name)), TEXT(CPU_VDSO_CLOCK)))
            return v.slide + s->st_value;
    }
    return 0;
}
