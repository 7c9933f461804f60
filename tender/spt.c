// SPDX-License-Identifier: ISC
/* spt.c - morgana-spt: loads an image into this process, takes from the process what the image does not need, and jumps. */
#include "abi/spt_extension.h"
#include "tender/cpu.h"
#include "tender/events.h"
#include "tender/filter.h"
#include "tender/privilege.h"
#include "tender/tender.h"
#include "tender/vdso.h"
#include "tender/vectors.h"
#include "tender/watch.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/timerfd.h>
#include <unistd.h>

const char tender_name[] = "morgana-spt";

_Static_assert(SPT_DISCARD_MODE == (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE), "the filter allows what the image asks for");

static struct filter_fds fds;
static uint32_t features;       /* with the extension: enum spt_feature */
static int signals = -1;        /* with the extension: where the wish for an end arrives */
static struct filter filter;

NORETURN void enter_guest(uint64_t entry, uint64_t stack, uint64_t boot);

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
    t->memory = (struct guest_memory){ SOLO5_SPT_MEMORY_START, t->options.mem_bytes, { p, num_bytes }, rights, false, false };
    return OK;
}

/* ---- What the guest waits for */

static err open_events(const struct tender *t, struct message *why)
{
    TRY(events_open(&fds.epoll, why));
    fds.timer = -1;
    if (t->extension != 0) {
        TRY(events_add_stop(fds.epoll, SPT_STOP_EVENT, &signals, why));
    } else {
        fds.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        TRY(events_add(fds.epoll, fds.timer, EPOLLIN, SOLO5_SPT_TIMER_EVENT, why));
    }
    for (size_t i = 1; i < t->devices.manifest.entries; i++) {
        uint32_t output = t->devices.extension[i].net_kind == EXTENSION_NET_STREAM ? EPOLLOUT : 0;
        uint32_t events = t->extension != 0 ? EPOLLIN | output | EPOLLET : EPOLLIN;
        if (t->devices.manifest.record[i].type == SOLO5_DEVICE_NET)
            TRY(events_add(fds.epoll, t->devices.manifest.record[i].host_fd, events, i, why));
    }
    return OK;
}

/* ---- What the guest is told */

static err write_boot(const struct tender *t, struct message *why)
{
    uint64_t manifest, command_line;
    TRY(tender_write_tables(t, SOLO5_SPT_BOOT, sizeof(struct solo5_spt_boot), &manifest, &command_line, why));
    const struct solo5_spt_boot boot = {
        .mem_bytes = t->memory.end,
        .kernel_end = t->kernel_end,
        .command_line = (const char *)command_line,
        .manifest = (const struct solo5_manifest *)manifest,
        .epoll_fd = fds.epoll,
        .timer_fd = fds.timer,
    };
    (void)span_copy(guest_bytes(&t->memory, SOLO5_SPT_BOOT, sizeof boot), SPAN_OF(boot));
    return OK;
}

static bool has_fsgsbase(void)
{
    return getauxval(AT_HWCAP2) & CPU_HWCAP2_FSGSBASE;
}

static bool can_discard(const struct devices *d)
{
    bool can = false;
    for (size_t i = 1; i < d->manifest.entries; i++)
        can |= (d->extension[i].block_features & EXTENSION_BLOCK_DISCARD) != 0;
    return can;
}

static void find_features(const struct tender *t)
{
    bool has_vectors = host_vectors_probe() && !can_discard(&t->devices);
    features = (has_fsgsbase() ? SPT_FSGSBASE : 0) | (has_vectors ? SPT_VECTORS : 0);
}

static err write_extension(const struct tender *t, struct message *why)
{
    struct spt_extension e = {
        .version = SPT_EXTENSION_VERSION,
        .features = features,
        .clock_gettime = vdso_clock_gettime(),
        .stop_event = SPT_STOP_EVENT,
    };
    if (t->extension == 0)
        return OK;
    TRY(tender_entropy(MSPAN(e.entropy), why));
    memcpy(e.device, t->devices.extension, sizeof e.device);
    (void)span_copy(guest_bytes(&t->memory, t->extension, sizeof e), SPAN_OF(e));
    return OK;
}

/* ---- What the process gives away */

/* The guest shares the address space: secrets of whoever started the tender do not. */
static void wipe_environment(void)
{
    SLICE(char *) list = { environ, SIZE_MAX };     /* a null pointer ends it */
    for (size_t i = 0; AT(list, i) != NULL; i++)
        explicit_bzero(AT(list, i), strlen(AT(list, i)));
}

/* An epoll set forgets what is closed, so what it watches stays open. */
static err confine(const struct tender *t, struct message *why)
{
    const int kept[] = { fds.epoll, fds.timer, signals };
    tender_close_others(t, kept, NUM_OF(kept));
    wipe_environment();
    privilege_leave_files();
    privilege_drop(true);
    watch_die_with_it();
    if (t->extension != 0)
        filter_morgana(&filter, &t->devices, &fds, features);
    else
        filter_solo5(&filter, &t->devices, &fds);
    TRY(filter_install(&filter, why));
    return OK;
}

static err start(struct tender *t, int *status, struct message *why)
{
    (void)status;
    TRY(map_memory(t, why));
    TRY(image_load(&t->image, &t->memory, &t->kernel_end, why));
    image_close(&t->image);
    TRY(open_events(t, why));
    if (t->extension != 0)
        find_features(t);
    TRY(write_boot(t, why));
    TRY(write_extension(t, why));
    TRY(confine(t, why));
    enter_guest(t->image.head.e_entry, t->memory.end - CPU_STACK_GAP, SOLO5_SPT_BOOT);
}

const struct tender_kind tender_kind = {
    .about = "Runs an spt image as a sandboxed process.\n"
             "  --mem=MB                     memory of the image (512)\n"
             "  --x-exec-heap                memory outside the image may be executed (dangerous)\n",
    .options = OPTIONS_SPT,
    .target = SOLO5_TARGET_SPT,
    .version = SOLO5_SPT_VERSION,
    .note_type = SPT_NOTE_TYPE,
    .extension_version = SPT_EXTENSION_VERSION,
    .extension_bytes = sizeof(struct spt_extension),
    .start = start,
};
