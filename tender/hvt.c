// SPDX-License-Identifier: ISC
/* hvt.c - morgana-hvt: loads an image into the memory of a virtual machine, takes from this process what hypercalls do not need,
 * and runs the CPU. Images of Solo5's are run as its own tender would, but without its ring. */
#include "tender/core.h"
#include "tender/cpu.h"
#include "tender/gdb_serve.h"
#include "tender/hvt_host.h"
#include "tender/hvt_machine.h"
#include "tender/hvt_system.h"
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#define READ_ONLY_MAX 64u       /* ranges: images have two or three */
#define PAGE 4096u
#define STATUS_ABORT 255
#define SHARE_TO_MOVE_IN 16u

const char tender_name[] = "morgana-hvt";

static struct vm vm;
static struct guest_range read_only[READ_ONLY_MAX];
static size_t num_read_only;
static struct debugger debugger = { .fd = -1 };
static struct core core = { .folder = -1, .fd = -1 };
static struct {
    uint64_t exits, exchanges, polls, sends, receives, blocks;
} stats;

static err open_machine(struct tender *t, struct message *why)
{
    uint64_t num_bytes = t->options.mem_bytes / SOLO5_HVT_MEMORY_UNIT * SOLO5_HVT_MEMORY_UNIT;
    if (num_bytes == 0 || num_bytes > SOLO5_HVT_MEMORY_MAX)
        return refuse(why, E_INVALID, "--mem: give an even number of megabytes from 2 to 4096");
    TRY(vm_open(&vm, num_bytes, why));
    t->memory = (struct guest_memory){ 0, num_bytes, vm.memory, PROT_READ | PROT_WRITE, true, t->options.gdb };
    return OK;
}

/* Somewhere in the first sixteenth of what memory is free, which the guest does without; where a debugger or a core is asked for, as it was
 * linked, so that they show what the image's symbols say. */
static err move_image(struct tender *t, struct message *why)
{
    uint64_t end = image_end(&t->image), number;
    if (t->options.gdb || t->options.dump_folder || end >= t->memory.end)
        return OK;
    uint64_t num_places = (t->memory.end - end) / SHARE_TO_MOVE_IN / PAGE + 1;
    TRY(tender_entropy(MSPAN_OF(number), why));
    TRY(image_move(&t->image, number % num_places * PAGE, why));
    if (t->extension != 0)
        t->extension += t->image.moved_by;
    return OK;
}

/* Addresses that it has told are those where it lay. */
static void say_where(const struct tender *t)
{
    uint8_t text[96];
    struct wr w = wr_of(MSPAN(text));
    if (t->image.moved_by == 0)
        return;
    wr_bytes(&w, TEXT("morgana-hvt: the image lay "));
    wr_hex(&w, t->image.moved_by);
    wr_bytes(&w, TEXT(" above the addresses of its symbols\n"));
    say(STDERR_FILENO, wr_done(&w));
}

/* ---- Where hypercalls may not write: below the image, and into what the image does not write itself */

static err add_read_only(const struct tender *t, uint64_t start, uint64_t end, struct message *why)
{
    struct guest_range *last = num_read_only > 0 ? &read_only[num_read_only - 1] : NULL;
    if (last && last->end == start) {
        last->end = end;
        return OK;
    }
    if (num_read_only == READ_ONLY_MAX)
        return refuse(why, E_UNSUPPORTED, "%s: more than %u parts that it does not write: link them side by side",
                      t->image.path, READ_ONLY_MAX);
    read_only[num_read_only++] = (struct guest_range){ start, end };
    return OK;
}

static err find_read_only(const struct tender *t, struct message *why)
{
    TRY(add_read_only(t, 0, SOLO5_IMAGE_START + t->image.moved_by, why));
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
    struct solo5_hvt_boot boot = {
        .mem_bytes = t->memory.end,
        .kernel_end = t->kernel_end,
        .cycles_hz = vm.cycles_hz,
    };
    TRY(tender_write_tables(t, SOLO5_HVT_BOOT, sizeof boot, &boot.manifest, &boot.command_line, why));
    (void)span_copy(guest_bytes(&t->memory, SOLO5_HVT_BOOT, sizeof boot), SPAN_OF(boot));
    return OK;
}

