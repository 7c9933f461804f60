// SPDX-License-Identifier: ISC
/* Scopes: a fiber's end is told to its scope, which wakes the owner where it waits. Cancellation passes down by
 * the owners: a cancelled fiber unwinds through the scopes that it has opened, and that cancels them. */
#include "runtime/scheduler.h"

void scope_open(struct scope *s)
{
    struct fiber *self = fiber_running();
    *s = (struct scope){ .owner = self, .is_open = true };
    list_push_back(&self->scopes, &s->in_owner);
}

void scope_fiber_ended(struct scope *s, err result)
{
    struct fiber *joiner = s->joiner;
    s->last_result = result;
    if (result == OK)
        s->has_ended_well = true;
    else if (result != E_CANCELED && s->first_error == OK)
        s->first_error = result;
    s->joiner = NULL;
    if (joiner)
        fiber_wake(joiner, OK);
}

void scope_fibers_cancel(struct scope *s)
{
    s->is_cancelled = true;
    for (struct link *e = list_first(&s->fibers); e; e = list_next(&s->fibers, e))
        fiber_cancel(LINKED(e, struct fiber, in_scope));
}

void scope_cancel(struct scope *s)
{
    if (!s->is_open)
        return;
    REQUIRE(s->owner == fiber_running());
    scope_fibers_cancel(s);
    while (!list_is_empty(&s->fibers)) {
        s->joiner = s->owner;
        fiber_block_until_woken();
    }
    list_remove(&s->in_owner);
    *s = (struct scope){ 0 };
}

static err wait_for_an_end(struct scope *s, nanos deadline)
{
    s->joiner = s->owner;
    err e = fiber_block(NULL, deadline);
    s->joiner = NULL;
    return e;
}

err scope_join_until(struct scope *s, nanos deadline)
{
    REQUIRE(s->is_open && s->owner == fiber_running());
    err e = fiber_check();
    while (e == OK && s->first_error == OK && !list_is_empty(&s->fibers))
        e = wait_for_an_end(s, deadline);
    if (e == OK)
        e = s->first_error;
    scope_cancel(s);
    return e;
}

err scope_join(struct scope *s)
{
    return scope_join_until(s, NEVER);
}

err scope_race(struct scope *s)
{
    REQUIRE(s->is_open && s->owner == fiber_running());
    err e = fiber_check();
    while (e == OK && !s->has_ended_well && !list_is_empty(&s->fibers))
        e = wait_for_an_end(s, NEVER);
    if (e == OK && !s->has_ended_well)
        e = s->last_result;
    scope_cancel(s);
    return e;
}
