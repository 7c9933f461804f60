// SPDX-License-Identifier: ISC
/* A core file against the layout that Linux's own cores have. */
#include "check/test.h"
#include "tender/core.h"
#include <elf.h>
#include <fcntl.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <unistd.h>

static struct message why;
static uint8_t memory[64 * 4096], file[sizeof memory + 4096];

static size_t read_back(const struct core *c, struct stat *about)
{
    int fd = openat(c->folder, c->name, O_RDONLY);
    ssize_t n = read(fd, file, sizeof file);
    TRUE(fstat(fd, about) == 0);
    (void)close(fd);
    return n > 0 ? (size_t)n : 0;
}

static void take(struct mspan out, uint64_t offset)
{
    TRUE(span_copy(out, span_skip(SPAN(file), offset)) == out.n);
}

TEST(a_core_has_the_registers_and_all_memory)
{
    struct core c;
    struct stat about;
    struct vm_registers r = { { 0 } };
    Elf64_Ehdr elf;
    Elf64_Phdr segment[2];
    Elf64_Nhdr note;
    struct elf_prstatus status;
    struct user_regs_struct regs;
    char folder[] = "/tmp/test-core-XXXXXX";
    TRUE(mkdtemp(folder) != NULL);
    memory[5] = 6;
    memory[40 * 4096 + 1] = 7;
    for (unsigned i = 0; i < REGISTERS_MAX; i++)
        r.value[i] = 100 + i;
    EQ(core_open(&c, folder, &why), OK);
    EQ(core_write(&c, SPAN(memory), &r, 11), OK);
    EQ(read_back(&c, &about), sizeof file);
    TRUE((size_t)about.st_blocks * 512 < sizeof file / 2);      /* zeros are holes */
    take(MSPAN_OF(elf), 0);
    take(MSPAN_OF(segment), elf.e_phoff);
    TRUE(elf.e_type == ET_CORE && elf.e_machine == EM_X86_64 && elf.e_phnum == 2);
    EQ(segment[1].p_filesz, sizeof memory);
    TRUE(span_eq(span_sub(SPAN(file), segment[1].p_offset, sizeof memory), SPAN(memory)));
    take(MSPAN_OF(note), segment[0].p_offset);
    EQ(note.n_type, NT_PRSTATUS);
    EQ(note.n_descsz, sizeof status);
    take(MSPAN_OF(status), segment[0].p_offset + sizeof note + 8);
    EQ(status.pr_cursig, 11);
    (void)span_copy(MSPAN_OF(regs), SPAN_OF(status.pr_reg));
    TRUE(regs.rax == 100 && regs.rbx == 101 && regs.rsi == 104 && regs.rbp == 106 && regs.rsp == 107 && regs.r15 == 115);
    TRUE(regs.rip == 116 && regs.eflags == 117 && regs.cs == 118 && regs.gs == 123);
    core_discard(&c);
    EQ(rmdir(folder), 0);
}

TEST(a_folder_that_is_not_there_is_a_line)
{
    struct core c;
    EQ(core_open(&c, "/nonexistent", &why), E_IO);
    TRUE(strstr(why.text, "give a folder where files can be made") != NULL);
}

TEST_MAIN
