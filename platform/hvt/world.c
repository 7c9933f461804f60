// SPDX-License-Identifier: ISC
/* world.c - console, clocks, the end, waiting, blocks. */
#include "arch/arch.h"
#include "platform/hvt/hvt.h"

/* Nanoseconds of a cycle as a fraction of 2^32; the product has up to 96 bits. */
#define CLOCK_SHIFT 32
__extension__ typedef unsigned __int128 wide;

static struct {
    uint64_t cycles_at_start;
    uint64_t ns_fraction;
} clock_source;

void hvt_clock_init(void)
{
    uint64_t hz = hvt.boot->cycles_hz;
    REQUIRE(hz > 0);
    clock_source.cycles_at_start = arch_cycles();
    clock_source.ns_fraction = (uint64_t)(((wide)NS_PER_S << CLOCK_SHIFT) / hz);
}

/* Never 0, which as a deadline would mean to look only. */
nanos platform_clock_monotonic(void)
{
    uint64_t cycles = arch_cycles() - clock_source.cycles_at_start;
    return (nanos)((wide)cycles * clock_source.ns_fraction >> CLOCK_SHIFT) + 1;
}
nanos platform_clock_wall(void)
{
    struct solo5_hvt_walltime wall = { 0 };
    hvt_call(SOLO5_HVT_WALLTIME, &wall);
    return wall.nsecs;
}

void platform_console_write(struct span text)
{
    struct solo5_hvt_puts puts = { (uintptr_t)text.p, text.n };
    if (text.n > 0)
        hvt_call(SOLO5_HVT_PUTS, &puts);
}

void hvt_halt(int status, const struct solo5_hvt_trap_frame *frame)
{
    struct solo5_hvt_halt halt = { .exit_status = status, .cookie = (uintptr_t)frame };
    for (;;)
        hvt_call(SOLO5_HVT_HALT, &halt);
}
void platform_exit(int status)
{
    hvt_exchange_flush();
    if (hvt.ring)
        hvt_ring_drain();
    hvt_halt(status, NULL);
}
void platform_abort(void)
{
    hvt_halt(HVT_STATUS_ABORT, NULL);
}

void guest_poll(nanos deadline)
{
    struct solo5_hvt_poll p = { 0 };
    if (deadline != 0)
        p.timeout_nsecs = deadline == NEVER ? INT64_MAX : nanos_min(nanos_sub(deadline, platform_clock_monotonic()), INT64_MAX);
    if (!hvt_exchange_wait(p.timeout_nsecs, &p.ready_set))
        hvt_call(SOLO5_HVT_POLL, &p);
    guest.stop |= hvt_extension.version != 0 && (p.ready_set & HVT_READY_STOP);
    guest.ready |= p.ready_set & ~(uint64_t)HVT_READY_STOP;
}

/* ---- Blocks. Under Solo5's tender a failing disk is the end of the image. */

static err transfer(unsigned handle, enum solo5_hvt_call call, uint64_t offset, const void *p, size_t n)
{
    struct solo5_hvt_block b = { handle, offset, (uintptr_t)p, n, SOLO5_EUNSPEC, 0 };
    hvt_call(call, &b);
    return b.ret == SOLO5_OK ? OK : E_IO;
}
err guest_block_read(unsigned handle, uint64_t offset, struct mspan into)
{
    return transfer(handle, SOLO5_HVT_BLOCK_READ, offset, into.p, into.n);
}
err guest_block_write(unsigned handle, uint64_t offset, struct span from)
{
    return transfer(handle, SOLO5_HVT_BLOCK_WRITE, offset, from.p, from.n);
}
err guest_block_flush(unsigned handle)
{
    struct hvt_flush f = { .handle = handle, .ret = SOLO5_EUNSPEC };
    hvt_call(HVT_BLOCK_FLUSH, &f);
    return f.ret == SOLO5_OK ? OK : E_IO;
}
