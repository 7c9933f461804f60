// SPDX-License-Identifier: ISC
/* Wait queues, and sleeping, which is waiting for nobody. */
#include "runtime/scheduler.h"

err waitq_wait(struct waitq *q, nanos deadline)
{
    return fiber_block(q, deadline);
}

bool waitq_wake_one(struct waitq *q)
{
    struct link *e = list_first(&q->fibers);
    if (e)
        fiber_wake(LINKED(e, struct fiber, in_queue), OK);
    return e != NULL;
}

void waitq_wake_all(struct waitq *q)
{
    while (waitq_wake_one(q))
        ;
}

err sleep_until(nanos deadline)
{
    err e = fiber_block(NULL, deadline);
    return e == E_TIMEDOUT ? OK : e;
}
