// SPDX-License-Identifier: ISC
/* emit_machine.c - the image as somebody else's virtual machine: a domain of libvirt's, a configuration of Firecracker's. Devices are
 * in the order of the manifest, which is how the image finds out which is which. Networks are bridges and TAPs, blocks files, of
 * the devices' own names: whoever deploys it edits those. */
#include "cli/file.h"
#include "cli/json.h"
#include "cli/package.h"
#include "cli/treemap.h"
#include <stdlib.h>

static void machine_check(const struct package *p, const char *format)
{
    if (!same(p->target, "virtio"))
        fail("%s is for virtual machines, and this is for %s: morgana configure -t virtio", format, p->target);
}

/* Whoever reads the file may be anywhere. */
static const char *whole_path(const char *path)
{
    char *whole = realpath(path, NULL);
    if (whole)
        return whole;
    char *here = realpath(".", NULL);
    return text("%s/%s", here ? here : "", path);
}

/* ---- libvirt */

static void libvirt_nets(FILE *to, const struct package *p)
{
    for (size_t i = 0; i < p->nets->n; i++)
        fprintf(to, "    <interface type='bridge'>\n      <source bridge='%s'/>\n      <model type='virtio'/>\n    </interface>\n",
                xml_text(AT(*p->nets, i)));
}

static void libvirt_blocks(FILE *to, const struct package *p)
{
    for (size_t i = 0; i < p->blocks->n; i++)
        fprintf(to, "    <disk type='file' device='disk'>\n      <driver name='qemu' type='raw'/>\n      <source file='%s'/>\n"
                    "      <target dev='vd%c' bus='virtio'/>\n    </disk>\n",
                xml_text(whole_path(text("%s.img", AT(*p->blocks, i)))), (char)('a' + i % 26));
}

void emit_libvirt(const struct package *p, const char *path)
{
    struct file f;
    bool is_pc = same(sdk_arch(), "x86_64");
    machine_check(p, "libvirt");
    file_begin(&f, path);
    fprintf(f.to, "<!-- %s as a domain of libvirt's: virsh define. Written by `morgana package libvirt`. -->\n<domain type='kvm'>\n"
                  "  <name>%s</name>\n  <memory unit='MiB'>%s</memory>\n  <vcpu>1</vcpu>\n  <os>\n"
                  "    <type arch='%s' machine='%s'>hvm</type>\n    <kernel>%s</kernel>\n    <cmdline>%s</cmdline>\n  </os>\n",
            xml_text(p->name), xml_text(p->name), p->mem, sdk_arch(), is_pc ? "q35" : "virt", xml_text(whole_path(p->image)),
            xml_text(words_boot_line(p->boot_args)));
    if (is_pc)                  /* elsewhere libvirt has it with UEFI alone */
        fputs("  <features>\n    <acpi/>\n  </features>\n", f.to);
    fputs("  <cpu mode='host-passthrough'/>\n  <clock offset='utc'/>\n"
          "  <on_poweroff>destroy</on_poweroff>\n  <on_reboot>destroy</on_reboot>\n  <on_crash>destroy</on_crash>\n  <devices>\n", f.to);
    libvirt_nets(f.to, p);
    libvirt_blocks(f.to, p);
    fputs("    <serial type='pty'/>\n    <console type='pty'/>\n    <rng model='virtio'>\n"
          "      <backend model='random'>/dev/urandom</backend>\n    </rng>\n    <memballoon model='none'/>\n"
          "  </devices>\n</domain>\n", f.to);
    file_end(&f);
}

/* ---- Firecracker */

static void firecracker_drives(struct json *j, const struct package *p)
{
    json_open(j, "drives", '[');
    for (size_t i = 0; i < p->blocks->n; i++) {
        json_open(j, NULL, '{');
        json_string(j, "drive_id", AT(*p->blocks, i));
        json_string(j, "path_on_host", text("%s.img", AT(*p->blocks, i)));
        json_bool(j, "is_root_device", false);
        json_bool(j, "is_read_only", false);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void firecracker_nets(struct json *j, const struct package *p)
{
    json_open(j, "network-interfaces", '[');
    for (size_t i = 0; i < p->nets->n; i++) {
        json_open(j, NULL, '{');
        json_string(j, "iface_id", AT(*p->nets, i));
        json_string(j, "host_dev_name", text("tap-%.11s", AT(*p->nets, i)));      /* at most 15 bytes */
        json_close(j, '}');
    }
    json_close(j, ']');
}

void emit_firecracker(const struct package *p, const char *path)
{
    struct file f;
    machine_check(p, "firecracker");
    if (same(sdk_arch(), "riscv64"))
        fail("Firecracker runs machines of x86_64 and aarch64 alone");
    file_begin(&f, path);
    struct json j = { .to = f.to };
    json_open(&j, NULL, '{');
    json_open(&j, "boot-source", '{');
    json_string(&j, "kernel_image_path", whole_path(p->image));
    json_string(&j, "boot_args", words_boot_line(p->boot_args));
    json_close(&j, '}');
    json_open(&j, "machine-config", '{');
    json_number(&j, "vcpu_count", 1);
    json_number(&j, "mem_size_mib", strtoull(p->mem, NULL, 10));
    json_close(&j, '}');
    firecracker_drives(&j, p);
    firecracker_nets(&j, p);
    json_open(&j, "entropy", '{');
    json_close(&j, '}');
    json_close(&j, '}');
    file_end(&f);
}