static err write_extension(const struct tender *t, struct message *why)
{
    struct hvt_extension e = { .version = HVT_EXTENSION_VERSION, .features = HVT_BLOCK_REQUEST_LISTS };
    if (t->extension == 0)
        return OK;
    TRY(tender_entropy(MSPAN(e.entropy), why));
    memcpy(e.device, t->devices.extension, sizeof e.device);
    (void)span_copy(guest_bytes(&t->memory, t->extension, sizeof e), SPAN_OF(e));
    return OK;
}

/* ---- The end of a guest that ends badly: its core, for which it may have said where it was. */

static void dump(uint64_t trap_frame, int signal)
{
    struct vm_registers r;
    struct solo5_hvt_trap_frame f = { 0 };
    if (core.fd < 0 || !vm_get_registers(&vm, &r))
        return;
    if (trap_frame != 0) {
        (void)span_copy(MSPAN_OF(f), span_of(mspan_sub(vm.memory, trap_frame, sizeof f)));
        r.value[register_table.pc] = f.rip;
        r.value[register_table.sp] = f.rsp;
        if (f.rbp != 0)
            r.value[register_table.fp] = f.rbp;
    }
    if (core_write(&core, span_of(vm.memory), &r, signal) == OK)
        say(STDERR_FILENO, TEXT("morgana-hvt: the guest's core is dumped\n"));
    else
        say(STDERR_FILENO, TEXT("morgana-hvt: the guest's core cannot be written: is the disk full?\n"));
}

static void end_guest(const struct tender *t, int status, uint64_t trap_frame)
{
    debugger_say_end(&debugger, status);
    if (status == STATUS_ABORT) {
        say_where(t);
        dump(trap_frame, SIGABRT);
    } else {
        core_discard(&core);
    }
}

static err end_by_fault(const struct tender *t, const char *what, struct message *why)
{
    say_where(t);
    if (debugger.fd >= 0 && !debugger_serve(&debugger, &vm, GDB_SIGSEGV))
        return refuse(why, E_CANCELED, "the debugger ended the guest");
    dump(0, SIGSEGV);
    return refuse(why, E_INVALID, "the guest %s", what);
}

/* ---- Running */

static void count(uint16_t port)
{
    switch (port - SOLO5_HVT_PORT) {
    case SOLO5_HVT_POLL: stats.polls++; break;
    case HVT_NET_EXCHANGE: stats.exchanges++; break;
    case SOLO5_HVT_NET_WRITE: stats.sends++; break;
    case SOLO5_HVT_NET_READ: stats.receives++; break;
    case SOLO5_HVT_BLOCK_READ: case SOLO5_HVT_BLOCK_WRITE: case HVT_BLOCK_FLUSH: case HVT_BLOCK_REQUESTS: stats.blocks++; break;
    default: break;
    }
}

static void say_stats(void)
{
    uint8_t text[160];
    struct wr w = wr_of(MSPAN(text));
    wr_bytes(&w, TEXT("morgana-hvt: "));
    wr_dec(&w, stats.exits);
    wr_bytes(&w, TEXT(" exits: "));
    wr_dec(&w, stats.exchanges);
    wr_bytes(&w, TEXT(" exchanges, "));
    wr_dec(&w, stats.polls);
    wr_bytes(&w, TEXT(" polls, "));
    wr_dec(&w, stats.sends);
    wr_bytes(&w, TEXT(" sends, "));
    wr_dec(&w, stats.receives);
    wr_bytes(&w, TEXT(" receives, "));
    wr_dec(&w, stats.blocks);
    wr_bytes(&w, TEXT(" blocks\n"));
    say(STDERR_FILENO, wr_done(&w));
}

