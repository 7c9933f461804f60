// SPDX-License-Identifier: ISC
/* spt.c - morgana-spt: loads an image into this process, takes from the process what the image does not need, and jumps.
 *
 * An image that asks for Morgana's extension (abi/spt_extension.h) gets it and the smaller filter; any other is run as
 * Solo5's own tender would. Nothing in the image is trusted: not its headers, not its notes, not its addresses. */
#include "abi/spt_extension.h"
#include "tender/filter.h"
#include "tender/process.h"
#include "tender/vdso.h"
#include "tender/watch.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define HWCAP2_FSGSBASE 2u

const char tender_name[] = "morgana-spt";

struct tender {
    struct options options;
    struct image image;
    struct devices devices;
    struct guest_memory memory;
    struct filter_fds fds;
    int signals;                /* with the extension: where the wish for an end arrives */
    struct filter filter;
    uint64_t extension;         /* guest address, 0: the image does not ask */
    uint64_t kernel_end;
};

NORETURN void enter_guest(uint64_t entry, uint64_t stack, uint64_t boot);

static void show_help(void)
{
    say(STDOUT_FILENO, TEXT(
        "usage: morgana-spt [OPTIONS] [--] IMAGE [ARGUMENTS]\n"
        "Runs an spt image as a sandboxed process.\n"
        "  --mem=MB                     memory of the image (512)\n"
        "  --net:NAME=TAP               network NAME by a TAP interface\n"
        "  --net:NAME=@FD               ... by an open descriptor of a TAP or a socket\n"
        "  --net:NAME=passt:PATH        ... by the socket of passt\n"
        "  --net-mac:NAME=ADDRESS       its hardware address (random)\n"
        "  --block:NAME=PATH            block device NAME by a file or a device\n"
        "  --block-sector-size:NAME=N   its sectors, a power of two from 512 (512)\n"
        "  --x-exec-heap                memory outside the image may be executed (dangerous)\n"
        "  --version, --help\n"));
}

/* ---- The image */

static err open_image(struct tender *t, struct message *why)
{
    TRY(image_open(t->options.image_path, &t->image, why));
    TRY(image_check_abi(&t->image, SOLO5_TARGET_SPT, SOLO5_SPT_VERSION, why));
    TRY(image_manifest(&t->image, &t->devices.manifest, why));
    TRY(find_extension(&t->image, SPT_NOTE_TYPE, SPT_EXTENSION_VERSION, sizeof(struct spt_extension), &t->extension, why));
    t->devices.has_extension = t->extension != 0;
    return OK;
}

static err map_memory(struct tender *t, struct message *why)
{
    uint64_t num_bytes = t->options.mem_bytes - SOLO5_SPT_MEMORY_START;
    int rights = PROT_READ | PROT_WRITE | (t->options.exec_heap ? PROT_EXEC : 0);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
    int persona = personality(0xffffffff);
    if (persona >= 0 && persona & READ_IMPLIES_EXEC)
        (void)personality((unsigned long)(persona & ~READ_IMPLIES_EXEC));
    void *wanted = (void *)SOLO5_SPT_MEMORY_START, *p = mmap(wanted, num_bytes, rights, flags, -1, 0);
    if (p != wanted)
        return refuse(why, E_NOMEM, "memory of %llu MB: %s: give a smaller --mem, or lower vm.mmap_min_addr to 65536",
                      (unsigned long long)t->options.mem_bytes >> 20, strerror(errno));
    t->memory = (struct guest_memory){ SOLO5_SPT_MEMORY_START, t->options.mem_bytes, { p, num_bytes }, rights, false };
    return OK;
}

/* ---- What the guest waits for */

static err watch_fd(struct tender *t, int fd, uint32_t events, uint64_t data, struct message *why)
{
    struct epoll_event event = { .events = events, .data.u64 = data };
    if (fd >= 0 && epoll_ctl(t->fds.epoll, EPOLL_CTL_ADD, fd, &event) == 0)
        return OK;
    return refuse(why, E_IO, "epoll: %s: raise the limit of open files", strerror(errno));
}

/* Seen once, since the guest cannot read the signal away. A lost peer is an error of a write and no signal. */
static err watch_stop(struct tender *t, struct message *why)
{
    sigset_t stop;
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)sigaddset(&stop, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &stop, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    t->signals = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
    return watch_fd(t, t->signals, EPOLLIN | EPOLLONESHOT, SPT_STOP_EVENT, why);
}

