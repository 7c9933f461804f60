// SPDX-License-Identifier: ISC
/* core.c - one PT_NOTE with NT_PRSTATUS, one PT_LOAD with all memory. Pages of zeros are holes of the file. */
#include "tender/core.h"
#include "base/checked.h"
#include "base/writer.h"
#include "tender/cpu.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PAGE 4096u
#define MEMORY_OFFSET PAGE      /* in the file */
#define WRITE_BYTES_MAX (1u << 20)
#define CORE_WORDS_MAX 34u

/* struct elf_prstatus of 64-bit Linux */
struct prstatus {
    int32_t signal, code, error;
    int16_t current_signal;
    uint64_t pending, held;
    int32_t pid, ppid, group, session;
    uint64_t times[8];
    uint64_t words[CORE_WORDS_MAX];     /* register_table.num_core of them, then: */
    uint64_t has_fpu;
};
_Static_assert(offsetof(struct prstatus, words) == 112, "elf_prstatus");

struct head {
    Elf64_Ehdr elf;
    Elf64_Phdr note, memory;
    uint32_t padding;           /* so that none is between the note's parts */
    Elf64_Nhdr note_head;
    char owner[8];
    struct prstatus status;
};
_Static_assert(offsetof(struct head, status) == offsetof(struct head, note_head) + sizeof(Elf64_Nhdr) + 8, "a note");
_Static_assert(sizeof(struct head) <= MEMORY_OFFSET, "the head lies before memory");

err core_open(struct core *c, const char *folder, struct message *why)
{
    struct wr w = wr_of(mspan_first(MSPAN(c->name), sizeof c->name - 1));
    wr_bytes(&w, TEXT("core.morgana-hvt."));
    wr_dec(&w, (uint64_t)getpid());
    c->fd = -1;
    c->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (c->folder >= 0)
        c->fd = openat(c->folder, c->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (c->fd >= 0)
        return OK;
    return refuse(why, E_IO, "--dumpcore=%s: %s: give a folder where files can be made", folder, strerror(errno));
}

static err write_at(int fd, struct span bytes, uint64_t offset)
{
    while (bytes.n > 0) {
        ssize_t n = pwrite(fd, bytes.p, size_min(bytes.n, WRITE_BYTES_MAX), (off_t)offset);
        if (n <= 0 && errno != EINTR)
            return E_IO;
        bytes = span_skip(bytes, n > 0 ? (size_t)n : 0);
        offset += n > 0 ? (uint64_t)n : 0;
    }
    return OK;
}

static size_t status_bytes(void)
{
    return offsetof(struct prstatus, words) + (register_table.num_core + 1) * sizeof(uint64_t);
}

static void fill_status(struct prstatus *s, const struct vm_registers *registers, int signal)
{
    s->signal = signal;
    s->current_signal = (int16_t)signal;
    s->pid = s->ppid = 1;
    for (size_t i = 0; i < register_table.place.n; i++)
        if (AT(register_table.place, i).core < register_table.num_core)
            s->words[AT(register_table.place, i).core] = registers->value[i];
}

static err write_head(int fd, size_t memory_bytes, const struct vm_registers *registers, int signal)
{
    static struct head h;
    size_t note_bytes = sizeof h.note_head + sizeof h.owner + status_bytes();
    h.elf = (Elf64_Ehdr){ .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
                          .e_type = ET_CORE, .e_machine = CPU_ELF_MACHINE, .e_version = EV_CURRENT,
                          .e_phoff = offsetof(struct head, note), .e_ehsize = sizeof h.elf,
                          .e_phentsize = sizeof h.note, .e_phnum = 2 };
    h.note = (Elf64_Phdr){ .p_type = PT_NOTE, .p_offset = offsetof(struct head, note_head), .p_filesz = note_bytes,
                           .p_align = 4 };
    h.memory = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_offset = MEMORY_OFFSET,
                             .p_filesz = memory_bytes, .p_memsz = memory_bytes, .p_align = PAGE };
    h.note_head = (Elf64_Nhdr){ .n_namesz = 5, .n_descsz = (Elf64_Word)status_bytes(), .n_type = NT_PRSTATUS };
    (void)span_copy(MSPAN(h.owner), TEXT("CORE"));
    fill_status(&h.status, registers, signal);
    return write_at(fd, SPAN_OF(h), 0);
}

static bool is_zero(struct span page)
{
    for (size_t i = 0; i < page.n; i++)
        if (span_at(page, i) != 0)
            return false;
    return true;
}

err core_write(const struct core *c, struct span memory, const struct vm_registers *registers, int signal)
{
    TRY(write_head(c->fd, memory.n, registers, signal));
    for (size_t at = 0; at < memory.n; at += PAGE) {
        struct span page = span_sub(memory, at, PAGE);
        if (!is_zero(page) || at + PAGE >= memory.n)        /* the last gives the file its length */
            TRY(write_at(c->fd, page, MEMORY_OFFSET + at));
    }
    return OK;
}

void core_discard(const struct core *c)
{
    if (c->fd >= 0)
        (void)unlinkat(c->folder, c->name, 0);
}
