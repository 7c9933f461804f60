// SPDX-License-Identifier: ISC
/* world.c - console, clocks, the end, waiting. */
#include "arch/arch.h"
#include "platform/hvt/hvt.h"

/* Nanoseconds of a cycle as a fraction of 2^32; the product has up to 96 bits. */
#define CLOCK_SHIFT 32
#define LISTS_BEFORE_A_LOOK 8u
__extension__ typedef unsigned __int128 wide;

/* In images with blocks alone. */
__attribute__((weak)) bool hvt_requests_run(void);

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

/* Whether requests were carried out, after which there is something to go on with. Now and then the other devices are looked at, too. */
static bool ran_requests(void)
{
    static unsigned num;
    return hvt_requests_run && hvt_requests_run() && ++num % LISTS_BEFORE_A_LOOK != 0;
}

void guest_poll(nanos deadline)
{
    struct solo5_hvt_poll p = { 0 };
    if (ran_requests())
        return;
    if (guest.ready != 0)
        deadline = 0;
    if (deadline != 0)
        p.timeout_nsecs = deadline == NEVER ? INT64_MAX : nanos_min(nanos_sub(deadline, platform_clock_monotonic()), INT64_MAX);
    if (!hvt_exchange_wait(p.timeout_nsecs, &p.ready_set))
        hvt_call(SOLO5_HVT_POLL, &p);
    guest.stop |= hvt_extension.version != 0 && (p.ready_set & HVT_READY_STOP);
    guest.ready |= p.ready_set & ~(uint64_t)HVT_READY_STOP;
}
