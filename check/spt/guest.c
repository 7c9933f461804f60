// SPDX-License-Identifier: ISC
/* guest.c - an image written from the description of Solo5's spt ABI and of Morgana's extension, sharing no line with the
 * runtime: offsets are spelled out here once more on purpose. Built with and without devices (DEVICES) and extension
 * (EXTENSION). The first word of its command line says what to do. */
#include "cpu.h"
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

__asm__(".section .interp,\"a\",@progbits\n .asciz \"/nonexistent/solo5/\"\n"
        ".section .note.solo5.abi,\"a\",@note\n .balign 4\n"
        ".long 6, 16, 0x31494241\n .ascii \"Solo5\\0\\0\\0\"\n .long 2, 2, 0, 0\n"
        ".section .note.solo5.manifest,\"a\",@note\n .balign 8\n"
        ".long 6, 12 + 104 * (1 + 2 * " DEVICES "), 0x3154464d\n .ascii \"Solo5\\0\\0\\0\"\n .long 0\n"
        ".long 1, 1 + 2 * " DEVICES "\n"
        ".fill 68, 1, 0\n .long 0x40000000\n .fill 32, 1, 0\n"
        ".if " DEVICES "\n"
        "1: .ascii \"service0\"\n .fill 68 - (. - 1b), 1, 0\n .long 2\n .fill 32, 1, 0\n"
        "1: .ascii \"disk0\"\n .fill 68 - (. - 1b), 1, 0\n .long 1\n .fill 32, 1, 0\n"
        ".endif\n"
        ".section .note.morgana.spt,\"a\",@note\n .balign 8\n"
        ".if " EXTENSION "\n"
        ".long 8, 20, 0x58545053\n .asciz \"Morgana\"\n .long 0\n .long 2, 1112\n .quad extension\n"
        ".endif\n"
        ".text\n .globl _start\n" START);

__attribute__((used, section(".data"))) u8 extension[1112];

static u64 at64(const void *p, u64 offset)
{
    return *(const u64 *)((const u8 *)p + offset);
}
static u32 at32(const void *p, u64 offset)
{
    return *(const u32 *)((const u8 *)p + offset);
}

struct event {
    u32 events;
    u64 data;
} EVENT_PACKED;
static const u8 *boot, *manifest;
static int is_extended;

static long transfer(int is_write, int fd, void *bytes, u64 n)
{
    return call(is_write ? CALL_WRITE : CALL_READ, fd, (long)bytes, (long)n, 0, 0);
}
static void print(const char *text)
{
    u64 n = 0;
    while (text[n])
        n++;
    transfer(1, 1, (void *)text, n);
}
__attribute__((noreturn)) static void end(int status)
{
    call(CALL_EXIT_GROUP, status, 0, 0, 0, 0);
    for (;;)
        ;
}
__attribute__((noreturn)) static void fail(const char *what)
{
    print(what);
    print("\n");
    end(1);
}
static int says(const char *line, const char *word)
{
    while (*word && *line == *word) {
        line++;
        word++;
    }
    return *word == 0 && (*line == 0 || *line == ' ');
}
static const u8 *record(int i)
{
    return manifest + 8 + 104 * i;
}
static int fd_of(int i)
{
    return (int)at32(record(i), 88);
}

/* Answers three frames with their addresses exchanged, having waited for each. */
static void echo(void)
{
    static u8 frame[2048];
    struct event event[2];
    for (int i = 0; i < 3; i++) {
        long n;
        do
            n = call(CALL_EPOLL_PWAIT, (int)at32(boot, 32), (long)event, 2, 10000, 0);
        while (n == 1 && event[0].data == 0xfffffffe);
        if (n != 1 || event[0].data != 1)
            fail("the network did not become ready");
        n = transfer(0, fd_of(1), frame, sizeof frame);
        int header = is_extended ? 10 : 0;
        if (n < 14 + header)
            fail("no frame was read");
        for (int j = 0; j < 6; j++) {
            u8 other = frame[header + j];
            frame[header + j] = frame[header + 6 + j];
            frame[header + 6 + j] = other;
        }
        if (transfer(1, fd_of(1), frame, (u64)n) != n)
            fail("a frame was not written");
    }
    print("echoed\n");
}

/* A frame without offloads, in two parts. */
static long write_parts(int fd)
{
    static u8 bytes[10 + 60];
    return call(CALL_WRITEV, fd, (long)(void *[]){ bytes, (void *)24, bytes + 24, (void *)46 }, 2, 0, 0);
}
/* Where the tender says that it may. */
static void vectors(void)
{
    if (!(at32(extension, 4) & 2))
        fail("no vectors");
    if (write_parts(fd_of(1)) != 70)
        fail("a vector was not written");
    print("written\n");
}

static void block(void)
{
    static u8 out[512], in[512];
    u64 capacity = at64(record(2), 72);
    if (*(const u16 *)(record(2) + 80) != 512 || capacity < 1024)
        fail("the block device has another shape");
    for (int i = 0; i < 512; i++)
        out[i] = (u8)(i * 7);
    if (call(CALL_PWRITE64, fd_of(2), (long)out, 512, (long)(capacity - 512), 0) != 512 ||
        call(CALL_PREAD64, fd_of(2), (long)in, 512, (long)(capacity - 512), 0) != 512)
        fail("a sector was not transferred");
    for (int i = 0; i < 512; i++)
        if (in[i] != out[i])
            fail("a sector came back changed");
    print("stored\n");
}

