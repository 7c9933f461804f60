// SPDX-License-Identifier: ISC
/* filter.c - one block of instructions a system call: it ends in "allow" or "kill" and never falls through, so a call
 * that is not listed meets only comparisons with other numbers. Numbers of the x32 ABI have bit 30 set and equal none. */
#include "tender/filter.h"
#include "abi/spt_extension.h"
#include "base/checked.h"
#include "tender/cpu.h"
#include "tender/outer.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CONSOLE_FD 1u
#define ERROR_FD 2u
#define NO_CORE (-1)
#define ARGUMENT_LOW(i) ((uint32_t)offsetof(struct seccomp_data, args[i]))
#define ARGUMENT_HIGH(i) (ARGUMENT_LOW(i) + 4)
enum { SUM_LOW, SUM_HIGH, BOTH_LOW };   /* scratch memory */

static void put(struct filter *f, unsigned code, unsigned if_true, unsigned if_false, uint32_t k)
{
    REQUIRE(f->num < FILTER_MAX);
    f->insn[f->num++] = (struct sock_filter){ (uint16_t)code, (uint8_t)if_true, (uint8_t)if_false, k };
}
static void load(struct filter *f, uint32_t offset)
{
    put(f, BPF_LD | BPF_W | BPF_ABS, 0, 0, offset);
}
static void allow(struct filter *f)
{
    put(f, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
}
static void kill_process(struct filter *f)
{
    put(f, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
}
/* Ends the process unless, or if, the accumulator compares so. */
static void require(struct filter *f, unsigned comparison, uint32_t k)
{
    put(f, BPF_JMP | comparison | BPF_K, 1, 0, k);
    kill_process(f);
}
static void forbid(struct filter *f, unsigned comparison, uint32_t k)
{
    put(f, BPF_JMP | comparison | BPF_K, 0, 1, k);
    kill_process(f);
}
static void allow_if_equal(struct filter *f, uint32_t k)
{
    put(f, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, k);
    allow(f);
}

/* A jump to where it lands. */
static size_t jump(struct filter *f)
{
    put(f, BPF_JMP | BPF_JA, 0, 0, 0);
    return f->num;
}
static void land(struct filter *f, size_t from)
{
    f->insn[from - 1].k = (uint32_t)(f->num - from);
}

/* The block of one system call stands between these two. */
static size_t begin(struct filter *f, long number)
{
    put(f, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, (uint32_t)number);
    return jump(f);
}
static void end(struct filter *f, size_t block)
{
    kill_process(f);
    land(f, block);
}

static void begin_filter(struct filter *f)
{
    f->num = 0;
    load(f, offsetof(struct seccomp_data, arch));
    require(f, BPF_JEQ, CPU_AUDIT_ARCH);
    load(f, offsetof(struct seccomp_data, nr));
}

/* The call is allowed where its first argument is this. The kernel reads the low half only. */
static void allow_call_on(struct filter *f, long number, int fd)
{
    size_t block = begin(f, number);
    load(f, ARGUMENT_LOW(0));
    allow_if_equal(f, (uint32_t)fd);
    end(f, block);
}

static void allow_on_devices(struct filter *f, const struct devices *d, enum solo5_device type)
{
    for (size_t i = 1; i < d->manifest.entries; i++)
        if (d->manifest.record[i].type == (uint32_t)type)
            allow_if_equal(f, (uint32_t)d->manifest.record[i].host_fd);
}
static bool has_device(const struct devices *d, enum solo5_device type)
{
    for (size_t i = 1; i < d->manifest.entries; i++)
        if (d->manifest.record[i].type == (uint32_t)type)
            return true;
    return false;
}

/* The call is allowed on devices of that type; where there is none, the number is not known. */
static void allow_call_on_devices(struct filter *f, const struct devices *d, long number, enum solo5_device type)
{
    if (!has_device(d, type))
        return;
    size_t block = begin(f, number);
    load(f, ARGUMENT_LOW(0));
    allow_on_devices(f, d, type);
    end(f, block);
}

static void allow_frames(struct filter *f, const struct devices *d, long read_number, long write_number)
{
    allow_call_on_devices(f, d, read_number, SOLO5_DEVICE_NET);
    size_t block = begin(f, write_number);
    load(f, ARGUMENT_LOW(0));
    allow_if_equal(f, CONSOLE_FD);
    allow_on_devices(f, d, SOLO5_DEVICE_NET);
    end(f, block);
}

static void allow_clock_and_exit(struct filter *f)
{
    size_t block = begin(f, SYS_clock_gettime);
    load(f, ARGUMENT_LOW(0));
    allow_if_equal(f, CLOCK_MONOTONIC);
    allow_if_equal(f, CLOCK_REALTIME);
    end(f, block);
    block = begin(f, SYS_exit_group);
    allow(f);
    end(f, block);
}

static void allow_thread_pointer(struct filter *f)
{
    if (CPU_THREAD_POINTER_CALL >= 0)
        allow_call_on(f, CPU_THREAD_POINTER_CALL, CPU_THREAD_POINTER_ARGUMENT);
}

/* ---- Blocks. In each device's part, failing a check ends the process. */

static size_t begin_device(struct filter *f, int fd)
{
    load(f, ARGUMENT_LOW(0));
    return begin(f, fd);
}

/* Solo5's rule: one sector, at an offset of at most capacity - sector. */
static void check_one_sector(struct filter *f, const struct solo5_record *r)
{
    uint64_t last = r->block.capacity_bytes - r->block.sector_bytes;
    load(f, ARGUMENT_HIGH(2));
    require(f, BPF_JEQ, 0);
    load(f, ARGUMENT_LOW(2));
    require(f, BPF_JEQ, r->block.sector_bytes);
    load(f, ARGUMENT_HIGH(3));
    forbid(f, BPF_JGT, (uint32_t)(last >> 32));
    put(f, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, (uint32_t)(last >> 32));
    load(f, ARGUMENT_LOW(3));
    forbid(f, BPF_JGT, (uint32_t)last);
    allow(f);
}

/* Whole sectors that end inside the device, by what add_range left. */
static void check_sectors(struct filter *f, const struct solo5_record *r)
{
    uint32_t capacity_high = (uint32_t)(r->block.capacity_bytes >> 32), capacity_low = (uint32_t)r->block.capacity_bytes;
    put(f, BPF_LD | BPF_MEM, 0, 0, BOTH_LOW);
    forbid(f, BPF_JSET, r->block.sector_bytes - 1u);
    put(f, BPF_LD | BPF_MEM, 0, 0, SUM_HIGH);
    forbid(f, BPF_JGT, capacity_high);
    put(f, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, capacity_high);
    put(f, BPF_LD | BPF_MEM, 0, 0, SUM_LOW);
    forbid(f, BPF_JGT, capacity_low);
    allow(f);
}

/* The sum of the offset and the length, which are arguments 2 and 3 in either order, and the bits that one of them has: in two halves. */
static void add_range(struct filter *f)
{
    load(f, ARGUMENT_HIGH(2));
    forbid(f, BPF_JGT, INT32_MAX);              /* so that the sum cannot overflow */
    put(f, BPF_ST, 0, 0, SUM_HIGH);
    load(f, ARGUMENT_HIGH(3));
    forbid(f, BPF_JGT, INT32_MAX);
    put(f, BPF_LDX | BPF_MEM, 0, 0, SUM_HIGH);
    put(f, BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0);
    put(f, BPF_ST, 0, 0, SUM_HIGH);
    load(f, ARGUMENT_LOW(2));
    put(f, BPF_MISC | BPF_TAX, 0, 0, 0);
    load(f, ARGUMENT_LOW(3));
    put(f, BPF_ALU | BPF_OR | BPF_X, 0, 0, 0);
    put(f, BPF_ST, 0, 0, BOTH_LOW);
    load(f, ARGUMENT_LOW(3));
    put(f, BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0);
    put(f, BPF_ST, 0, 0, SUM_LOW);
    put(f, BPF_JMP | BPF_JGE | BPF_X, 3, 0, 0); /* a sum below its summand has a carry */
    put(f, BPF_LD | BPF_MEM, 0, 0, SUM_HIGH);
    put(f, BPF_ALU | BPF_ADD | BPF_K, 0, 0, 1);
    put(f, BPF_ST, 0, 0, SUM_HIGH);
}

static void allow_each_block(struct filter *f, const struct devices *d, void (*check)(struct filter *f, const struct solo5_record *r))
{
    for (size_t i = 1; i < d->manifest.entries; i++) {
        const struct solo5_record *r = &d->manifest.record[i];
        if (r->type != SOLO5_DEVICE_BLOCK)
            continue;
        size_t device = begin_device(f, r->host_fd);
        check(f, r);
        end(f, device);
    }
}

static uint32_t largest_transfer(const struct devices *d)
{
    uint32_t most = 0;
    for (size_t i = 1; i < d->manifest.entries; i++)
        most = u32_max(most, d->extension[i].block_max_transfer_bytes);
    return most;
}

/* One block for reading and writing: 63 devices twice would not fit a filter. */
static size_t begin_transfer(struct filter *f)
{
    put(f, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, SYS_pread64);
    return begin(f, SYS_pwrite64);
}

static void allow_single_sectors(struct filter *f, const struct devices *d)
{
    size_t call = begin_transfer(f);
    allow_each_block(f, d, check_one_sector);
    end(f, call);
}

/* Reading, writing and, where it may, discarding: what differs comes first, then all of them go through the devices. */
static void allow_blocks(struct filter *f, const struct devices *d, int core, bool may_discard)
{
    size_t call = begin_transfer(f);
    if (core >= 0) {
        load(f, ARGUMENT_LOW(0));
        allow_if_equal(f, (uint32_t)core);
    }
    load(f, ARGUMENT_HIGH(2));
    require(f, BPF_JEQ, 0);
    load(f, ARGUMENT_LOW(2));
    forbid(f, BPF_JGT, largest_transfer(d));
    if (may_discard) {
        size_t checked = jump(f);
        land(f, call);
        call = begin(f, SYS_fallocate);
        load(f, ARGUMENT_LOW(1));
        require(f, BPF_JEQ, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE);
        land(f, checked);
    }
    add_range(f);
    allow_each_block(f, d, check_sectors);
    end(f, call);
}

/* ---- The filters */

void filter_solo5(struct filter *f, const struct devices *d, const struct filter_fds *fds)
{
    begin_filter(f);
    allow_frames(f, d, SYS_read, SYS_write);
    allow_call_on(f, SYS_epoll_pwait, fds->epoll);
    allow_call_on(f, SYS_timerfd_settime, fds->timer);
    allow_clock_and_exit(f);
    allow_thread_pointer(f);
    if (has_device(d, SOLO5_DEVICE_BLOCK))
        allow_single_sectors(f, d);
    kill_process(f);
}

/* Without a signal mask: a guest may not unblock what the tender has blocked. */
static void allow_wait(struct filter *f, int epoll)
{
    size_t block = begin(f, SYS_epoll_pwait);
    load(f, ARGUMENT_LOW(4));
    require(f, BPF_JEQ, 0);
    load(f, ARGUMENT_HIGH(4));
    require(f, BPF_JEQ, 0);
    load(f, ARGUMENT_LOW(0));
    allow_if_equal(f, (uint32_t)epoll);
    end(f, block);
}

void filter_morgana(struct filter *f, const struct devices *d, const struct filter_fds *fds, uint32_t features)
{
    bool has_vectors = (features & SPT_VECTORS) != 0;
    begin_filter(f);
    allow_frames(f, d, SYS_read, SYS_write);
    if (has_vectors)
        allow_call_on_devices(f, d, SYS_writev, SOLO5_DEVICE_NET);
    allow_wait(f, fds->epoll);
    if (has_device(d, SOLO5_DEVICE_BLOCK))
        allow_blocks(f, d, NO_CORE, !has_vectors);
    allow_call_on_devices(f, d, SYS_fdatasync, SOLO5_DEVICE_BLOCK);
    allow_clock_and_exit(f);
    if (!(features & SPT_FSGSBASE))
        allow_thread_pointer(f);
    kill_process(f);
}

static void allow_run(struct filter *f, const struct vm *vm, size_t num_requests)
{
    size_t block = begin(f, SYS_ioctl);
    load(f, ARGUMENT_LOW(0));
    require(f, BPF_JEQ, (uint32_t)vm->fd);
    load(f, ARGUMENT_LOW(1));
    for (size_t i = 0; i < num_requests && i < VM_REQUESTS_MAX; i++)
        allow_if_equal(f, vm->request[i]);
    end(f, block);
}

static void allow_debugger(struct filter *f, int fd)
{
    allow_call_on(f, SYS_recvfrom, fd);
    allow_call_on(f, SYS_sendto, fd);
    size_t block = begin(f, SYS_rt_sigreturn);
    allow(f);
    end(f, block);
}

static void allow_words(struct filter *f)
{
    size_t block = begin(f, SYS_write);
    load(f, ARGUMENT_LOW(0));
    allow_if_equal(f, CONSOLE_FD);
    allow_if_equal(f, ERROR_FD);
    end(f, block);
}

void filter_hvt(struct filter *f, const struct devices *d, int epoll, const struct hvt_rights *r)
{
    bool inspects = r->debugger >= 0 || r->core >= 0;
    begin_filter(f);
    allow_run(f, r->vm, inspects ? r->vm->num_requests : r->vm->num_run);
    allow_frames(f, d, SYS_readv, SYS_writev);
    allow_wait(f, epoll);
    if (has_device(d, SOLO5_DEVICE_BLOCK) || r->core >= 0)
        allow_blocks(f, d, r->core, true);
    allow_call_on_devices(f, d, SYS_fdatasync, SOLO5_DEVICE_BLOCK);
    if (r->core >= 0)
        allow_call_on(f, SYS_unlinkat, r->core_folder);
    if (r->debugger >= 0)
        allow_debugger(f, r->debugger);
    allow_words(f);
    allow_clock_and_exit(f);
    kill_process(f);
}

err filter_install(const struct filter *f, struct message *why)
{
    static const uint32_t kill_action = SECCOMP_RET_KILL_PROCESS;
    struct sock_fprog program = { f->num, (struct sock_filter *)f->insn };
    bool may = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
               syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kill_action) == 0;
    if (!may && outer_is_there()) {
        outer_speak();
        return OK;
    }
    outer_expect_no_more();
    if (may && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0)
        return OK;
    return refuse(why, E_UNSUPPORTED, "seccomp: %s: the tender needs a kernel that has it", strerror(errno));
}
