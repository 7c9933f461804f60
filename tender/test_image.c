// SPDX-License-Identifier: ISC
/* Hostile images: whatever the file says, the answer is OK or one line, and no byte outside guest memory is touched. */
#include "check/test.h"
#include "tender/image.h"
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUEST_START 0x10000u
#define GUEST_END 0x180000u
#define PAGE 4096u
#define NUM_SEGMENTS 6

/* A small image, right in every respect. */
struct file {
    Elf64_Ehdr head;
    Elf64_Phdr segment[NUM_SEGMENTS];
    struct solo5_abi_note abi;
    uint32_t gap;
    struct {
        struct solo5_note_head head;
        uint32_t padding, version, entries;
        struct solo5_record record[2];
    } manifest;
    uint8_t text[64], data[64];
};
#define SEGMENT(type_, flags_, address, member, memory)                                                       \
    { .p_type = (type_), .p_flags = (flags_), .p_offset = offsetof(struct file, member), .p_vaddr = (address), \
      .p_filesz = sizeof ((struct file *)0)->member, .p_memsz = (memory), .p_align = (type_) == PT_LOAD ? PAGE : 4 }

static const struct file good = {
    .head = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT }, .e_type = ET_EXEC,
              .e_machine = EM_X86_64, .e_version = EV_CURRENT, .e_entry = 0x100000, .e_phoff = sizeof(Elf64_Ehdr),
              .e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = NUM_SEGMENTS },
    .segment = { SEGMENT(PT_LOAD, PF_R | PF_X, 0x100000, text, 64), SEGMENT(PT_LOAD, PF_R | PF_W, 0x101000, data, 8000),
                 { .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = 0x103000, .p_memsz = 0x3000, .p_align = PAGE },
                 { .p_type = PT_LOAD, .p_offset = 15, .p_vaddr = 0x104000, .p_filesz = 1, .p_memsz = 1, .p_align = PAGE },
                 SEGMENT(PT_NOTE, PF_R, 0, abi, 36), SEGMENT(PT_NOTE, PF_R, 0, manifest, 240) },
    .abi = { { 6, 16, SOLO5_ABI_TYPE, "Solo5" }, { 2, 2, 0, 0 } },
    .manifest = { { 6, 12 + 2 * 104, SOLO5_MANIFEST_TYPE, "Solo5" }, 0, 1, 2,
                  { { .type = SOLO5_DEVICE_RESERVED }, { .name = "net0", .type = SOLO5_DEVICE_NET } } },
    .text = { 0x90, 0xc3 },
    .data = { 1, 2, 3 },
};

static struct file file;
static struct message why;
static struct solo5_manifest manifest;
static uint8_t *memory_start;

