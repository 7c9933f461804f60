// SPDX-License-Identifier: ISC
/* hvt.c - morgana-hvt: loads an image into the memory of a virtual machine, takes from this process what hypercalls do
 * not need, and runs the CPU. Nothing in the image or from the guest is trusted.
 *
 * An image that asks for Morgana's extension (abi/hvt_extension.h) gets it; any other is run as Solo5's own tender would, but
 * without its ring. */
#include "tender/hvt_host.h"
#include "tender/filter.h"
#include "tender/hvt_machine.h"
#include "tender/hvt_vm.h"
#include "tender/process.h"
#include "tender/watch.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#define READ_ONLY_MAX 64u       /* ranges: images have two or three */
#define PAGE 4096u

const char tender_name[] = "morgana-hvt";

struct tender {
    struct options options;
    struct image image;
    struct devices devices;
    struct vm vm;
    struct guest_memory memory;
    struct guest_range read_only[READ_ONLY_MAX];
    size_t num_read_only;
    struct filter filter;
    int epoll, signals;
    uint64_t extension;         /* guest address, 0: the image does not ask */
    uint64_t kernel_end;
};

static void show_help(void)
{
    say(STDOUT_FILENO, TEXT(
        "usage: morgana-hvt [OPTIONS] [--] IMAGE [ARGUMENTS]\n"
        "Runs an hvt image on a virtual CPU.\n"
        "  --mem=MB                     memory of the image, even, at most 4096 (512)\n"
        "  --net:NAME=TAP               network NAME by a TAP interface\n"
        "  --net:NAME=@FD               ... by an open descriptor of a TAP or a socket\n"
        "  --net:NAME=passt:PATH        ... by the socket of passt\n"
        "  --net-mac:NAME=ADDRESS       its hardware address (random)\n"
        "  --block:NAME=PATH            block device NAME by a file or a device\n"
        "  --block-sector-size:NAME=N   its sectors, a power of two from 512 (512)\n"
        "  --version, --help\n"));
}

static err open_image(struct tender *t, struct message *why)
{
    TRY(image_open(t->options.image_path, &t->image, why));
    TRY(image_check_abi(&t->image, SOLO5_TARGET_HVT, SOLO5_HVT_VERSION, why));
    TRY(image_manifest(&t->image, &t->devices.manifest, why));
    TRY(find_extension(&t->image, HVT_NOTE_TYPE, HVT_EXTENSION_VERSION, sizeof(struct hvt_extension), &t->extension, why));
    t->devices.has_extension = t->extension != 0;
    return OK;
}

static err open_machine(struct tender *t, struct message *why)
{
    uint64_t num_bytes = t->options.mem_bytes / SOLO5_HVT_MEMORY_UNIT * SOLO5_HVT_MEMORY_UNIT;
    if (num_bytes == 0 || num_bytes > SOLO5_HVT_MEMORY_MAX)
        return refuse(why, E_INVALID, "--mem: give an even number of megabytes from 2 to 4096");
    TRY(vm_open(&t->vm, num_bytes, why));
    t->memory = (struct guest_memory){ 0, num_bytes, t->vm.memory, PROT_READ | PROT_WRITE, true };
    return OK;
}

/* ---- Where hypercalls may not write: below the image, and into what the image does not write itself */

static err add_read_only(struct tender *t, uint64_t start, uint64_t end, struct message *why)
{
    struct guest_range *last = t->num_read_only > 0 ? &t->read_only[t->num_read_only - 1] : NULL;
    if (last && last->end == start) {
        last->end = end;
        return OK;
    }
    if (t->num_read_only == READ_ONLY_MAX)
        return refuse(why, E_UNSUPPORTED, "%s: more than %u parts that it does not write: link them side by side",
                      t->image.path, READ_ONLY_MAX);
    t->read_only[t->num_read_only++] = (struct guest_range){ start, end };
    return OK;
}

static err find_read_only(struct tender *t, struct message *why)
{
    TRY(add_read_only(t, 0, SOLO5_IMAGE_START, why));
    for (size_t i = 0; i < t->image.segments.n; i++) {
        const Elf64_Phdr *p = &AT(t->image.segments, i);
        if (p->p_type == PT_LOAD && p->p_filesz > 0 && !(p->p_flags & PF_W))
            TRY(add_read_only(t, p->p_vaddr / PAGE * PAGE, (p->p_vaddr + p->p_memsz + PAGE - 1) / PAGE * PAGE, why));
    }
    return OK;
}

/* ---- What the guest is told */

