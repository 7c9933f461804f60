// SPDX-License-Identifier: ISC
/* wait.c - sleeping until something happens. Devices are asked for interrupts only on the way to sleep; while the program
 * runs they are quiet, and their rings are looked at. */
#include "platform/platform.h"
#include "platform/virtio/device.h"
#include "platform/virtio/machine.h"

#define POLL_NS NS_PER_MS               /* where a device cannot interrupt us */
#define CHECK_NS NS_PER_S               /* from one look at the devices to the next */
#define SLEEPS_TO_GROW 256u

/* An interrupt that was not waited for is pending, and ends the next sleep at once. */
static uint64_t look(bool wants_interrupt)
{
    if (wants_interrupt && interrupts_of_devices()) {
        net_acknowledge();
        block_acknowledge();
    }
    return net_look(wants_interrupt) | block_look(wants_interrupt);
}

static uint64_t stop_bit(bool may_have_changed)
{
    static bool stop;
    if (may_have_changed && !stop)
        stop = power_button_was_pressed();
    return stop ? PLATFORM_READY_STOP : 0;
}

/* QEMU's translator makes its cache of address translations larger only when that is emptied and was full: left alone it stays at a
 * megabyte, and a tenth of the time is spent on filling it. A CPU's is full again within microseconds. */
static void let_translations_grow(void)
{
    static unsigned num_sleeps;
    if (++num_sleeps % SLEEPS_TO_GROW == 0)
        pages_use();
}

void interrupts_sleep(nanos deadline)
{
    let_translations_grow();
    if (deadline != NEVER) {
        nanos now = platform_clock_monotonic();
        if (deadline <= now)
            return;
        interrupts_start_timer(deadline - now);
    }
    virtio_sleep();
    if (deadline != NEVER)
        interrupts_stop_timer();
    interrupts_acknowledge();
}

/* A lie of a device's about the time it is done would cost the time until the deadline: none is longer than that. */
static nanos sleep_until(nanos deadline)
{
    nanos now = platform_clock_monotonic();
    if (devices_are_polled())
        deadline = nanos_min(deadline, nanos_add(now, POLL_NS));
    if (clock_wants_refining())
        deadline = nanos_min(deadline, nanos_add(now, CLOCK_REFINE_AFTER_NS));
    return deadline;
}

/* A device that fails interrupts us, too. Another's work may hide that, and legacy ones do not say it. */
static void check_devices(bool is_idle, nanos deadline)
{
    static nanos due;
    nanos now = platform_clock_monotonic();
    bool is_woken_for_nothing = is_idle && now < deadline;
    if (!is_woken_for_nothing && now < due)
        return;
    due = nanos_add(now, CHECK_NS);
    devices_check();
}

uint64_t platform_wait(nanos deadline)
{
    uint64_t ready = look(false);
    if (ready != 0 || deadline == 0 || deadline <= platform_clock_monotonic())
        return ready | stop_bit(false);
    ready = look(true);
    if (ready == 0) {
        interrupts_sleep(sleep_until(deadline));
        if (clock_wants_refining())
            clock_refine();
        ready = look(false);
        check_devices(ready == 0, deadline);
    }
    return ready | stop_bit(true);
}
