// SPDX-License-Identifier: ISC
/* The filters as programs: an interpreter of the few BPF instructions that they use, and calls at every edge. */
#include "abi/spt_extension.h"
#include "check/test.h"
#include "tender/filter.h"
#include "tender/tender.h"
#include <asm/prctl.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/syscall.h>

#define EPOLL 10
#define TIMER 11
#define NET 12
#define DISK 13

const char tender_name[] = "test_filter";
static struct filter filter;
static struct devices made;

static uint32_t interpret(const struct seccomp_data *data)
{
    uint32_t a = 0, x = 0, memory[16] = { 0 };
    for (size_t pc = 0; pc < filter.num; pc++) {
        struct sock_filter i = filter.insn[pc];
        uint32_t operand = BPF_SRC(i.code) == BPF_X ? x : i.k;
        bool jump = false;
        switch (i.code) {
        case BPF_LD | BPF_W | BPF_ABS: memcpy(&a, (const uint8_t *)data + i.k, sizeof a); continue;
        case BPF_LD | BPF_MEM:         a = memory[i.k]; continue;
        case BPF_LDX | BPF_MEM:        x = memory[i.k]; continue;
        case BPF_ALU | BPF_OR | BPF_X: a |= x; continue;
        case BPF_ST:                   memory[i.k] = a; continue;
        case BPF_MISC | BPF_TAX:       x = a; continue;
        case BPF_ALU | BPF_ADD | BPF_K:
        case BPF_ALU | BPF_ADD | BPF_X: a += operand; continue;
        case BPF_JMP | BPF_JA:         pc += i.k; continue;
        case BPF_RET | BPF_K:          return i.k;
        case BPF_JMP | BPF_JEQ | BPF_K: jump = a == operand; break;
        case BPF_JMP | BPF_JGT | BPF_K: jump = a > operand; break;
        case BPF_JMP | BPF_JGE | BPF_X: jump = a >= operand; break;
        case BPF_JMP | BPF_JSET | BPF_K: jump = (a & operand) != 0; break;
        default: TEST_FAIL("instruction 0x%x", i.code);
        }
        pc += jump ? i.jt : i.jf;
    }
    TEST_FAIL("the filter runs off its end");
}

static bool may(int number, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4)
{
    struct seccomp_data d = { .nr = number, .arch = AUDIT_ARCH_X86_64, .args = { a0, a1, a2, a3, a4 } };
    uint32_t verdict = interpret(&d);
    TRUE(verdict == SECCOMP_RET_ALLOW || verdict == SECCOMP_RET_KILL_PROCESS);
    return verdict == SECCOMP_RET_ALLOW;
}
static bool may_transfer(uint64_t length, uint64_t offset)
{
    bool reads = may(SYS_pread64, DISK, 0x100000, length, offset, 0);
    EQ(reads, may(SYS_pwrite64, DISK, 0x100000, length, offset, 0));
    return reads;
}

static bool may_discard(uint64_t length, uint64_t offset)
{
    return may(SYS_fallocate, DISK, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length, 0);
}

static void make_with(bool has_extension, uint64_t capacity, uint32_t features)
{
    struct devices d = { .has_extension = has_extension, .manifest = { .version = 1, .entries = 3 } };
    const struct filter_fds fds = { EPOLL, TIMER };
    d.manifest.record[0].type = SOLO5_DEVICE_RESERVED;
    d.manifest.record[1] = (struct solo5_record){ .type = SOLO5_DEVICE_NET, .host_fd = NET, .is_attached = 1 };
    d.manifest.record[2] = (struct solo5_record){ .type = SOLO5_DEVICE_BLOCK, .host_fd = DISK, .is_attached = 1,
                                                  .block = { capacity, 512 } };
    d.extension[2].block_max_transfer_bytes = 1 << 20;
    made = d;
    if (has_extension)
        filter_morgana(&filter, &made, &fds, features);
    else
        filter_solo5(&filter, &made, &fds);
}
static void make(bool has_extension, uint64_t capacity, bool has_fsgsbase)
{
    make_with(has_extension, capacity, has_fsgsbase ? SPT_FSGSBASE : 0);
}