static err write_boot(const struct tender *t, struct message *why)
{
    const struct solo5_manifest *m = &t->devices.manifest;
    size_t manifest_bytes = SOLO5_MANIFEST_HEAD_BYTES + m->entries * sizeof(struct solo5_record);
    uint64_t manifest = SOLO5_HVT_BOOT + sizeof(struct solo5_hvt_boot);
    const struct solo5_hvt_boot boot = {
        .mem_bytes = t->memory.end,
        .kernel_end = t->kernel_end,
        .cycles_hz = t->vm.cycles_hz,
        .command_line = manifest + manifest_bytes,
        .manifest = manifest,
    };
    (void)span_copy(guest_bytes(&t->memory, SOLO5_HVT_BOOT, sizeof boot), SPAN_OF(boot));
    (void)span_copy(guest_bytes(&t->memory, manifest, manifest_bytes), SPAN_OF(*m));
    return write_command_line(&t->options, guest_bytes(&t->memory, boot.command_line, SOLO5_COMMAND_LINE_BYTES), why);
}

static err write_extension(const struct tender *t, struct message *why)
{
    struct hvt_extension e = { .version = HVT_EXTENSION_VERSION };
    if (t->extension == 0)
        return OK;
    if (getrandom(e.entropy, sizeof e.entropy, 0) != (ssize_t)sizeof e.entropy)
        return refuse(why, E_IO, "the host has no random numbers: %s", strerror(errno));
    memcpy(e.device, t->devices.extension, sizeof e.device);
    (void)span_copy(guest_bytes(&t->memory, t->extension, sizeof e), SPAN_OF(e));
    return OK;
}

/* ---- Confinement, then the guest. The descriptor of the CPU keeps the machine. */

static void close_others(const struct tender *t)
{
    struct kept_fds s = { .num = 0 };
    keep_fd(&s, t->vm.fd);
    keep_fd(&s, t->epoll);
    if (t->signals >= 0)
        keep_fd(&s, t->signals);
    keep_device_fds(&s, &t->devices.manifest);
    close_other_fds(&s);
}

static err confine(struct tender *t, struct message *why)
{
    close_others(t);
    privilege_drop();
    filter_hvt(&t->filter, &t->devices, t->epoll, t->vm.fd, t->vm.run_request);
    return filter_install(&t->filter, why);
}

/* Until the guest ends: its status, or a refusal with what it did. */
static err run_guest(struct tender *t, int *status, struct message *why)
{
    const struct hypercall_guest guest = { t->vm.memory, { t->read_only, t->num_read_only }, &t->devices, &hvt_host };
    for (;;) {
        struct vm_exit e = vm_run(&t->vm);
        if (e.what == VM_EXIT_AGAIN)
            continue;
        if (e.what == VM_EXIT_FAULT)
            return refuse(why, E_INVALID, "the guest %s", e.fault);
        struct hypercall_result r = hypercall(&guest, e.port, e.value);
        if (r.what == HYPERCALL_FAULT)
            return refuse(why, E_INVALID, "the guest %s", r.fault);
        if (r.what == HYPERCALL_HALT) {
            *status = r.exit_status;
            return OK;
        }
    }
}

static err start_guest(struct tender *t, int *status, struct message *why)
{
    TRY(open_machine(t, why));
    hvt_machine_prepare(t->vm.memory, t->vm.memory.n);
    TRY(image_load(&t->image, &t->memory, &t->kernel_end, why));
    TRY(find_read_only(t, why));
    image_close(&t->image);
    TRY(hvt_host_open(&t->devices, &t->epoll, &t->signals, why));
    TRY(write_boot(t, why));
    TRY(write_extension(t, why));
    TRY(vm_set_entry(&t->vm, t->image.head.e_entry, t->memory.end - 8, SOLO5_HVT_BOOT, why));
    TRY(confine(t, why));
    return run_guest(t, status, why);
}

static err run(struct tender *t, int argc, char **argv, int *status, struct message *why)
{
    static struct device_option devices[SOLO5_RECORDS_MAX];
    TRY(options_parse(argc, argv, &t->options, why));
    if (t->options.what == SHOW_HELP)
        show_help();
    if (t->options.what == SHOW_VERSION)
        show_version();
    if (t->options.what != RUN_IMAGE)
        return OK;
    if (t->options.exec_heap)
        return refuse(why, E_INVALID, "--x-exec-heap: no such option: see --help");
    TRY(open_image(t, why));
    TRY(options_devices(&t->options, &t->devices.manifest, devices, why));
    TRY(devices_attach(&t->devices, devices, why));
    if (devices_need_reset(&t->devices))
        TRY(watch_guest(&t->devices, why));
    return start_guest(t, status, why);
}

int main(int argc, char **argv)
{
    static struct tender tender;
    static struct message why;
    int status = 0;
    if (run(&tender, argc, argv, &status, &why) == OK)
        return status;
    say_refusal(&why);
    return 1;
}
