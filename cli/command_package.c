// SPDX-License-Identifier: ISC
/* command_package.c - morgana package: what belongs beside an image that leaves the house; morgana lock: what it is built from. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/lock.h"
#include "cli/package.h"
#include <stdio.h>
#include <stdlib.h>

static struct project_options given;
static bool wants_relink, wants_check;
static const char *mem = "32";
static struct words operands, boot_args;

static const struct option package_options[] = {
    { 0, "relink", NULL, "the objects and archives that the image was linked from, too", .flag = &wants_relink },
    { 0, "mem", "MB", "memory of the machine, where a format says it; 32 unless given", .value = &mem, .variable = "MORGANA_MEM" },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" },
};
static const struct options package_table = { package_options, NUM_OF(package_options) };

/* ---- Formats */

static void write_sbom(const struct package *p, const char *path)
{
    struct map m = project_map(p->project, "product");
    emit_sbom(p->project, &m, path);
}

/* By Multiboot, since GRUB's core has no other loader that takes an image as it is. */
static void write_disk(const struct package *p, const char *path)
{
    if (same(p->target, "virtio") && same(sdk_arch(), "x86_64") && make_goal("multiboot") != 0)
        fail("the image cannot be made for Multiboot");
    emit_disk(p, text("%s.multiboot", p->image), path);
}

static const struct format {
    const char *name, *targets, *suffix;
    bool is_asked_for;          /* written only where it is named */
    void (*write)(const struct package *p, const char *path);
} formats[] = {
    { "sbom", "unix spt hvt virtio", ".spdx.json", false, write_sbom },
    { "oci", "spt hvt virtio", ".oci", false, emit_oci },
    { "albatross", "spt hvt", ".albatross", false, emit_albatross },
    { "libvirt", "virtio", ".libvirt.xml", false, emit_libvirt },
    { "firecracker", "virtio", ".firecracker.json", false, emit_firecracker },
    { "disk", "virtio", ".raw", true, write_disk },
    { "urunc", "spt hvt virtio", ".urunc.json", true, emit_urunc },
};

static bool suits(const struct format *f, const char *target)
{
    struct words targets = words_split(f->targets);
    return words_have(&targets, target);
}

static const struct format *format_of(const char *name)
{
    struct words known = { 0 };
    for (size_t i = 0; i < NUM_OF(formats); i++) {
        if (same(formats[i].name, name))
            return &formats[i];
        ADD(&known, formats[i].name);
    }
    fail("there is no format %s: %s", name, words_hint(&known, name));
}

static void mem_check(void)
{
    char *end;
    unsigned long long mb = strtoull(mem, &end, 10);
    if (end == mem || *end || mb < 1 || mb > 1u << 20)
        fail_usage("--mem %s: write a number of megabytes", mem);
}

static void write_format(const struct package *p, const struct format *f)
{
    if (!suits(f, p->target))
        fail("%s is not for the target %s: it is for %s", f->name, p->target, f->targets);
    f->write(p, text("dist/%s%s", p->name, f->suffix));
}

/* What is written without being asked for is what the image's devices allow. */
static bool has_urunc_devices(const struct package *p)
{
    return (p->nets->n == 0 || (p->nets->n == 1 && same(AT(*p->nets, 0), "service"))) &&
           (p->blocks->n == 0 || (p->blocks->n == 1 && same(AT(*p->blocks, 0), "storage")));
}

static void write_all(const struct package *p)
{
    for (size_t i = 0; i < NUM_OF(formats); i++) {
        const struct format *f = &formats[i];
        if (f->is_asked_for || (!suits(f, p->target) && !same(f->name, "oci")))
            continue;
        if (!suits(f, p->target))
            tell("no OCI image: urunc cannot run the target %s", p->target);
        else if (same(f->name, "firecracker") && same(sdk_arch(), "riscv64"))
            tell("no configuration for Firecracker, which has no machines of riscv64");
        else if (same(f->name, "oci") && !has_urunc_devices(p))
            tell("no OCI image: urunc attaches a network called service and a block device called storage, and no others");
        else
            write_format(p, f);
    }
}

static int package(struct words args)
{
    struct project p;
    options_parse(&package_table, args, &operands, &boot_args, NULL);
    mem_check();
    project_open(&p, &given);
    for (size_t i = 0; i < operands.n; i++)
        (void)format_of(AT(operands, i));
    (void)project_map(&p, "product");
    struct package what = { &p, p.name, p.image, p.choices.target, &p.nets, &p.blocks, &boot_args, mem };
    int status = wants_relink ? make_goal("relink") : 0;
    for (size_t i = 0; i < operands.n; i++)
        write_format(&what, format_of(AT(operands, i)));
    if (operands.n == 0)
        write_all(&what);
    return status;
}

static void formats_help(void)
{
    puts("\nFormats, and the targets that they are for:");
    for (size_t i = 0; i < NUM_OF(formats); i++)
        printf("  %-12s %-22s dist/NAME%s%s\n", formats[i].name, formats[i].targets, formats[i].suffix,
               formats[i].is_asked_for ? ", where it is asked for" : "");
}

/* ---- query */

const char *const package_queries = "libvirt firecracker albatross urunc";

void package_query(const struct project *p, const struct plan *plan, const char *format)
{
    struct words nets = { 0 }, blocks = { 0 };
    for (size_t i = 0; i < plan->devices.n; i++) {
        const struct node *d = AT(plan->devices, i);
        if (same(d->kind, "net"))
            ADD(&nets, d->name);
        else if (same(d->kind, "block"))
            ADD(&blocks, d->name);
    }
    struct package what = { p, p->graph->name, project_image(p), p->choices.target, &nets, &blocks, &boot_args, mem };
    const struct format *f = format_of(format);
    files_show(text("dist/%s%s", what.name, f->suffix));
    write_format(&what, f);
}

const struct command command_package = {
    .name = "package", .synopsis = "package [FORMAT...] [--relink] [-- BOOT-ARGUMENT...]",
    .about = "writes what runs or audits the image elsewhere", .run = package, .options = &package_table,
    .more_help = formats_help, .values = "sbom oci albatross libvirt firecracker disk urunc",
};

/* ---- lock */

static const struct option lock_options[] = {
    { 0, "check", NULL, "compare with morgana.lock instead of writing it", .flag = &wants_check },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" },
};
static const struct options lock_table = { lock_options, NUM_OF(lock_options) };

static int lock(struct words args)
{
    struct project p;
    options_parse(&lock_table, args, &operands, &boot_args, NULL);
    no_operands("lock", &operands);
    project_open(&p, &given);
    if (!p.is_configured)
        fail("this folder is not configured yet: morgana configure -t %s", p.choices.target);
    project_load(&p);
    if (wants_check)
        lock_check(&p);
    else
        lock_write(&p);
    return 0;
}

const struct command command_lock = {
    .name = "lock", .synopsis = "lock [--check]",
    .about = "writes morgana.lock: what the image is built from", .run = lock, .options = &lock_table,
};