static void allows_these_alone(const int *calls, size_t num)
{
    for (int number = 0; number < 1000; number++) {
        bool may_some = may(number, 0, 0, 0, 0, 0) || may(number, 1, 0, 0, 0, 0) || may(number, NET, 0, 0, 0, 0) ||
                        may(number, EPOLL, 0, 0, 0, 0) || may(number, TIMER, 0, 0, 0, 0) ||
                        may(number, DISK, 3, 512, 0, 0) || may(number, ARCH_SET_FS, 0, 0, 0, 0);
        bool listed = false;
        for (size_t i = 0; i < num; i++)
            listed |= calls[i] == number;
        EQ(may_some, listed);
        TRUE(!may(number | 0x40000000, 1, 0, 0, 0, 0));
    }
}

/* With a network and a disk, where the CPU has FSGSBASE, nine. */
TEST(each_filter_allows_its_calls_and_no_others)
{
    static const int solo5[] = { SYS_read, SYS_write, SYS_epoll_pwait, SYS_timerfd_settime, SYS_clock_gettime,
                                 SYS_arch_prctl, SYS_pread64, SYS_pwrite64, SYS_exit_group };
    static const int ours[] = { SYS_read, SYS_write, SYS_epoll_pwait, SYS_clock_gettime, SYS_pread64, SYS_pwrite64,
                                SYS_fdatasync, SYS_fallocate, SYS_exit_group };
    static const int vectors[] = { SYS_read, SYS_write, SYS_writev, SYS_epoll_pwait, SYS_clock_gettime, SYS_pread64, SYS_pwrite64,
                                   SYS_fdatasync, SYS_exit_group };
    make(false, 1 << 20, true);
    allows_these_alone(solo5, NUM_OF(solo5));
    make(true, 1 << 20, true);
    allows_these_alone(ours, NUM_OF(ours));
    make_with(true, 1 << 20, SPT_FSGSBASE | SPT_VECTORS);
    allows_these_alone(vectors, NUM_OF(vectors));
}

TEST(vectors_go_to_networks_alone_and_only_with_their_feature)
{
    make_with(true, 1 << 20, SPT_FSGSBASE | SPT_VECTORS);
    for (uint64_t fd = 0; fd < 20; fd++) {
        EQ(may(SYS_writev, fd, 0, 3, 0, 0), fd == NET);
        EQ(may(SYS_write, fd, 0, 1, 0, 0), fd == NET || fd == 1);
        TRUE(!may(SYS_readv, fd, 0, 3, 0, 0) && !may(SYS_pwritev, fd, 0, 3, 0, 0));
    }
    TRUE(may_transfer(1 << 20, 0) && !may_transfer(512, 1 << 20) && !may_transfer(512, 1) && !may_discard(512, 0));
    for (int extended = 0; extended < 2; extended++) {
        make_with(extended, 1 << 20, extended ? SPT_FSGSBASE : SPT_VECTORS);
        for (uint64_t fd = 0; fd < 20; fd++)
            TRUE(!may(SYS_writev, fd, 0, 3, 0, 0));
    }
}

TEST(descriptors_are_checked)
{
    for (int extended = 0; extended < 2; extended++) {
        make(extended, 1 << 20, true);
        for (uint64_t fd = 0; fd < 20; fd++) {
            EQ(may(SYS_read, fd, 0, 1, 0, 0), fd == NET);
            EQ(may(SYS_write, fd, 0, 1, 0, 0), fd == NET || fd == 1);
            EQ(may(SYS_epoll_pwait, fd, 0, 1, 0, 0), fd == EPOLL);
            EQ(may(SYS_timerfd_settime, fd, 0, 1, 0, 0), fd == TIMER && !extended);
            EQ(may(SYS_fdatasync, fd, 0, 1, 0, 0), fd == DISK && extended);
            EQ(may(SYS_clock_gettime, fd, 0, 0, 0, 0), fd < 2);
        }
    }
}

TEST(a_signal_mask_is_refused_by_ours)
{
    make(true, 1 << 20, true);
    TRUE(may(SYS_epoll_pwait, EPOLL, 0, 1, 0, 0));
    TRUE(!may(SYS_epoll_pwait, EPOLL, 0, 1, 0, 1));
    TRUE(!may(SYS_epoll_pwait, EPOLL, 0, 1, 0, (uint64_t)1 << 32));
}

