// SPDX-License-Identifier: ISC
/* load.c - an image into guest memory. Only PT_LOAD segments with bytes in the file count: they ascend, do not overlap,
 * lie in memory, and none is writable and executable. What lies between them is memory without the right to execute. */
#include "base/checked.h"
#include "tender/image.h"
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

struct range {
    uint64_t start, end;
};

struct mspan guest_bytes(const struct guest_memory *memory, uint64_t address, uint64_t num_bytes)
{
    if (address < memory->start || address > memory->end || num_bytes > memory->end - address)
        return (struct mspan){ 0 };
    return mspan_sub(memory->bytes, address - memory->start, num_bytes);
}

/* Rounds to the segment's alignment, outwards; false: no power of two, less than a page in effect, or too large. */
static bool segment_range(const Elf64_Phdr *p, struct range *out)
{
    uint64_t end;
    if (p->p_align == 0 || (p->p_align & (p->p_align - 1)) != 0 || p->p_memsz < p->p_filesz)
        return false;
    if (!u64_add(p->p_vaddr, p->p_memsz, &end) || !u64_add(end, p->p_align - 1, &end))
        return false;
    *out = (struct range){ p->p_vaddr & -p->p_align, end & -p->p_align };
    return out->start % PAGE == 0 && out->end % PAGE == 0;
}

/* What a virtual CPU runs, this process only reads. */
static int rights_of(const Elf64_Phdr *p, const struct guest_memory *memory)
{
    if (memory->is_debugged)
        return memory->rights;
    return (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0) |
           (p->p_flags & PF_X ? (memory->is_virtual ? PROT_READ : PROT_EXEC) : 0);
}

static err check_segment(const struct image *image, const Elf64_Phdr *p, const struct guest_memory *memory,
                         uint64_t last_end, struct range *out, struct message *why)
{
    if (!segment_range(p, out) || out->start < last_end)
        return refuse(why, E_INVALID, "%s: a segment is misplaced: build it again", image->path);
    if ((p->p_flags & PF_W) && (p->p_flags & PF_X))
        return refuse(why, E_INVALID, "%s: a segment is writable and executable: link it so that none is", image->path);
    if (out->end > memory->end)
        return refuse(why, E_NOMEM, "%s: does not fit into memory: give a larger --mem", image->path);
    return OK;
}

static err read_segment(const struct image *image, const Elf64_Phdr *p, struct mspan out, struct message *why)
{
    uint64_t offset = p->p_offset;
    while (out.n > 0) {
        ssize_t n = offset > INT64_MAX ? 0 : pread(image->fd, out.p, out.n, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return refuse(why, E_INVALID, "%s: truncated: build it again", image->path);
        out = mspan_skip(out, (size_t)n);
        offset += (size_t)n;
    }
    return OK;
}

/* Memory is zero already, so what lies behind the file's bytes is left alone. A segment without rights is a guard: nobody
 * will see its bytes. */
static err load_segment(const struct image *image, const Elf64_Phdr *p, const struct guest_memory *memory, struct message *why)
{
    return rights_of(p, memory) == PROT_NONE ? OK : read_segment(image, p, guest_bytes(memory, p->p_vaddr, p->p_filesz), why);
}

static err protect_segment(const struct image *image, const Elf64_Phdr *p, const struct guest_memory *memory, struct message *why)
{
    struct range range;
    int rights = rights_of(p, memory);
    REQUIRE(segment_range(p, &range));      /* it was loaded */
    struct mspan pages = guest_bytes(memory, range.start, range.end - range.start);
    if (rights != memory->rights && mprotect(pages.p, pages.n, rights) != 0)
        return refuse(why, E_NOMEM, "%s: no memory for its segments: free some or raise vm.max_map_count", image->path);
    return OK;
}

static bool is_outside_memory(const Elf64_Phdr *p, const struct guest_memory *memory)
{
    uint64_t end;
    return p->p_memsz > 0 && (!u64_add(p->p_vaddr, p->p_memsz, &end) || end > memory->end);
}

err image_load(const struct image *image, const struct guest_memory *memory, uint64_t *end, struct message *why)
{
    *end = SOLO5_IMAGE_START;
    if (getpagesize() != PAGE)
        return refuse(why, E_UNSUPPORTED, "the host's pages are not of 4 KB, as those of images are: boot a kernel with pages of 4 KB");
    for (size_t i = 0; i < image->segments.n; i++) {
        const Elf64_Phdr *p = &AT(image->segments, i);
        struct range range = { 0 };
        if (p->p_type != PT_LOAD)
            continue;
        if (p->p_filesz == 0 && is_outside_memory(p, memory))
            return refuse(why, E_NOMEM, "%s: does not fit into memory: give a larger --mem", image->path);
        if (p->p_filesz == 0)
            continue;
        TRY(check_segment(image, p, memory, *end, &range, why));
        TRY(load_segment(image, p, memory, why));
        *end = range.end;
    }
    TRY(image_relocate(image, memory, *end, why));
    for (size_t i = 0; i < image->segments.n; i++) {
        const Elf64_Phdr *p = &AT(image->segments, i);
        if (p->p_type == PT_LOAD && p->p_filesz > 0)
            TRY(protect_segment(image, p, memory, why));
    }
    if (image->head.e_entry < SOLO5_IMAGE_START || image->head.e_entry >= memory->end)
        return refuse(why, E_INVALID, "%s: the entry point lies outside memory: build it again", image->path);
    return OK;
}
