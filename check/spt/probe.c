// SPDX-License-Identifier: ISC
/* probe.c - an image over platform.h alone: what its command line says is what it does. Built with a manifest of a
 * network and a block device, and without. */
#include "abi/solo5.h"
#include "check/spt/cpu.h"
#include "platform/platform.h"

#define SECTORS 2048u           /* of a large transfer: one megabyte */

PLATFORM_STACK_POOL(3, 16384);
#ifdef DEVICES
SOLO5_MANIFEST_NOTE(SOLO5_NET("service0"), SOLO5_BLOCK("disk0"));
#else
SOLO5_MANIFEST_NOTE();
#endif

static void print(const char *text)
{
    platform_console_write(span_of_str(text));
}
NORETURN static void fail(const char *what)
{
    print(what);
    print("\n");
    platform_exit(1);
}
void panic(const char *file, int line, const char *what)
{
    (void)file;
    (void)line;
    print("panic: ");
    print(what);
    print("\n");
    platform_abort();
}

static void clock(void)
{
    nanos before = platform_clock_monotonic(), deadline = nanos_add(before, from_ms(3));
    while (platform_clock_monotonic() < deadline)
        if (platform_wait(deadline) != 0)
            fail("a device is ready");
    if (platform_clock_wall() < from_s(1700000000))
        fail("the wall clock is wrong");
    print("clock\n");
}

static void entropy(void)
{
    uint64_t seed[2][4] = { { 0 } };
    if (platform_entropy(MSPAN_OF(seed[0])) != OK)
        print("no entropy\n");
    else if (span_eq(SPAN_OF(seed[0]), SPAN_OF(seed[1])))
        fail("entropy is zero");
    else
        print("entropy\n");
}

/* Sends back what comes, until three frames have; a checksum that is left open stays so. */
static void echo(void)
{
    static uint8_t memory[FRAME_PARTS_MAX][2048];
    struct mspan buffers[FRAME_PARTS_MAX];
    struct platform_net_info info;
    unsigned handle;
    if (platform_net_find(TEXT("service0"), &handle, &info) != OK)
        fail("no network");
    for (size_t i = 0; i < FRAME_PARTS_MAX; i++)
        buffers[i] = MSPAN(memory[i]);
    for (int num = 0; num < 3;) {
        struct rx_frame in;
        if (!(platform_wait(NEVER) & 1u << handle))
            continue;
        if (platform_net_receive(handle, buffers, FRAME_PARTS_MAX, &in, 1) == 0)
            continue;
        struct tx_frame out = { .num_parts = in.num_buffers, .offload = in.offload };
        size_t left = in.num_bytes;
        for (size_t i = 0; i < in.num_buffers; i++) {
            out.part[i] = span_first(span_of(buffers[i]), left);
            left -= out.part[i].n;
        }
        uint8_t address[6];
        (void)span_copy(MSPAN(address), out.part[0]);
        (void)span_copy(buffers[0], span_sub(out.part[0], 6, 6));
        (void)span_copy(mspan_skip(buffers[0], 6), SPAN(address));
        /* split the frame, so that it is a list also where it fits one buffer */
        if (out.num_parts == 1) {
            out.part[1] = span_skip(out.part[0], 14);
            out.part[0] = span_first(out.part[0], 14);
            out.num_parts = 2;
        }
        if (platform_net_send(handle, &out, 1) != 1)
            fail("a frame was not taken");
        num++;
    }
    print("echoed\n");
}

static err request(unsigned handle, enum platform_block_op op, uint64_t offset, struct mspan bytes)
{
    struct platform_block_request r = { .op = op, .offset_bytes = offset, .bytes = bytes };
    TRY(platform_block_submit(handle, &r));
    if (!(platform_wait(0) & 1u << handle) || platform_block_complete(handle) != &r)
        fail("a request is not complete");
    return r.result;
}

/* Of a file is a hole then. */
static void discard(unsigned handle, uint64_t offset, struct mspan bytes)
{
    if (request(handle, PLATFORM_BLOCK_DISCARD, offset, bytes) != OK || request(handle, PLATFORM_BLOCK_READ, offset, bytes) != OK)
        fail("no discard");
    for (size_t i = 0; i < bytes.n; i++)
        if (span_at(span_of(bytes), i) != 0)
            fail("what was discarded is still there");
}

