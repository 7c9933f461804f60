// SPDX-License-Identifier: ISC
/* loader.c - a loader of spt images written from the description of Solo5's ABI, sharing no line with morgana-spt: what
 * runs under it needs no more than Solo5 gives. `loader [--net=TAP] [--block=FILE] IMAGE [ARGUMENT]`; the image trusts it,
 * it trusts the image. */
#include "check/spt/loader_cpu.h"
#include <elf.h>
#include <err.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MEM_BYTES 0x10000000ul
#define BOOT 0x11000ul
#define RECORD_BYTES 104

static struct sock_filter filter[512];
static unsigned short num;

static void put(unsigned code, unsigned yes, unsigned no, unsigned k)
{
    filter[num++] = (struct sock_filter){ (unsigned short)code, (unsigned char)yes, (unsigned char)no, k };
}
/* call `nr` is allowed where the arguments that are not -1 have these values */
static void allow(int nr, long a0, long a2, long max3)
{
    unsigned start = num;
    put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
    put(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, (unsigned)nr);
    if (a0 >= 0) {
        put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[0]));
        put(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, (unsigned)a0);
    }
    if (a2 >= 0) {
        put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[2]));
        put(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, (unsigned)a2);
    }
    if (max3 >= 0) {        /* devices of the tests are smaller than 4 GiB */
        put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[3]) + 4);
        put(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 0);
        put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args[3]));
        put(BPF_JMP | BPF_JGE | BPF_K, 0, 0, (unsigned)max3 + 1);
    }
    put(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
    for (unsigned i = start; i < num; i++) {        /* a comparison that fails leads behind the "allow" */
        unsigned char skip = (unsigned char)(num - i - 1);
        if (filter[i].code == (BPF_JMP | BPF_JEQ | BPF_K))
            filter[i].jf = skip;
        if (filter[i].code == (BPF_JMP | BPF_JGE | BPF_K))
            filter[i].jt = skip;
    }
}

static uint8_t *record(uint8_t *manifest, unsigned i)
{
    return manifest + 8 + i * RECORD_BYTES;
}
static unsigned find(uint8_t *manifest, uint32_t type)
{
    uint32_t entries, t;
    memcpy(&entries, manifest + 4, 4);
    for (unsigned i = 1; i < entries; i++) {
        memcpy(&t, record(manifest, i) + 68, 4);
        if (t == type)
            return i;
    }
    errx(1, "the image has no such device");
}
static void attach(uint8_t *r, int fd)
{
    memcpy(r + 88, &fd, 4);
    r[96] = 1;
}

static void add_net(uint8_t *manifest, const char *tap, int epoll)
{
    unsigned i = find(manifest, 2);
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = i };
    static const uint8_t mac_and_mtu[8] = { 2, 0, 0, 0, 0, 0x42, 0xdc, 0x05 };
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    snprintf(request.ifr_name, IFNAMSIZ, "%s", tap);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0)
        err(1, "%s", tap);
    memcpy(record(manifest, i) + 72, mac_and_mtu, 8);
    attach(record(manifest, i), fd);
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    allow(SYS_read, fd, -1, -1);
    allow(SYS_write, fd, -1, -1);
}

static void add_block(uint8_t *manifest, const char *path)
{
    uint8_t *r = record(manifest, find(manifest, 1));
    int fd = open(path, O_RDWR);
    uint64_t capacity = (uint64_t)lseek(fd, 0, SEEK_END);
    uint16_t sector = 512;
    if (fd < 0)
        err(1, "%s", path);
    memcpy(r + 72, &capacity, 8);
    memcpy(r + 80, &sector, 2);
    attach(r, fd);
    allow(SYS_pread64, fd, sector, (long)(capacity - sector));
    allow(SYS_pwrite64, fd, sector, (long)(capacity - sector));
}

static void load_segment(const uint8_t *file, const Elf64_Phdr *p, uint64_t *end)
{
    uint64_t from = p->p_vaddr & -p->p_align, to = (p->p_vaddr + p->p_memsz + p->p_align - 1) & -p->p_align;
    if (p->p_vaddr < 0x100000 || from < *end || to > MEM_BYTES || (p->p_flags & (PF_W | PF_X)) == (PF_W | PF_X))
        errx(1, "a segment breaks the rules");
    memcpy((void *)p->p_vaddr, file + p->p_offset, p->p_filesz);
    if (mprotect((void *)from, to - from, (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0) |
                                              (p->p_flags & PF_X ? PROT_EXEC : 0)) != 0)
        err(1, "mprotect");
    *end = to;
}