static err open_events(struct tender *t, struct message *why)
{
    t->fds = (struct filter_fds){ epoll_create1(EPOLL_CLOEXEC), -1 };
    if (t->extension != 0) {
        TRY(watch_stop(t, why));
    } else {
        t->fds.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        TRY(watch_fd(t, t->fds.timer, EPOLLIN, SOLO5_SPT_TIMER_EVENT, why));
    }
    for (size_t i = 1; i < t->devices.manifest.entries; i++) {
        uint32_t output = t->devices.extension[i].net_kind == EXTENSION_NET_STREAM ? EPOLLOUT : 0;
        uint32_t events = t->extension != 0 ? EPOLLIN | output | EPOLLET : EPOLLIN;
        if (t->devices.manifest.record[i].type == SOLO5_DEVICE_NET)
            TRY(watch_fd(t, t->devices.manifest.record[i].host_fd, events, i, why));
    }
    return OK;
}

/* ---- What the guest is told */

static err write_boot(const struct tender *t, struct message *why)
{
    const struct solo5_manifest *m = &t->devices.manifest;
    size_t manifest_bytes = SOLO5_MANIFEST_HEAD_BYTES + m->entries * sizeof(struct solo5_record);
    uint64_t manifest = SOLO5_SPT_BOOT + sizeof(struct solo5_spt_boot), command_line = manifest + manifest_bytes;
    const struct solo5_spt_boot boot = {
        .mem_bytes = t->memory.end,
        .kernel_end = t->kernel_end,
        .command_line = (const char *)command_line,
        .manifest = (const struct solo5_manifest *)manifest,
        .epoll_fd = t->fds.epoll,
        .timer_fd = t->fds.timer,
    };
    (void)span_copy(guest_bytes(&t->memory, SOLO5_SPT_BOOT, sizeof boot), SPAN_OF(boot));
    (void)span_copy(guest_bytes(&t->memory, manifest, manifest_bytes), SPAN_OF(*m));
    return write_command_line(&t->options, guest_bytes(&t->memory, command_line, SOLO5_COMMAND_LINE_BYTES), why);
}

static bool has_fsgsbase(void)
{
    return getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE;
}

static err write_extension(const struct tender *t, struct message *why)
{
    struct spt_extension e = {
        .version = SPT_EXTENSION_VERSION,
        .features = has_fsgsbase() ? SPT_FSGSBASE : 0,
        .clock_gettime = vdso_clock_gettime(),
        .stop_event = SPT_STOP_EVENT,
    };
    if (t->extension == 0)
        return OK;
    if (getrandom(e.entropy, sizeof e.entropy, 0) != (ssize_t)sizeof e.entropy)
        return refuse(why, E_IO, "the host has no random numbers: %s", strerror(errno));
    memcpy(e.device, t->devices.extension, sizeof e.device);
    (void)span_copy(guest_bytes(&t->memory, t->extension, sizeof e), SPAN_OF(e));
    return OK;
}

/* ---- What the process gives away */

/* An epoll set forgets what is closed, so what it watches stays open. */
static void close_others(const struct tender *t)
{
    struct kept_fds s = { .num = 0 };
    keep_fd(&s, t->fds.epoll);
    keep_fd(&s, t->extension != 0 ? t->signals : t->fds.timer);
    keep_device_fds(&s, &t->devices.manifest);
    close_other_fds(&s);
}

/* The guest shares the address space: secrets of whoever started the tender do not. */
static void wipe_environment(void)
{
    SLICE(char *) list = { environ, SIZE_MAX };     /* a null pointer ends it */
    for (size_t i = 0; AT(list, i) != NULL; i++)
        explicit_bzero(AT(list, i), strlen(AT(list, i)));
}

static err start_guest(struct tender *t, struct message *why)
{
    TRY(map_memory(t, why));
    TRY(image_load(&t->image, &t->memory, &t->kernel_end, why));
    image_close(&t->image);
    TRY(open_events(t, why));
    TRY(write_boot(t, why));
    TRY(write_extension(t, why));
    close_others(t);
    wipe_environment();
    privilege_drop();
    if (t->extension != 0)
        filter_morgana(&t->filter, &t->devices, &t->fds, has_fsgsbase());
    else
        filter_solo5(&t->filter, &t->devices, &t->fds);
    TRY(filter_install(&t->filter, why));
    enter_guest(t->image.head.e_entry, t->memory.end - 8, SOLO5_SPT_BOOT);
}

static err run(struct tender *t, int argc, char **argv, struct message *why)
{
    static struct device_option devices[SOLO5_RECORDS_MAX];
    TRY(options_parse(argc, argv, &t->options, why));
    if (t->options.what == SHOW_HELP)
        show_help();
    if (t->options.what == SHOW_VERSION)
        show_version();
    if (t->options.what != RUN_IMAGE)
        return OK;
    TRY(open_image(t, why));
    TRY(options_devices(&t->options, &t->devices.manifest, devices, why));
    TRY(devices_attach(&t->devices, devices, why));
    if (devices_need_reset(&t->devices))
        TRY(watch_guest(&t->devices, why));
    return start_guest(t, why);
}

int main(int argc, char **argv)
{
    static struct tender tender;
    static struct message why;
    if (run(&tender, argc, argv, &why) == OK)
        return 0;
    say_refusal(&why);
    return 1;
}