/* Fresh guest memory with a hole on either side. */
static struct guest_memory fresh_memory(void)
{
    size_t n = GUEST_END - GUEST_START;
    if (memory_start == NULL) {
        uint8_t *all = mmap(NULL, n + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memory_start = all + PAGE;
    }
    int rights = PROT_READ | PROT_WRITE;
    (void)mmap(memory_start, n, rights, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return (struct guest_memory){ GUEST_START, GUEST_END, { memory_start, n }, rights, false, false };
}

static err open_and_load(const char *path, struct guest_memory *memory)
{
    struct image image;
    uint64_t end;
    err e = image_open(path, &image, &why);
    if (e == OK)
        e = image_check_abi(&image, SOLO5_TARGET_SPT, SOLO5_SPT_VERSION, &why);
    if (e == OK)
        e = image_manifest(&image, &manifest, &why);
    *memory = fresh_memory();
    if (e == OK)
        e = image_load(&image, memory, &end, &why);
    image_close(&image);
    return e;
}

/* The first num_bytes of `file` as an image. */
static err run(size_t num_bytes, struct guest_memory *memory)
{
    static int fd = -1;
    char path[32];
    if (fd < 0)
        fd = memfd_create("image", 0);
    TRUE(ftruncate(fd, 0) == 0 && pwrite(fd, &file, num_bytes, 0) == (ssize_t)num_bytes);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    why = (struct message){ "" };
    return open_and_load(path, memory);
}

static void want_one_line(err e)
{
    size_t n = strlen(why.text);
    TRUE(e == OK || (n > 10 && n < sizeof why.text && strchr(why.text, '\n') == NULL && strchr(why.text, ':') != NULL));
}

TEST(a_good_image_is_loaded)
{
    struct guest_memory m;
    file = good;
    EQ(run(sizeof file, &m), OK);
    TRUE(span_eq(span_of(guest_bytes(&m, 0x100000, 64)), SPAN(good.text)));
    TRUE(span_eq(span_of(guest_bytes(&m, 0x101000, 64)), SPAN(good.data)));
    EQ(manifest.entries, 2);
}

TEST(an_image_cut_at_any_byte_is_refused_in_one_line)
{
    struct guest_memory m;
    file = good;
    for (size_t n = 0; n < sizeof file; n++) {
        err e = run(n, &m);
        want_one_line(e);
        TRUE(e != OK || n >= offsetof(struct file, data) + sizeof file.data);
    }
}

TEST(an_image_with_any_bit_flipped_is_loaded_or_refused_in_one_line)
{
    struct guest_memory m;
    for (size_t i = 0; i < 8 * offsetof(struct file, text); i++) {
        file = good;
        ((uint8_t *)&file)[i / 8] ^= (uint8_t)(1u << i % 8);
        want_one_line(run(sizeof file, &m));
    }
}

TEST(an_image_with_an_extreme_field_is_loaded_or_refused_in_one_line)
{
    static const uint64_t extremes[] = { 0, 1, PAGE, GUEST_END, INT64_MAX, INT64_MAX - 16, (uint64_t)1 << 63, UINT64_MAX,
                                         UINT64_MAX - PAGE, UINT32_MAX };
    struct guest_memory m;
    for (size_t at = 0; at + 8 <= offsetof(struct file, text); at += 4)
        for (size_t i = 0; i < NUM_OF(extremes); i++) {
            file = good;
            memcpy((uint8_t *)&file + at, &extremes[i], 8);
            want_one_line(run(sizeof file, &m));
        }
}

#define REFUSED(change)                     \
    do {                                    \
        struct guest_memory m_;             \
        file = good;                        \
        change;                             \
        TRUE(run(sizeof file, &m_) != OK);  \
        want_one_line(E_INVALID);           \
    } while (0)

TEST(segments_that_break_a_rule_are_refused)
{
    REFUSED(file.segment[1].p_flags |= PF_X);
    REFUSED(file.segment[0].p_flags |= PF_W);
    REFUSED(file.segment[0].p_vaddr = 0xff000);
    REFUSED(file.segment[1].p_vaddr = 0x100000);
    REFUSED(file.segment[1].p_vaddr = 0x100800);
    REFUSED(file.segment[1].p_memsz = GUEST_END - 0x101000 + 1);
    REFUSED(file.segment[1].p_memsz = 63);
    REFUSED(file.segment[1].p_align = 3 * PAGE);
    REFUSED(file.segment[1].p_align = 0);
    REFUSED(file.segment[1].p_align = 16);
    REFUSED(file.segment[1].p_memsz = UINT64_MAX - 0x101000);
    REFUSED(file.segment[2].p_memsz = GUEST_END);
    REFUSED(file.segment[0].p_offset = sizeof file);
    REFUSED(file.segment[0].p_offset = UINT64_MAX - 8);
}

TEST(headers_and_notes_that_break_a_rule_are_refused)
{
    REFUSED(file.head.e_type = ET_DYN);
    REFUSED(file.head.e_machine = EM_AARCH64);
    REFUSED(file.head.e_phnum = 0);
    REFUSED(file.head.e_phnum = 65535);
    REFUSED(file.head.e_entry = 0xfffff);
    REFUSED(file.head.e_entry = GUEST_END);
    REFUSED(file.abi.abi.target = SOLO5_TARGET_HVT);
    REFUSED(file.abi.abi.version = 3);
    REFUSED(file.abi.head.desc_bytes = 33);
    REFUSED(file.abi.head.name[0] = 's');
    REFUSED(file.segment[4].p_filesz = 11);
    REFUSED(file.manifest.entries = 65);
    REFUSED(file.manifest.entries = 1);
    REFUSED(file.manifest.version = 2);
    REFUSED(file.manifest.record[0].type = SOLO5_DEVICE_NET);
    REFUSED(file.manifest.record[1].is_attached = 1);
    REFUSED(memset(file.manifest.record[1].name, 'x', SOLO5_NAME_BYTES));
}

TEST(bytes_outside_guest_memory_are_not_there)
{
    struct guest_memory m = fresh_memory();
    EQ(guest_bytes(&m, GUEST_START, GUEST_END - GUEST_START).n, GUEST_END - GUEST_START);
    EQ(guest_bytes(&m, GUEST_START, GUEST_END - GUEST_START + 1).n, 0);
    EQ(guest_bytes(&m, GUEST_START - 1, 1).n, 0);
    EQ(guest_bytes(&m, GUEST_END, 1).n, 0);
    EQ(guest_bytes(&m, UINT64_MAX, 2).n, 0);
    EQ(guest_bytes(&m, GUEST_END - 1, UINT64_MAX).n, 0);
}

TEST_MAIN
