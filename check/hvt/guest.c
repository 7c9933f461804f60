// SPDX-License-Identifier: ISC
/* guest.c - an image written from the description of Solo5's hvt ABI and of Morgana's extension, sharing no line with the
 * runtime: offsets are spelled out here once more on purpose. It has a network and a block device; built with and
 * without the extension (EXTENSION). The first word of its command line says what to do. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
#include "cpu.h"

__asm__(".section .interp,\"a\",@progbits\n .asciz \"/nonexistent/solo5/\"\n"
        ".section .note.solo5.abi,\"a\",@note\n .balign 4\n"
        ".long 6, 16, 0x31494241\n .ascii \"Solo5\\0\\0\\0\"\n .long 1, 2, 0, 0\n"
        ".section .note.solo5.manifest,\"a\",@note\n .balign 8\n"
        ".long 6, 12 + 104 * (1 + 2 * " DEVICES "), 0x3154464d\n .ascii \"Solo5\\0\\0\\0\"\n .long 0\n"
        ".long 1, 1 + 2 * " DEVICES "\n"
        ".fill 68, 1, 0\n .long 0x40000000\n .fill 32, 1, 0\n"
        ".if " DEVICES "\n"
        "1: .ascii \"service0\"\n .fill 68 - (. - 1b), 1, 0\n .long 2\n .fill 32, 1, 0\n"
        "1: .ascii \"disk0\"\n .fill 68 - (. - 1b), 1, 0\n .long 1\n .fill 32, 1, 0\n"
        ".endif\n"
        ".section .note.morgana.hvt,\"a\",@note\n .balign 8\n"
        ".if " EXTENSION "\n"
        ".long 8, 20, 0x58545648\n .asciz \"Morgana\"\n .long 0\n .long 2, 1096\n .quad extension\n"
        ".endif\n"
        ".text\n .globl _start\n" START);

__attribute__((used, section(".data"))) u8 extension[1096];

static const u8 *boot, *manifest;

static void call(u16 number, void *arguments)
{
    out(number, (u32)(u64)arguments);
}
static u64 at64(const void *p, u64 offset)
{
    return *(const u64 *)((const u8 *)p + offset);
}
static u32 at32(const void *p, u64 offset)
{
    return *(const u32 *)((const u8 *)p + offset);
}
static void print(const char *text)
{
    struct { u64 data, n; } a = { (u64)text, 0 };
    while (text[a.n])
        a.n++;
    call(2, &a);
}
__attribute__((noreturn)) static void end(int status)
{
    struct { u64 cookie; int status; u32 pad; } a = { 0, status, 0 };
    for (;;)
        call(8, &a);
}
__attribute__((noreturn)) static void fail(const char *what)
{
    print(what);
    print("\n");
    end(3);
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

struct poll { u64 timeout, ready; int ret; u32 pad; };
struct block { u64 handle, offset, data, n; int ret; u32 pad; };
struct net { u64 handle, data, n; int ret; u32 pad; };

static int block_call(u16 number, u64 handle, u64 offset, void *data, u64 n)
{
    struct block a = { handle, offset, (u64)data, n, 77, 0 };
    call(number, &a);
    return a.ret;
}

/* Answers three frames with their addresses exchanged, having waited for each. */
static void echo(void)
{
    static u8 frame[2048];
    for (int i = 0; i < 3; i++) {
        struct poll p = { 10000000000, 0, 77, 0 };
        call(3, &p);
        if (p.ret != 1 || p.ready != 2)
            fail("the network did not become ready");
        struct net a = { 1, (u64)frame, sizeof frame, 77, 0 };
        call(7, &a);
        if (a.ret != 0 || a.n < 14)
            fail("no frame was read");
        for (int j = 0; j < 6; j++) {
            u8 other = frame[j];
            frame[j] = frame[6 + j];
            frame[6 + j] = other;
        }
        a.ret = 77;
        call(6, &a);
        if (a.ret != 0)
            fail("a frame was not written");
    }
    struct net a = { 1, (u64)frame, sizeof frame, 77, 0 };
    call(7, &a);
    if (a.ret != 1)
        fail("a frame is there that nobody sent");
    print("echoed\n");
}

