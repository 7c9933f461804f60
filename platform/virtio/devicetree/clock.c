// SPDX-License-Identifier: ISC
/* clock.c - time from the CPU's counter, whose rate is known; the time of day from the machine's clock (Arm PL031, or Google's
 * goldfish), asked for once. */
#include "arch/arch.h"
#include "platform/platform.h"
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/io.h"

enum {
    PL031_SECONDS = 0x00,
    GOLDFISH_LOW = 0x00,            /* nanoseconds; reading it keeps the upper half */
    GOLDFISH_HIGH = 0x04,
};

static uint64_t rate;               /* nanoseconds of a tick, of 2^32 */

void clock_init(void)
{
    uint64_t hz = counter_hz();
    if (hz == 0)
        machine_stop("nothing says how fast the CPU counts");
    rate = (NS_PER_S << 32) / hz;
    if (region_is_there(tree.rtc))
        pages_map_device(tree.rtc.begin, PAGE_BYTES);
}

bool clock_wants_refining(void)
{
    return false;
}
void clock_refine(void)
{
}

nanos platform_clock_monotonic(void)
{
    uint64_t ticks = arch_cycles() - virtio_entry_cycles;
    return (uint64_t)((unsigned __int128)ticks * rate >> 32);
}

static nanos time_of_day(void)
{
    if (!region_is_there(tree.rtc))
        return 0;
    if (!tree.rtc_is_goldfish)
        return mmio_read32(tree.rtc.begin + PL031_SECONDS) * NS_PER_S;
    uint64_t low = mmio_read32(tree.rtc.begin + GOLDFISH_LOW);
    return (uint64_t)mmio_read32(tree.rtc.begin + GOLDFISH_HIGH) << 32 | low;
}

nanos platform_clock_wall(void)
{
    static nanos origin;
    if (origin == 0)
        origin = nanos_sub(time_of_day(), platform_clock_monotonic());
    return nanos_add(origin, platform_clock_monotonic());
}