/* A wait of a few milliseconds without a device: by the timer, or by epoll_pwait's own limit. */
static void poll(void)
{
    struct event event[2];
    long now[2], timer[4] = { 0 };
    call(CALL_CLOCK_GETTIME, 1, (long)now, 0, 0, 0);
    timer[2] = now[0];
    timer[3] = now[1] + 1000000;
    if (timer[3] >= 1000000000) {
        timer[2]++;
        timer[3] -= 1000000000;
    }
    if (is_extended) {
        if (call(CALL_EPOLL_PWAIT, (int)at32(boot, 32), (long)event, 2, 2, 0) != 0)
            fail("something was ready");
    } else {
        call(CALL_TIMERFD_SETTIME, (int)at32(boot, 36), 1, (long)timer, 0, 0);
        if (call(CALL_EPOLL_PWAIT, (int)at32(boot, 32), (long)event, 2, -1, 0) != 1 || event[0].data != 0xfffffffe)
            fail("the timer did not fire");
    }
    print("waited\n");
}

/* What no filter may allow; if it returns, the test has failed. */
static void forbidden(const char *what)
{
    static u8 bytes[2048];
    long disk = fd_of(2), capacity = (long)at64(record(2), 72), epoll = (int)at32(boot, 32);
    if (says(what, "open"))
        call(CALL_OPENAT, -100, (long)"/etc/passwd", 0, 0, 0);
    else if (says(what, "stderr"))
        transfer(1, 2, bytes, 1);
    else if (says(what, "stdin"))
        transfer(0, 0, bytes, 1);
    else if (says(what, "mprotect"))
        call(CALL_MPROTECT, 0x100000, 4096, 7, 0, 0);
    else if (says(what, "mmap"))
        call(CALL_MMAP, 0, 4096, 3, 0x22, -1);
    else if (says(what, "socket"))
        call(CALL_SOCKET, 2, 1, 0, 0, 0);
    else if (says(what, "execve"))
        call(CALL_EXECVE, (long)"/bin/true", 0, 0, 0, 0);
    else if (says(what, "clock"))
        call(CALL_CLOCK_GETTIME, 2, (long)bytes, 0, 0, 0);
    else if (says(what, "epoll"))
        call(CALL_EPOLL_PWAIT, epoll + 1, (long)bytes, 1, 0, 0);
    else if (says(what, "pread-end"))
        call(CALL_PREAD64, disk, (long)bytes, 512, capacity, 0);
    else if (says(what, "pread-over"))
        call(CALL_PREAD64, disk, (long)bytes, 1024, capacity - 512, 0);
    else if (says(what, "pread-wrap"))
        call(CALL_PREAD64, disk, (long)bytes, 512, -512, 0);
    else if (says(what, "pread-odd"))
        call(CALL_PREAD64, disk, (long)bytes, 513, 0, 0);
    else if (says(what, "pread-unaligned") && is_extended)
        call(CALL_PREAD64, disk, (long)bytes, 512, 1, 0);
    else if (says(what, "pread-long"))
        call(CALL_PREAD64, disk, (long)bytes, 0x100000200, 0, 0);
    else if (says(what, "pwrite-end"))
        call(CALL_PWRITE64, disk, (long)bytes, 512, capacity, 0);
    else if (says(what, "pread-net"))
        call(CALL_PREAD64, fd_of(1), (long)bytes, 512, 0, 0);
    else if (says(what, "read-disk"))
        transfer(0, (int)disk, bytes, 512);
    else if (says(what, "sigmask") && is_extended)
        call(CALL_EPOLL_PWAIT, epoll, (long)bytes, 1, 0, (long)bytes);
    else if (says(what, "vector"))
        write_parts(1);
    else if (says(what, "vector-net"))
        write_parts(fd_of(1));
    else if (says(what, "vector-disk"))
        write_parts((int)disk);
    else if (says(what, "discard"))
        call(CALL_FALLOCATE, disk, 3, 0, 512, 0);
    else if (says(what, "timer"))
        call(CALL_TIMERFD_SETTIME, epoll, 1, (long)bytes, 0, 0);
    else if (!call_of_cpu(says(what, "set-gs"), says(what, "x32"), says(what, "int80")))
        end(77);             /* concerns the other filter, or other CPUs */
    print("alive\n");
}

/* Access that the memory's rights forbid. */
static void memory(const char *what)
{
    static u8 ret[16] = { RETURN_BYTES };
    if (says(what, "null"))
        *(volatile u8 *)0x10 = 1;
    else if (says(what, "write-text"))
        *(volatile u8 *)0x100040 = 1;
    else if (says(what, "write-constant"))
        *(volatile u8 *)(u64) "constant" = 1;
    else if (says(what, "run-data"))
        ((void (*)(void))(u64)ret)();
    else if (says(what, "run-free"))
        ((void (*)(void))(at64(boot, 0) - 4096))();
    print("alive\n");
}

__attribute__((noreturn, used)) void guest_main(const u8 *boot_)
{
    boot = boot_;
    manifest = (const u8 *)at64(boot, 24);
    is_extended = at32(extension, 0) == 2;
    const char *line = (const char *)at64(boot, 16);
    if (says(line, "hello"))
        print("hello from the guest\n");
    else if (says(line, "extension"))
        print(is_extended ? "yes\n" : "no\n");
    else if (says(line, "command-line"))
        print(line);
    else if (says(line, "echo"))
        echo();
    else if (says(line, "vectors"))
        vectors();
    else if (says(line, "block"))
        block();
    else if (says(line, "poll"))
        poll();
    else if (says(line, "try"))
        forbidden(line + 4);
    else if (says(line, "touch"))
        memory(line + 6);
    else if (says(line, "spin"))
        for (;;)
            ;
    end(0);
}
