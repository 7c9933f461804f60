// SPDX-License-Identifier: ISC
/* world.c - console, clocks, entropy, the end, and waiting. */
#include "arch/arch.h"
#include "platform/hvt/hvt.h"

#define STATUS_ABORT 255
/* How often platform_wait may answer from memory before it looks at the other devices and the wish for an end. */
#define ANSWERS_FROM_MEMORY_MAX 64
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

/* The tender's bytes are given out once; the first of them became the canary. */
err platform_entropy(struct mspan out)
{
    static size_t num_given = sizeof(uint64_t);
    struct mspan left = mspan_skip(MSPAN(hvt_extension.entropy), num_given);
    if (hvt_extension.version == 0 || left.n < out.n)
        return E_UNSUPPORTED;
    struct mspan given = mspan_first(left, out.n);
    num_given += span_copy(out, span_of(given));
    mspan_zero(given);
    return OK;
}

void platform_exit(int status)
{
    struct solo5_hvt_halt halt = { .exit_status = status };
    if (hvt.ring)
        hvt_ring_drain();
    for (;;)
        hvt_call(SOLO5_HVT_HALT, &halt);
}
void platform_abort(void)
{
    struct solo5_hvt_halt halt = { .exit_status = STATUS_ABORT };
    for (;;)
        hvt_call(SOLO5_HVT_HALT, &halt);
}

/* Sleeps until the deadline at most and adds to hvt.ready what has become ready. */
static void poll(nanos deadline)
{
    struct solo5_hvt_poll p = { 0 };
    if (deadline != 0)
        p.timeout_nsecs = deadline == NEVER ? INT64_MAX : nanos_min(nanos_sub(deadline, platform_clock_monotonic()), INT64_MAX);
    hvt_call(SOLO5_HVT_POLL, &p);
    hvt.stop |= hvt_extension.version != 0 && (p.ready_set & HVT_READY_STOP);
    hvt.ready |= p.ready_set & ~(uint64_t)HVT_READY_STOP;
}

uint64_t platform_wait(nanos deadline)
{
    static unsigned num_from_memory;
    if (hvt.ready == 0 || ++num_from_memory >= ANSWERS_FROM_MEMORY_MAX) {
        num_from_memory = 0;
        poll(hvt.ready == 0 ? deadline : 0);
    }
    return hvt.ready | (hvt.stop ? PLATFORM_READY_STOP : 0);
}
