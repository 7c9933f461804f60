// SPDX-License-Identifier: ISC
/* emit_disk.c - a disk that the firmware of a PC or of a cloud's machine boots: GRUB's first sector, its core behind that, and the image
 * by Multiboot at a megabyte, in a partition of its own so that tools see where it lies. GRUB finds it by its sectors, so no
 * file system is needed, and nobody has to mount one. */
#include "cli/file.h"
#include "cli/package.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define GRUB_FOLDER "/usr/lib/grub/i386-pc"
#define SECTOR_BYTES 512u
#define IMAGE_AT 2048u              /* sectors: a megabyte, as partition tools align */
#define PARTITION_TABLE_AT 446u
#define PARTITION_TYPE 0x7f         /* for experiments: no file system */

static const char *grub_script(const struct package *p, size_t num_sectors)
{
    const char *words = p->name;                /* the first is taken for the image's name */
    for (size_t i = 0; i < p->boot_args->n; i++) {
        struct span word = span_of_str(AT(*p->boot_args, i));
        if (span_find(word, '"') < word.n || span_find(word, '\'') < word.n || span_find(word, '\\') < word.n)
            fail("%s: GRUB does not pass quotes and backslashes on as they are: leave them out", AT(*p->boot_args, i));
        words = text("%s %s", words, word_shell_quoted(AT(*p->boot_args, i)));
    }
    return text("multiboot (hd0)%u+%zu %s\nboot\n", IMAGE_AT, num_sectors, words);
}

/* GRUB's core with the modules that this takes, and the script that it runs. */
static struct span grub_core(const char *script)
{
    const char *folder = folder_temporary();
    struct words argv = words_split("grub-mkimage -O i386-pc -p / -c");
    struct file f;
    const char *config = text("%s/script", folder), *core = text("%s/core", folder);
    file_begin(&f, config);
    fputs(script, f.to);
    file_end(&f);
    ADD(&argv, config);
    ADD(&argv, "-o");
    ADD(&argv, core);
    ADD(&argv, "biosdisk");
    ADD(&argv, "multiboot");
    int status = run_program(&argv, NULL);
    struct span bytes = { 0 };
    bool is_there = status == 0 && file_try_read(core, &bytes);
    unlink(config);
    unlink(core);
    rmdir(folder);
    if (!is_there)
        fail("grub-mkimage makes no core: the lines above say why");
    return bytes;
}

static void put_u32(struct mspan at, uint32_t v)
{
    for (size_t i = 0; i < 4; i++)
        mspan_put(at, i, (uint8_t)(v >> 8 * i));
}

static void put(FILE *to, struct span bytes, size_t num_bytes)
{
    (void)fwrite(bytes.p, 1, bytes.n, to);
    for (size_t i = bytes.n; i < num_bytes; i++)
        fputc(0, to);
}

/* GRUB's, and a table with one partition: bootable, by sectors alone */
static void put_first_sector(FILE *to, struct span boot, size_t num_sectors)
{
    uint8_t table[SECTOR_BYTES - PARTITION_TABLE_AT] = { 0x80, [4] = PARTITION_TYPE, [64] = 0x55, [65] = 0xaa };
    put_u32(mspan_skip(MSPAN(table), 8), IMAGE_AT);
    put_u32(mspan_skip(MSPAN(table), 12), (uint32_t)num_sectors);
    put(to, span_first(boot, PARTITION_TABLE_AT), PARTITION_TABLE_AT);
    put(to, SPAN(table), sizeof table);
}

static void write_qcow2(const char *raw)
{
    struct words argv = words_split("qemu-img convert -f raw -O qcow2");
    if (!program_exists("qemu-img")) {
        tell("no qcow2: there is no qemu-img (package qemu-utils)");
        return;
    }
    ADD(&argv, raw);
    ADD(&argv, text("%.*s.qcow2", (int)(strlen(raw) - strlen(".raw")), raw));
    if (action("%s", words_join(&argv, " ")) && run_program(&argv, NULL) != 0)
        fail("qemu-img does not convert %s", raw);
}

void emit_disk(const struct package *p, const char *multiboot, const char *path)
{
    struct file f;
    struct span boot;
    if (!same(p->target, "virtio"))
        fail("a disk is for virtual machines, and this is for %s: morgana configure -t virtio", p->target);
    if (!same(sdk_arch(), "x86_64"))
        fail("a disk is booted by a PC's firmware, and this is for %s", sdk_arch());
    if (!file_try_read(GRUB_FOLDER "/boot.img", &boot) || !program_exists("grub-mkimage"))
        fail("a disk needs GRUB: install grub-pc-bin and grub-common");
    if (manner.is_dry && !action("write %s", path))
        return;
    struct span image = file_read(multiboot);
    size_t num_sectors = (image.n + SECTOR_BYTES - 1) / SECTOR_BYTES;
    struct span core = grub_core(grub_script(p, num_sectors));
    if (boot.n != SECTOR_BYTES || core.n > (IMAGE_AT - 1) * SECTOR_BYTES)
        fail("GRUB in " GRUB_FOLDER " is not as it should be: its first sector has %zu bytes, its core %zu", boot.n, core.n);
    file_begin(&f, path);
    put_first_sector(f.to, boot, num_sectors);
    put(f.to, core, (IMAGE_AT - 1) * SECTOR_BYTES);
    put(f.to, image, num_sectors * SECTOR_BYTES);
    file_end(&f);
    write_qcow2(path);
}