/* The first note of each PT_NOTE; returns the MFT1 payload. */
static const uint8_t *read_notes(const uint8_t *file, const Elf64_Phdr *p, unsigned num_segments, uint32_t *num_bytes)
{
    static const uint8_t abi[] = "\6\0\0\0\20\0\0\0ABI1Solo5\0\0\0\2\0\0\0\2\0\0\0\0\0\0\0\0\0\0";
    const uint8_t *manifest = NULL;
    int has_abi = 0;
    for (unsigned i = 0; i < num_segments; i++) {
        const uint8_t *note = file + p[i].p_offset;
        if (p[i].p_type != PT_NOTE)
            continue;
        has_abi |= memcmp(note, abi, 36) == 0;
        if (memcmp(note + 8, "MFT1Solo5\0\0", 12) == 0) {
            memcpy(num_bytes, note + 4, 4);
            *num_bytes -= 4;
            manifest = note + 24;
        }
    }
    if (!has_abi || manifest == NULL)
        errx(1, "not an spt image");
    return manifest;
}

int main(int argc, char **argv)
{
    const char *tap = NULL, *disk = NULL;
    uint64_t end = 0x100000;
    uint32_t manifest_bytes = 0;
    while (argc > 1 && argv[1][0] == '-') {
        if (strncmp(argv[1], "--net=", 6) == 0)
            tap = argv[1] + 6;
        if (strncmp(argv[1], "--block=", 8) == 0)
            disk = argv[1] + 8;
        argc--;
        argv++;
    }
    int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
    if (fd < 0)
        err(1, "usage: loader [--net=TAP] [--block=FILE] IMAGE [ARGUMENT]");
    size_t size = (size_t)lseek(fd, 0, SEEK_END);
    const uint8_t *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    const Elf64_Ehdr *head = (const void *)file;
    const Elf64_Phdr *p = (const void *)(file + head->e_phoff);
    if (head->e_type != ET_EXEC || head->e_machine != CPU_MACHINE)
        errx(1, "not a static executable of this CPU");
    if (mmap((void *)0x10000, MEM_BYTES - 0x10000, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED)
        err(1, "mmap");
    for (unsigned i = 0; i < head->e_phnum; i++)
        if (p[i].p_type == PT_LOAD && p[i].p_filesz > 0)
            load_segment(file, &p[i], &end);

    int epoll = epoll_create1(0), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = 0xfffffffe };
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    const uint8_t *note = read_notes(file, p, head->e_phnum, &manifest_bytes);
    uint8_t *manifest = (uint8_t *)BOOT + 40, *line = manifest + manifest_bytes;
    memcpy(manifest, note, manifest_bytes);
    snprintf((char *)line, 8192, "%s", argc > 2 ? argv[2] : "");

    put(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
    put(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, CPU_AUDIT);
    put(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
    allow(SYS_write, 1, -1, -1);
    allow(SYS_exit_group, -1, -1, -1);
    allow(SYS_epoll_pwait, epoll, -1, -1);
    allow(SYS_timerfd_settime, timer, -1, -1);
    allow(SYS_clock_gettime, CLOCK_MONOTONIC, -1, -1);
    allow(SYS_clock_gettime, CLOCK_REALTIME, -1, -1);
    ALLOW_THREAD_POINTER();
    if (tap)
        add_net(manifest, tap, epoll);
    if (disk)
        add_block(manifest, disk);
    put(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);

    uint64_t boot[5] = { MEM_BYTES, end, (uint64_t)line, (uint64_t)manifest, (uint32_t)epoll | (uint64_t)timer << 32 };
    memcpy((void *)BOOT, boot, sizeof boot);
    struct sock_fprog program = { num, filter };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
        err(1, "seccomp");
    ENTER(MEM_BYTES, head->e_entry, BOOT);
    __builtin_unreachable();
}
