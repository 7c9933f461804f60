// SPDX-License-Identifier: ISC
/* fiber.h - direct-style concurrency on one core. A fiber runs until it blocks; it belongs to a scope
 * and no scope ends before its fibers. Every blocking call takes an absolute deadline (runtime/clock.h)
 * and returns E_TIMEDOUT when it passes, E_CANCELED when the fiber's scope is cancelled. Cancellation
 * sticks: every later blocking call of the fiber returns E_CANCELED at once, so that it unwinds. */
#ifndef RUNTIME_FIBER_H
#define RUNTIME_FIBER_H
#include "base/err.h"
#include "base/list.h"
#include "base/nanos.h"

struct fiber;
typedef err fiber_fn(void *arg);

struct scope {                  /* private; all zero is a closed scope */
    struct list fibers;
    struct fiber *owner;        /* the fiber that opened it; its cancellation passes down */
    struct link in_owner;
    bool is_open, is_cancelled;
    struct fiber *joiner;
    err first_error, last_result;
    bool has_ended_well;        /* one of its fibers */
};

/* Opens a scope of the calling fiber. Close it with scope_join or scope_cancel, or have that done:
 *     struct scope s CLEANUP(scope_cancel);  scope_open(&s); */
void scope_open(struct scope *s);
/* Starts fn(arg) as a fiber of the scope; it runs when the caller next blocks. name: a constant, for logs.
 * E_NOMEM: no stack is free. E_CANCELED: the scope is. The scope keeps arg until the fiber ends. */
MUST_CHECK err fiber_go(struct scope *s, fiber_fn *fn, void *arg, const char *name);
/* Waits until every fiber of the scope has ended, and closes it. The first error of one of them that is
 * not E_CANCELED cancels the others and is returned; E_CANCELED if the caller itself was cancelled
 * meanwhile (the fibers are then cancelled and waited for too). */
MUST_CHECK err scope_join(struct scope *s);
/* The same with a limit: at the deadline the fibers are cancelled and waited for, and it returns E_TIMEDOUT. */
MUST_CHECK err scope_join_until(struct scope *s, nanos deadline);
/* Waits for the first fiber that ends well (OK), cancels the others, waits for them; returns that OK, or the
 * last error where none ended well. */
MUST_CHECK err scope_race(struct scope *s);
/* Cancels every fiber of the scope, waits for them and closes it. Idempotent. */
void scope_cancel(struct scope *s);

/* E_CANCELED if the calling fiber's scope is cancelled, else OK. Blocking calls that may not have to block begin with it. */
MUST_CHECK err fiber_check(void);
/* Lets others run. E_CANCELED. */
MUST_CHECK err fiber_yield(void);
/* E_CANCELED, else OK at the deadline. */
MUST_CHECK err sleep_until(nanos deadline);
const char *fiber_name(void);

/* ---- Wait queues: what blocking calls are made of. */

struct waitq {                  /* all zero: empty */
    struct list fibers;
};
/* Blocks until woken (OK), the deadline or cancellation. */
MUST_CHECK err waitq_wait(struct waitq *q, nanos deadline);
bool waitq_wake_one(struct waitq *q);       /* oldest first; false: nobody waited */
void waitq_wake_all(struct waitq *q);

/* Blocks until platform device `handle` may be ready. One fiber a handle. */
MUST_CHECK err device_wait(unsigned handle, nanos deadline);
/* Blocks until the operator asks for an orderly end. OK then. A unikernel that never calls it has its first fiber
 * cancelled instead. */
MUST_CHECK err stop_wait(nanos deadline);

#endif