static void block(void)
{
    static u8 sectors[2][2048];
    u64 capacity = at64(record(2), 72);
    u16 sector = *(const u16 *)(record(2) + 80);
    for (int i = 0; i < 2048; i++)
        sectors[0][i] = (u8)(i * 37 >> 3);
    if (capacity < 4096 || sector != 512 || block_call(4, 2, capacity - 2048, sectors[0], 2048) != 0 ||
        block_call(5, 2, capacity - 2048, sectors[1], 2048) != 0)
        fail("no block was stored");
    for (int i = 0; i < 2048; i++)
        if (sectors[0][i] != sectors[1][i])
            fail("a block came back changed");
    if (block_call(5, 2, capacity, sectors[1], 512) != 2 || block_call(5, 2, capacity - 512, sectors[1], 1024) != 2 ||
        block_call(5, 2, (u64)-512, sectors[1], 1024) != 2 || block_call(5, 1, 0, sectors[1], 512) != 2 ||
        block_call(5, 3, 0, sectors[1], 512) != 2 || block_call(5, (u64)1 << 32 | 2, 0, sectors[1], 512) != 2)
        fail("an impossible block was read");
    print("stored\n");
}

static void poll(void)
{
    struct poll p = { 20000000, 77, 77, 0 };
    struct { u64 ns; } before, after;
    call(1, &before);
    call(3, &p);
    call(1, &after);
    if (p.ret != 0 || p.ready != 0)
        fail("something is ready");
    if (after.ns - before.ns < 20000000 || before.ns < 1700000000000000000)
        fail("the wait was too short");
    print("waited\n");
}

/* What ends the guest by the tender; if it returns, the test has failed. */
static void forbidden(const char *what)
{
    static u8 bytes[512];
    u64 end_of_memory = at64(boot, 0);
    struct { u64 data, n; } text = { (u64)bytes, 1 };
    if (says(what, "port"))
        out_elsewhere();
    else if (says(what, "number-0"))
        out(0, (u32)(u64)&text);
    else if (says(what, "number-9"))
        out(9, (u32)(u64)&text);
    else if (says(what, "extension-call"))
        out(16, (u32)(u64)bytes);
    else if (says(what, "byte"))
        out_byte();
    else if (says(what, "in"))
        in();
    else if (says(what, "arguments-outside"))
        out(2, (u32)end_of_memory);
    else if (says(what, "arguments-in-text"))
        out(1, 0x100000);
    else if (says(what, "arguments-in-tables"))
        out(1, 0x2000);
    else if (says(what, "text-outside"))
        text.data = end_of_memory, call(2, &text);
    else if (says(what, "text-wraps"))
        text.n = (u64)-1, call(2, &text);
    else if (says(what, "read-into-text"))
        block_call(5, 2, 0, (void *)0x100000, 512);
    else if (says(what, "read-outside"))
        block_call(5, 2, 0, (void *)(end_of_memory - 256), 512);
    else if (says(what, "write-text"))
        *(volatile u8 *)0x100040 = 1;
    else if (says(what, "null"))
        *(volatile u8 *)0x10 = 1;
    else if (says(what, "outside"))
        *(volatile u8 *)(end_of_memory + 0x200000) = 1;
    else if (says(what, "hlt"))
        halt_cpu();
    print("alive\n");
}

__attribute__((noreturn, used)) void guest_main(const u8 *boot_)
{
    boot = boot_;
    manifest = (const u8 *)at64(boot, 32);
    const char *line = (const char *)at64(boot, 24);
    if (at64(boot, 16) == 0)
        fail("no frequency");
    if (says(line, "hello"))
        print("hello from the guest\n");
    else if (says(line, "extension"))
        print(at32(extension, 0) == 2 ? "yes\n" : "no\n");
    else if (says(line, "command-line"))
        print(line);
    else if (says(line, "status"))
        end(42);
    else if (says(line, "echo"))
        echo();
    else if (says(line, "block"))
        block();
    else if (says(line, "poll"))
        poll();
    else if (says(line, "try"))
        forbidden(line + 4);
    else if (says(line, "spin")) {
        print("spinning\n");
        for (;;)
            ;
    }
    end(0);
}
