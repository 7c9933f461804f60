// SPDX-License-Identifier: ISC
/* Hostile images: whatever the file says, the answer is OK or one line, and no byte outside guest memory is touched. */
#include "abi/relocation.h"
#include "check/test.h"
#include "tender/image.h"
#include <errno.h>
#include <fcntl.h>
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
static bool is_debugged;

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
    return (struct guest_memory){ GUEST_START, GUEST_END, { memory_start, n }, rights, false, is_debugged };
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

/* Bytes as an image. */
static err run_bytes(struct span bytes, struct guest_memory *memory)
{
    static int fd = -1;
    char path[32];
    if (fd < 0)
        fd = memfd_create("image", 0);
    TRUE(ftruncate(fd, 0) == 0 && pwrite(fd, bytes.p, bytes.n, 0) == (ssize_t)bytes.n);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    why = (struct message){ "" };
    return open_and_load(path, memory);
}
/* The first num_bytes of `file`. */
static err run(size_t num_bytes, struct guest_memory *memory)
{
    return run_bytes(span_first(SPAN_OF(file), num_bytes), memory);
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

/* Whether the kernel may write there for us. */
static bool is_writable(struct mspan m)
{
    int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    ssize_t n = read(zeros, m.p, 1);
    (void)close(zeros);
    return n == 1;
}
TEST(segments_have_their_rights_unless_a_debugger_is_to_change_them)
{
    struct guest_memory m;
    file = good;
    EQ(run(sizeof file, &m), OK);
    TRUE(!is_writable(guest_bytes(&m, 0x100000, 1)) && is_writable(guest_bytes(&m, 0x101000, 1)));
    TRUE(!is_writable(guest_bytes(&m, 0x104000, 1)));       /* the guard, of one byte */
    is_debugged = true;
    EQ(run(sizeof file, &m), OK);
    is_debugged = false;
    TRUE(is_writable(guest_bytes(&m, 0x100000, 1)) && is_writable(guest_bytes(&m, 0x101000, 1)));
}

TEST(an_image_cut_at_any_byte_is_refused_in_one_line)
{
    struct guest_memory m;
    file = good;
    for (size_t n = 0; n < sizeof file; n++) {
        errno = EINTR;                  /* of an earlier call; the end of a file is not an interruption */
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

#define SAYS(text_, change)                                     \
    do {                                                        \
        struct guest_memory m_;                                 \
        file = good;                                            \
        change;                                                 \
        TRUE(run(sizeof file, &m_) != OK);                      \
        if (strstr(why.text, (text_)) == NULL)                  \
            TEST_FAIL("not \"%s\": %s", (text_), why.text);     \
    } while (0)
#define LOADED(change)                                          \
    do {                                                        \
        struct guest_memory m_;                                 \
        file = good;                                            \
        change;                                                 \
        EQ(run(sizeof file, &m_), OK);                          \
    } while (0)

TEST(each_refusal_says_what_is_wrong)
{
    const uint64_t last_offset = INT64_MAX - sizeof(struct solo5_note_head) - SOLO5_MANIFEST_DESC_BYTES_MAX;
    SAYS("not an ELF file", file.head.e_ident[EI_MAG1] = 'e');
    SAYS("another CPU", file.head.e_ident[EI_CLASS] = 1);
    SAYS("another CPU", file.head.e_ident[EI_DATA] = 2);
    SAYS("another CPU", file.head.e_version = 2);
    SAYS("another CPU", file.head.e_machine = EM_RISCV);
    SAYS("not a static executable", file.head.e_type = ET_DYN);
    SAYS("not a static executable", file.head.e_ehsize = 63);
    SAYS("not a static executable", file.head.e_phentsize = 57);
    SAYS("not a static executable", file.head.e_phnum = 0);
    SAYS("no Solo5 ABI note", file.head.e_phnum = 1);
    SAYS("too short", file.segment[4].p_filesz = sizeof(Elf64_Nhdr) - 1);
    SAYS("no Solo5 ABI note", file.segment[4].p_filesz = sizeof(Elf64_Nhdr));
    SAYS("impossible length", file.segment[4].p_filesz = sizeof(struct solo5_note_head));
    SAYS("too short", file.segment[4].p_offset = last_offset + 1);
    SAYS("truncated", file.segment[4].p_offset = last_offset);
    SAYS("impossible length", file.abi.head.desc_bytes = 0);
    SAYS("impossible length", file.manifest.head.desc_bytes = 4);
    SAYS("impossible length", (file.abi.head.desc_bytes = 33, file.segment[4].p_filesz = 20 + 33));
    SAYS("impossible length", (file.abi.head.desc_bytes = 17, file.segment[4].p_filesz = 20 + 16));
    SAYS("built for target xen", file.abi.abi.target = SOLO5_TARGET_XEN);
    SAYS("built for target ?", file.abi.abi.target = SOLO5_TARGET_XEN + 1);
    SAYS("needs ABI version 3", file.abi.abi.version = 3);
    SAYS("no valid device manifest", file.manifest.entries = 3);
    SAYS("misplaced", file.segment[0].p_vaddr = 0xff000);
    SAYS("misplaced", file.segment[1].p_vaddr = 0x100000);
    SAYS("misplaced", file.segment[1].p_align = 3 * PAGE);
    SAYS("misplaced", file.segment[1].p_memsz = 63);
    SAYS("misplaced", (file.segment[1].p_vaddr = 0x105000, file.segment[1].p_align = 3 * PAGE, file.segment[3].p_vaddr = 0x110000));
    SAYS("does not fit into memory", file.segment[1].p_memsz = GUEST_END - 0x101000 + 1);
    SAYS("does not fit into memory", file.segment[2].p_memsz = GUEST_END - 0x103000 + 1);
    SAYS("entry point", file.head.e_entry = GUEST_END);
    SAYS("entry point", file.head.e_entry = SOLO5_IMAGE_START - 1);
}
TEST(what_just_keeps_the_rules_is_loaded)
{
    LOADED((file.abi.head.desc_bytes = 32, file.segment[4].p_filesz = 20 + 32));
    LOADED((file.manifest.head.desc_bytes = 12 + 104, file.manifest.entries = 1));
    EQ(manifest.entries, 1);
    LOADED(file.head.e_entry = SOLO5_IMAGE_START);
    LOADED(file.head.e_entry = GUEST_END - 1);
    LOADED((file.segment[1].p_memsz = GUEST_END - 0x101000, file.segment[3].p_type = PT_NOTE, file.segment[3].p_filesz = 12));
    LOADED(file.segment[2].p_memsz = GUEST_END - 0x103000);
    LOADED((file.segment[2].p_memsz = 0, file.segment[2].p_vaddr = GUEST_END + PAGE));
    LOADED((file.segment[1].p_align = 1, file.segment[1].p_memsz = 2 * PAGE));
    LOADED(file.segment[1].p_memsz = 64);
}
TEST(as_many_devices_as_there_can_be_are_taken)
{
    static struct {
        struct file file;
        struct solo5_note_head head;
        uint32_t padding;
        struct solo5_manifest manifest;
    } large = { .head = { 6, SOLO5_MANIFEST_DESC_BYTES_MAX, SOLO5_MANIFEST_TYPE, "Solo5" },
                .manifest = { .version = 1, .entries = SOLO5_RECORDS_MAX } };
    struct guest_memory m;
    large.file = good;
    large.file.segment[5].p_offset = sizeof large.file;
    large.file.segment[5].p_filesz = 20 + SOLO5_MANIFEST_DESC_BYTES_MAX;
    large.manifest.record[0].type = SOLO5_DEVICE_RESERVED;
    EQ(run_bytes(SPAN_OF(large), &m), OK);
    EQ(manifest.entries, SOLO5_RECORDS_MAX);
    large.head.desc_bytes++;
    large.file.segment[5].p_filesz++;
    EQ(run_bytes(SPAN_OF(large), &m), E_INVALID);
}
TEST(an_image_is_closed_whatever_its_number_is)
{
    struct guest_memory m;
    struct image image;
    int standard_input = dup(0);
    file = good;
    (void)close(0);
    EQ(run(sizeof file, &m), OK);       /* the image, or the file in memory, is number 0 */
    EQ(run(sizeof file, &m), OK);
    EQ(fcntl(0, F_GETFD), -1);
    EQ(image_open("/proc/self/exe", &image, &why), OK);
    int fd = image.fd;
    image_close(&image);
    TRUE(fcntl(fd, F_GETFD) == -1 && image.fd == -1);
    image_close(&image);
    EQ(dup2(standard_input, 0), 0);
    (void)close(standard_input);
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

/* ---- Moved */

struct moving {
    struct file file;
    struct solo5_note_head head;
    uint8_t places[32];
};
static struct moving moving;

/* With a note that lists these places; its header takes the place of the empty segment's. */
static err load_moved(struct span places, uint64_t by, struct guest_memory *memory, struct image *image)
{
    uint64_t end;
    static int fd = -1;
    char path[32];
    if (fd < 0)
        fd = memfd_create("moving", 0);
    moving.head = (struct solo5_note_head){ 8, (uint32_t)places.n, RELOCATION_NOTE_TYPE, EXTENSION_NOTE_NAME };
    (void)span_copy(MSPAN(moving.places), places);
    moving.file.segment[3] = (Elf64_Phdr){ .p_type = PT_NOTE, .p_offset = offsetof(struct moving, head),
                                           .p_filesz = sizeof moving.head + places.n, .p_align = 4 };
    TRUE(pwrite(fd, &moving, sizeof moving, 0) == (ssize_t)sizeof moving);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    why = (struct message){ "" };
    *memory = fresh_memory();
    err e = image_open(path, image, &why);
    if (e == OK)
        e = image_move(image, by, &why);
    if (e == OK)
        e = image_load(image, memory, &end, &why);
    image_close(image);
    want_one_line(e);
    return e;
}
static uint64_t number_at(const struct guest_memory *m, uint64_t address, size_t num_bytes)
{
    uint64_t v = 0;
    EQ(span_copy(MSPAN_OF(v), span_of(guest_bytes(m, address, num_bytes))), num_bytes);
    return v;
}

TEST(a_moved_image_has_its_addresses_right)
{
    static const uint8_t places[] = { 8 << 1 | 1, 0xf0, 0x3f };      /* 64 bits in text, 32 at the beginning of data */
    struct guest_memory m;
    struct image image;
    uint64_t address = 0x101004;
    moving = (struct moving){ .file = good };
    memcpy(moving.file.text + 8, &address, sizeof address);
    memcpy(moving.file.data, &address, 4);
    EQ(load_moved(SPAN(places), 0x5000, &m, &image), OK);
    EQ(image.moved_by, 0x5000);
    EQ(image.head.e_entry, 0x105000);
    EQ(number_at(&m, 0x105008, 8), 0x106004);
    EQ(number_at(&m, 0x106000, 4), 0x106004);
    EQ(number_at(&m, 0x106004, 8), 0);
    EQ(number_at(&m, 0x100000, 8), 0);
    EQ(image_end(&image), 0x10b000);
    TRUE(!is_writable(guest_bytes(&m, 0x105000, 1)) && is_writable(guest_bytes(&m, 0x106000, 1)));
}

TEST(addresses_are_moved_up_to_every_limit)
{
    static const uint8_t far[] = { 0x80, 0x40 }, last[] = { 0xf1, 0xbf, 1 };    /* 32 bits at 0x101000, and the last 64 of the image */
    static const uint32_t limit = INT32_MAX - 0x5000, beyond = limit + 1;
    struct guest_memory m;
    struct image image;
    moving = (struct moving){ .file = good };
    memcpy(moving.file.data, &limit, sizeof limit);
    EQ(load_moved(SPAN(far), 0x5000, &m, &image), OK);
    EQ(number_at(&m, 0x106000, 4), INT32_MAX);
    memcpy(moving.file.data, &beyond, sizeof beyond);
    EQ(load_moved(SPAN(far), 0x5000, &m, &image), E_INVALID);
    moving = (struct moving){ .file = good };
    EQ(load_moved(SPAN(last), 0x5000, &m, &image), OK);
    EQ(number_at(&m, 0x107ff8, 8), 0x5000);
}

TEST(an_image_without_a_list_stays_where_it_was_linked)
{
    struct guest_memory m;
    struct image image;
    moving = (struct moving){ .file = good };
    EQ(load_moved((struct span){ 0 }, 0x5000, &m, &image), E_INVALID);       /* an empty one is none */
    file = good;
    EQ(run(sizeof file, &m), OK);
    EQ(number_at(&m, 0x101000, 1), 1);
}

TEST(places_that_break_a_rule_are_refused)
{
    static const struct { uint8_t n, places[6]; } wrong[] = {
        { 1, { 0x80 } },                                        /* no end */
        { 6, { 0x80, 0x80, 0x80, 0x80, 0x80, 0 } },             /* too long a number */
        { 5, { 0xfe, 0xff, 0xff, 0xff, 0x7f } },                /* beyond memory */
        { 3, { 0x80, 0x80, 8 } },                               /* in memory, behind the image */
        { 3, { 0xf9, 0xbf, 1 } },                               /* begins in it */
    };
    struct guest_memory m;
    struct image image;
    for (size_t i = 0; i < NUM_OF(wrong); i++) {
        moving = (struct moving){ .file = good };
        EQ(load_moved(span_first(SPAN(wrong[i].places), wrong[i].n), 0x1000, &m, &image), E_INVALID);
        TRUE(strstr(why.text, "an address in it cannot be moved") != NULL);
    }
    moving = (struct moving){ .file = good };
    memset(moving.file.text, 0xff, 4);                          /* 32 bits that are no address below 2 GB */
    static const uint8_t first[] = { 0 };
    EQ(load_moved(SPAN(first), 0x1000, &m, &image), E_INVALID);
}

TEST(an_image_is_not_moved_beyond_memory)
{
    static const uint8_t places[] = { 0 };
    struct guest_memory m;
    struct image image;
    moving = (struct moving){ .file = good };
    EQ(load_moved(SPAN(places), 0x100000, &m, &image), E_NOMEM);
    moving = (struct moving){ .file = good };
    EQ(load_moved(SPAN(places), -UINT64_C(0x1000), &m, &image), E_INVALID);
}

TEST_MAIN
