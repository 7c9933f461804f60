// SPDX-License-Identifier: ISC
/* scheduler.h - what the files of the runtime that know fibers from inside share; not for anybody else, but
 * for tests and scheduler_run.
 *
 * The scheduler runs on stack 0 of the pool and switches to the oldest ready fiber, which switches back when
 * it blocks. When no fiber is ready it sleeps in platform_wait until the next timer. It looks at the devices and
 * timers at least every SCHEDULER_LOOK_EVERY switches, so that fibers which keep each other ready
 * starve nobody; not after each, since looking is a system call. */
#ifndef RUNTIME_SCHEDULER_H
#define RUNTIME_SCHEDULER_H
#include "arch/arch.h"
#include "base/wheel.h"
#include "runtime/fiber.h"

#define SCHEDULER_LOOK_EVERY 64u

struct fiber {                  /* lies at the top of its own stack */
    struct arch_context context;
    struct mspan stack;         /* without this struct */
    struct scope *scope;
    struct link in_scope;       /* when ended: in the list of free fibers */
    struct link in_queue;       /* of the ready, or in a wait queue */
    struct wheel_timer timer;   /* the deadline of the call that blocks */
    struct list scopes;         /* that it has opened */
    const char *name;
    fiber_fn *fn;
    void *arg;
    err result;                 /* of the call that blocked */
    bool is_blocked, can_be_cancelled, is_cancelled;
};

/* Runs fn(arg) as the first fiber and schedules until it has ended; returns its result. */
MUST_CHECK err scheduler_run(fiber_fn *fn, void *arg, const char *name);
bool scheduler_stop_was_asked(void);
/* For tests, when it has ended: fibers that have not, and timers that are set. */
size_t scheduler_num_fibers(void);
size_t scheduler_num_timers(void);

/* The running fiber; on the scheduler's own stack a panic, or NULL from fiber_running_or_null. */
struct fiber *fiber_running(void);
struct fiber *fiber_running_or_null(void);
/* The stack that runs: for backtraces. */
struct mspan fiber_stack(void);

/* Blocks the running fiber, in q where there is one, until fiber_wake, the deadline or its cancellation. With
 * deadline 0, or when it is cancelled already, it returns at once. */
MUST_CHECK err fiber_block(struct waitq *q, nanos deadline);
/* The same, but waits for fiber_wake alone: for what must happen before a scope can end. */
void fiber_block_until_woken(void);
/* Makes a blocked fiber ready: its call returns `result`. */
void fiber_wake(struct fiber *f, err result);
void fiber_cancel(struct fiber *f);

/* scope.c is told that the fiber has ended; the fiber is no longer in its list. */
void scope_fiber_ended(struct scope *s, err result);
/* Cancels the fibers without waiting for them. */
void scope_fibers_cancel(struct scope *s);

/* fiber.c for the scheduler: forgets all fibers; switches to one and returns when it blocks or ends. */
void fibers_reset(void);
void fiber_resume(struct fiber *f);
/* scheduler.c for fiber.c. */
void scheduler_make_ready(struct fiber *f);
void scheduler_set_timer(struct fiber *f, nanos at);

#endif