/* What is the debugger's, or would be if there were one. false: it ends the guest. */
static bool serve_debugger(struct vm_exit *e)
{
    if (e->what == VM_EXIT_STEP || (e->what == VM_EXIT_HALT && debugger_hit_breakpoint(&debugger, &vm)))
        return debugger_serve(&debugger, &vm, GDB_SIGTRAP);
    if (e->what == VM_EXIT_HALT)
        e->what = VM_EXIT_FAULT;
    if (e->what == VM_EXIT_AGAIN && debugger_interrupts(&debugger))
        return debugger_serve(&debugger, &vm, GDB_SIGINT);
    return true;
}

/* Until the guest ends: its status, or a refusal with what it did. */
static err run_guest(const struct tender *t, int *status, struct message *why)
{
    const struct hypercall_guest guest = { vm.memory, { read_only, num_read_only }, &t->devices, &hvt_host };
    for (;;) {
        struct vm_exit e = vm_run(&vm);
        stats.exits++;
        if (!serve_debugger(&e))
            return refuse(why, E_CANCELED, "the debugger ended the guest");
        if (e.what == VM_EXIT_FAULT)
            return end_by_fault(t, e.fault, why);
        if (e.what != VM_EXIT_CALL)
            continue;
        struct hypercall_result r = hypercall(&guest, e.port, e.value);
        if (r.what == HYPERCALL_FAULT)
            return end_by_fault(t, r.fault, why);
        if (r.what == HYPERCALL_HALT) {
            *status = r.exit_status;
            end_guest(t, r.exit_status, r.trap_frame);
            return OK;
        }
        count(e.port);
    }
}

static err open_inspection(const struct tender *t, struct message *why)
{
    if (t->options.dump_folder)
        TRY(core_open(&core, t->options.dump_folder, why));
    if (t->options.gdb)
        TRY(debugger_open(&debugger, t->options.gdb_port, why));
    return OK;
}

static err run_confined(struct tender *t, int *status, struct message *why)
{
    const struct hvt_rights rights = { &vm, debugger.fd, core.fd, core.folder };
    TRY(hvt_confine(t, &rights, why));
    if (debugger.fd >= 0 && !debugger_serve(&debugger, &vm, GDB_SIGTRAP))
        return refuse(why, E_CANCELED, "the debugger ended the guest");
    err e = run_guest(t, status, why);
    if (t->options.stats)
        say_stats();
    return e;
}

static err start(struct tender *t, int *status, struct message *why)
{
    TRY(open_machine(t, why));
    hvt_machine_prepare(vm.memory, vm.memory.n);
    TRY(move_image(t, why));
    TRY(image_load(&t->image, &t->memory, &t->kernel_end, why));
    TRY(find_read_only(t, why));
    image_close(&t->image);
    TRY(hvt_host_open(&t->devices, why));
    TRY(write_boot(t, why));
    TRY(write_extension(t, why));
    TRY(vm_set_entry(&vm, t->image.head.e_entry, t->memory.end - CPU_STACK_GAP, SOLO5_HVT_BOOT, why));
    TRY(open_inspection(t, why));
    return run_confined(t, status, why);
}

const struct tender_kind tender_kind = {
    .about = "Runs an hvt image on a virtual CPU.\n"
             "  --mem=MB                     memory of the image, even, at most 4096 (512)\n"
             "  --gdb                        waits for a gdb: target remote :1234\n"
             "  --gdb-port=PORT              ... on another port\n"
             "  --dumpcore=FOLDER            a core of an image that panics or faults, for gdb\n"
             "  --stats                      says at the end how often the image left its CPU\n",
    .options = OPTIONS_HVT,
    .target = SOLO5_TARGET_HVT,
    .version = SOLO5_HVT_VERSION,
    .note_type = HVT_NOTE_TYPE,
    .extension_version = HVT_EXTENSION_VERSION,
    .extension_bytes = sizeof(struct hvt_extension),
    .start = start,
};
