// SPDX-License-Identifier: ISC
/* The scheduler: the queue of ready fibers, their timers, and the world below. */
#include "platform/platform.h"
#include "runtime/clock.h"
#include "runtime/scheduler.h"

#define NUM_HANDLES 64

static struct {
    struct list ready;
    unsigned num_switches;                  /* since it last looked at the world */
    struct wheel wheel;
    struct scope root;                      /* of the first fiber */
    struct fiber *device_waiter[NUM_HANDLES];
    uint64_t devices_ready;                 /* seen ready while nobody waited for them */
    struct waitq stop_waiters;
    bool stop_was_asked, stop_is_awaited;   /* by the operator; by a fiber, at some time */
} sched;

bool scheduler_stop_was_asked(void)
{
    return sched.stop_was_asked;
}

size_t scheduler_num_timers(void)
{
    return wheel_count(&sched.wheel);
}

void scheduler_make_ready(struct fiber *f)
{
    list_push_back(&sched.ready, &f->in_queue);
}

void scheduler_set_timer(struct fiber *f, nanos at)
{
    wheel_set(&sched.wheel, &f->timer, at);
}

static void fire_timers(void)
{
    struct wheel_timer *t;
    wheel_advance(&sched.wheel, clock_now());
    while ((t = wheel_next_due(&sched.wheel)) != NULL)
        fiber_wake(LINKED(t, struct fiber, timer), E_TIMEDOUT);
}

/* An orderly end is whoever's business who waits for it; where nobody ever did, the first fiber is cancelled. */
static void begin_stop(void)
{
    sched.stop_was_asked = true;
    if (sched.stop_is_awaited)
        waitq_wake_all(&sched.stop_waiters);
    else
        scope_fibers_cancel(&sched.root);
}

static void device_is_ready(unsigned handle)
{
    struct fiber *f = sched.device_waiter[handle];
    if (f && f->is_blocked)
        fiber_wake(f, OK);
    else
        sched.devices_ready |= 1ull << handle;
}

static void look_at_world(nanos deadline)
{
    uint64_t set = platform_wait(deadline);
    sched.num_switches = 0;
    if ((set & PLATFORM_READY_STOP) != 0 && !sched.stop_was_asked)
        begin_stop();
    for (set &= ~(uint64_t)PLATFORM_READY_STOP; set != 0; set &= set - 1)
        device_is_ready((unsigned)__builtin_ctzll(set));
    fire_timers();
}

static void run_oldest(void)
{
    struct link *e = list_pop_front(&sched.ready);
    sched.num_switches++;
    fiber_resume(LINKED(e, struct fiber, in_queue));
}

err scheduler_run(fiber_fn *fn, void *arg, const char *name)
{
    memset(&sched, 0, sizeof sched);
    wheel_init(&sched.wheel, clock_now());
    fibers_reset();
    sched.root.is_open = true;
    TRY(fiber_go(&sched.root, fn, arg, name));
    while (!list_is_empty(&sched.root.fibers)) {
        if (list_is_empty(&sched.ready))
            look_at_world(wheel_deadline(&sched.wheel));
        else if (sched.num_switches >= SCHEDULER_LOOK_EVERY)
            look_at_world(0);
        else
            run_oldest();
    }
    return sched.root.last_result;
}

err device_wait(unsigned handle, nanos deadline)
{
    REQUIRE(handle > 0 && handle < NUM_HANDLES && sched.device_waiter[handle] == NULL);
    TRY(fiber_check());
    if ((sched.devices_ready >> handle & 1) != 0) {
        sched.devices_ready &= ~(1ull << handle);
        return OK;
    }
    sched.device_waiter[handle] = fiber_running();
    err e = fiber_block(NULL, deadline);
    sched.device_waiter[handle] = NULL;
    return e;
}

err stop_wait(nanos deadline)
{
    TRY(fiber_check());
    sched.stop_is_awaited = true;
    return sched.stop_was_asked ? OK : waitq_wait(&sched.stop_waiters, deadline);
}