TEST(the_thread_pointer_is_set_by_a_call_only_where_it_must_be)
{
    make(true, 1 << 20, true);
    TRUE(!may(SYS_arch_prctl, ARCH_SET_FS, 0, 0, 0, 0));
    make(true, 1 << 20, false);
    TRUE(may(SYS_arch_prctl, ARCH_SET_FS, 0, 0, 0, 0));
    TRUE(!may(SYS_arch_prctl, ARCH_SET_GS, 0, 0, 0, 0));
}

TEST(another_architecture_is_refused)
{
    for (int extended = 0; extended < 2; extended++) {
        make(extended, 1 << 20, true);
        struct seccomp_data d = { .nr = SYS_exit_group, .arch = AUDIT_ARCH_I386 };
        EQ(interpret(&d), SECCOMP_RET_KILL_PROCESS);
        d.arch = AUDIT_ARCH_X86_64;
        EQ(interpret(&d), SECCOMP_RET_ALLOW);
    }
}

static const uint64_t capacities[] = { 512, 1 << 20, 0xfffffe00, 0x100000000, 0x100000200, 0x1fffffe00, 0x7ffffffffffffe00 };

TEST(solo5_guests_transfer_one_sector_inside_the_device)
{
    for (size_t i = 0; i < NUM_OF(capacities); i++) {
        uint64_t c = capacities[i];
        make(false, c, true);
        TRUE(may_transfer(512, 0) && may_transfer(512, c - 512));
        TRUE(!may_transfer(512, c - 511) && !may_transfer(512, c) && !may_transfer(512, UINT64_MAX - 511));
        TRUE(!may_transfer(1024, 0) && !may_transfer(0, 0) && !may_transfer(0x100000200, 0));
        TRUE(!may_transfer(512, c + 0x100000000));
    }
}

TEST(extended_guests_transfer_sectors_inside_the_device)
{
    for (size_t i = 0; i < NUM_OF(capacities); i++) {
        uint64_t c = capacities[i], most = c < 1 << 20 ? c : 1 << 20;
        make(true, c, true);
        TRUE(may_transfer(512, 0) && may_transfer(512, c - 512) && may_transfer(most, c - most) && may_transfer(most, 0));
        TRUE(!may_transfer(512, c) && !may_transfer(most + 512, 0) && !may_transfer(most, c - most + 512));
        TRUE(!may_transfer(512, UINT64_MAX - 511) && !may_transfer(512, 1) && !may_transfer(513, 0));
        TRUE(!may_transfer(0x100000200, 0) && !may_transfer(512, c + 0x100000000));
        TRUE(!may_transfer(0, c + 512) && !may_transfer(0, 1ull << 63) && !may_transfer(512, 0xfffffffffffffe00));
    }
}

TEST(extended_guests_discard_sectors_inside_the_device_and_nothing_else)
{
    for (size_t i = 0; i < NUM_OF(capacities); i++) {
        uint64_t c = capacities[i];
        make(true, c, true);
        TRUE(may_discard(c, 0) && may_discard(512, c - 512) && may_discard(512, 0) && may_discard(c - 512, 512));
        TRUE(!may_discard(c, 512) && !may_discard(512, c) && !may_discard(c + 512, 0) && !may_discard(c + 0x100000000, 0));
        TRUE(!may_discard(511, 0) && !may_discard(512, 1) && !may_discard(UINT64_MAX - 511, 512) && !may_discard(512, UINT64_MAX - 511));
        TRUE(!may_discard(1ull << 63, 1ull << 63) && !may_discard(512, c + 0x100000000));
        for (uint64_t mode = 0; mode < 256; mode++)
            EQ(may(SYS_fallocate, DISK, mode, 0, 512, 0), mode == (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE));
        for (uint64_t fd = 0; fd < 20; fd++)
            EQ(may(SYS_fallocate, fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 512, 0), fd == DISK);
    }
    make(false, 1 << 20, true);
    TRUE(!may_discard(512, 0));
}

#define CPU 14
#define RUN_REQUEST 0xae80u
#define REGISTERS_REQUEST 0xae81u
#define DEBUGGER 15
#define CORE 16
#define CORE_FOLDER 17

static const struct vm machine = { .fd = CPU, .request = { RUN_REQUEST, REGISTERS_REQUEST }, .num_requests = 2, .num_run = 1 };