static void block(void)
{
    static uint8_t out[SECTORS * 512], in[SECTORS * 512];
    struct platform_block_info info;
    unsigned handle;
    if (platform_block_find(TEXT("disk0"), &handle, &info) != OK || info.sector_bytes != 512 ||
        info.capacity_bytes < sizeof out || info.max_sectors < SECTORS)
        fail("no such block device");
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = (uint8_t)(i * 31 >> 3);
    uint64_t offset = info.capacity_bytes - sizeof out;
    if (request(handle, PLATFORM_BLOCK_WRITE, offset, MSPAN(out)) != OK ||
        request(handle, PLATFORM_BLOCK_READ, offset, MSPAN(in)) != OK || !span_eq(SPAN(in), SPAN(out)))
        fail("a megabyte came back changed");
    if (info.can_flush && request(handle, PLATFORM_BLOCK_FLUSH, 0, (struct mspan){ 0 }) != OK)
        fail("no flush");
    if (request(handle, PLATFORM_BLOCK_READ, offset + 512, MSPAN(in)) != E_RANGE ||
        request(handle, PLATFORM_BLOCK_READ, 1, MSPAN(in)) != E_INVALID ||
        request(handle, PLATFORM_BLOCK_DISCARD, 1, MSPAN(in)) != (info.can_discard ? E_INVALID : E_UNSUPPORTED) ||
        request(handle, PLATFORM_BLOCK_DISCARD, offset + 512, MSPAN(in)) != (info.can_discard ? E_RANGE : E_UNSUPPORTED))
        fail("a wrong request was begun");
    if (info.can_discard)
        discard(handle, offset, MSPAN(in));
    print(info.can_discard ? "stored, flushed and discarded\n" : info.can_flush ? "stored and flushed\n" : "stored\n");
}

static void stop(void)
{
    print("waiting\n");
    while (!(platform_wait(NEVER) & PLATFORM_READY_STOP))
        ;
    print("stopped\n");
    platform_exit(7);
}

/* No page is touched but those of the stack: the first below it is the guard. */
__attribute__((noinline)) static unsigned overrun(unsigned depth)
{
    volatile uint8_t frame[512];
    frame[0] = (uint8_t)depth;
    return depth == 0 ? 0 : overrun(depth + 1) + frame[0];
}

/* The compiler is not to know the address. */
static void poke(uintptr_t address)
{
    __asm__("" : "+r"(address));
    *(volatile uint8_t *)address = 1;
}

/* Access that the memory's rights forbid. */
static void touch(struct span what, struct mspan free)
{
    static uint8_t ret[16] = { RETURN_BYTES };
    extern uint8_t _end[];
    static const char constant[] = "constant";
    if (span_eq(what, TEXT("null")))
        poke((uintptr_t)0x10);
    else if (span_eq(what, TEXT("write-text")))
        poke((uintptr_t)touch);
    else if (span_eq(what, TEXT("write-constant")))
        poke((uintptr_t)constant);
    else if (span_eq(what, TEXT("run-data")))
        ((void (*)(void))(uintptr_t)ret)();
    else if (span_eq(what, TEXT("run-free")))
        ((void (*)(void))(uintptr_t)free.p)();
    else if (span_eq(what, TEXT("write-tables")))
        poke((uintptr_t)_end);
    else if (span_eq(what, TEXT("trap")))
        __builtin_trap();
    print("alive\n");
}

void platform_main(const struct platform_start *start)
{
    struct span what = start->command_line;
    if (span_eq(what, TEXT("hello")))
        print("hello from the probe\n");
    else if (span_eq(what, TEXT("clock")))
        clock();
    else if (span_eq(what, TEXT("entropy")))
        entropy();
    else if (span_eq(what, TEXT("echo")))
        echo();
    else if (span_eq(what, TEXT("block")))
        block();
    else if (span_eq(what, TEXT("stop")))
        stop();
    else if (span_eq(what, TEXT("overrun")))
        (void)overrun(1);
    else if (span_starts(what, TEXT("touch ")))
        touch(span_skip(what, 6), start->memory);
    else if (span_eq(what, TEXT("abort")))
        REQUIRE(start == NULL);
    platform_exit(0);
}