TEST(a_tender_with_a_cpu_may_run_it_and_serve_its_devices)
{
    static const int listed[] = { SYS_ioctl, SYS_readv, SYS_writev, SYS_epoll_pwait, SYS_pread64, SYS_pwrite64, SYS_fdatasync,
                                  SYS_fallocate, SYS_write, SYS_clock_gettime, SYS_exit_group };
    const struct hvt_rights rights = { &machine, -1, -1, -1 };
    make(true, 1 << 20, true);
    filter_hvt(&filter, &made, EPOLL, &rights);
    for (int number = 0; number < 1000; number++) {
        bool may_some = may(number, CPU, RUN_REQUEST, 0, 0, 0), is_listed = false;
        for (uint64_t fd = 0; fd < 20; fd++)
            may_some |= may(number, fd, 0, 512, 0, 0) || may(number, fd, 3, 512, 0, 0);
        for (size_t i = 0; i < NUM_OF(listed); i++)
            is_listed |= listed[i] == number;
        EQ(may_some, is_listed);
    }
    for (uint64_t fd = 0; fd < 20; fd++) {
        EQ(may(SYS_ioctl, fd, RUN_REQUEST, 0, 0, 0), fd == CPU);
        TRUE(!may(SYS_ioctl, fd, REGISTERS_REQUEST, 0, 0, 0));
        EQ(may(SYS_write, fd, 0, 1, 0, 0), fd == 1 || fd == 2);
        EQ(may(SYS_readv, fd, 0, 1, 0, 0), fd == NET);
    }
    TRUE(may_transfer(1 << 20, 0) && !may_transfer(512, 1 << 20) && !may_transfer(512, 1));
    TRUE(may_discard(1 << 20, 0) && !may_discard(512, 1 << 20) && !may_discard(512, 1));
}

TEST(a_debugger_and_a_dump_get_what_they_need_and_no_more)
{
    static const int others[] = { SYS_open, SYS_openat, SYS_socket, SYS_connect, SYS_sendmsg, SYS_unlink, SYS_renameat, SYS_read };
    const struct hvt_rights rights = { &machine, DEBUGGER, CORE, CORE_FOLDER };
    make(true, 1 << 20, true);
    filter_hvt(&filter, &made, EPOLL, &rights);
    for (uint64_t fd = 0; fd < 20; fd++) {
        EQ(may(SYS_ioctl, fd, REGISTERS_REQUEST, 0, 0, 0), fd == CPU);
        TRUE(!may(SYS_ioctl, fd, REGISTERS_REQUEST + 1, 0, 0, 0));
        EQ(may(SYS_recvfrom, fd, 0, 1, 0, 0), fd == DEBUGGER);
        EQ(may(SYS_sendto, fd, 0, 1, 0, 0), fd == DEBUGGER);
        EQ(may(SYS_unlinkat, fd, 0, 0, 0, 0), fd == CORE_FOLDER);
        EQ(may(SYS_pwrite64, fd, 0, 5, 3, 0), fd == CORE);
        for (size_t i = 0; i < NUM_OF(others); i++)
            TRUE(!may(others[i], fd, 0, 0, 0, 0));
    }
    TRUE(may_transfer(512, 0) && !may_transfer(512, 1 << 20));
    TRUE(may(SYS_rt_sigreturn, 0, 0, 0, 0, 0));
}

TEST(the_largest_manifest_fits_a_filter)
{
    static struct devices d;
    const struct filter_fds fds = { EPOLL, TIMER };
    d = (struct devices){ .has_extension = true, .manifest = { .version = 1, .entries = SOLO5_RECORDS_MAX } };
    for (size_t i = 1; i < SOLO5_RECORDS_MAX; i++) {
        d.manifest.record[i] = (struct solo5_record){ .type = SOLO5_DEVICE_BLOCK, .host_fd = (int)(100 + i),
                                                      .block = { 1 << 30, 512 } };
        d.extension[i].block_max_transfer_bytes = 1 << 20;
    }
    filter_morgana(&filter, &d, &fds, 0);
    TRUE(filter.num < FILTER_MAX);
    TRUE(may(SYS_pwrite64, 163, 0, 512, 0, 0));
    TRUE(!may(SYS_pwrite64, 164, 0, 512, 0, 0));
    TRUE(may(SYS_fallocate, 163, 3, 0, 512, 0) && !may(SYS_fallocate, 164, 3, 0, 512, 0));
}

TEST_MAIN
