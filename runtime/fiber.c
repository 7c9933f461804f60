// SPDX-License-Identifier: ISC
/* Fibers: where they live, how they start, block, wake and end. A fiber's struct lies at the top of its
 * stack, so that there is no table and no heap; ended ones wait in a list, the last one first since its stack
 * is warm. */
#include "platform/platform.h"
#include "runtime/scheduler.h"

#define FIBER_BYTES ((sizeof(struct fiber) + 63) / 64 * 64)

static struct {
    struct list free;           /* by in_scope */
    unsigned num_stacks;        /* that were ever used, stack 0 included */
    struct fiber *running;
    struct arch_context scheduler;
} fibers;

void fibers_reset(void)
{
    fibers.free = (struct list){ 0 };
    fibers.num_stacks = 1;
    fibers.running = NULL;
}

size_t scheduler_num_fibers(void)
{
    size_t num = fibers.num_stacks > 0 ? fibers.num_stacks - 1 : 0;
    for (struct link *e = list_first(&fibers.free); e; e = list_next(&fibers.free, e))
        num--;
    return num;
}

struct fiber *fiber_running_or_null(void)
{
    return fibers.running;
}

struct fiber *fiber_running(void)
{
    REQUIRE(fibers.running != NULL);
    return fibers.running;
}

const char *fiber_name(void)
{
    return fibers.running ? fibers.running->name : "scheduler";
}

struct mspan fiber_stack(void)
{
    return fibers.running ? fibers.running->stack : platform_stack(0);
}

/* A fiber, all zero but for its stack, that nobody uses; NULL: there is none. */
static struct fiber *take_free(void)
{
    struct link *e = list_pop_front(&fibers.free);
    if (e) {
        struct fiber *f = LINKED(e, struct fiber, in_scope);
        *f = (struct fiber){ .stack = f->stack };
        return f;
    }
    if (fibers.num_stacks == platform_stack_pool.num)
        return NULL;
    struct mspan stack = platform_stack(fibers.num_stacks++);
    struct fiber *f = (struct fiber *)(void *)mspan_skip(stack, stack.n - FIBER_BYTES).p;
    *f = (struct fiber){ .stack = mspan_first(stack, stack.n - FIBER_BYTES) };
    return f;
}

static void fiber_main(void *arg)
{
    struct fiber *self = arg;
    err result = self->fn(self->arg);
    REQUIRE(list_is_empty(&self->scopes));      /* its scopes end before it does */
    list_remove(&self->in_scope);
    scope_fiber_ended(self->scope, result);
    list_push_front(&fibers.free, &self->in_scope);
    arch_context_leave(&self->context, &fibers.scheduler);
}

err fiber_go(struct scope *s, fiber_fn *fn, void *arg, const char *name)
{
    REQUIRE(s->is_open);
    if (s->is_cancelled || (s->owner && s->owner->is_cancelled))
        return E_CANCELED;
    struct fiber *f = take_free();
    if (!f)
        return E_NOMEM;
    f->scope = s;
    f->name = name;
    f->fn = fn;
    f->arg = arg;
    list_push_back(&s->fibers, &f->in_scope);
    arch_context_init(&f->context, f->stack, fiber_main, f);
    scheduler_make_ready(f);
    return OK;
}

void fiber_resume(struct fiber *f)
{
    fibers.running = f;
    arch_context_switch(&fibers.scheduler, &f->context);
    fibers.running = NULL;
}

static void give_way(struct fiber *self)
{
    arch_context_switch(&self->context, &fibers.scheduler);
}

err fiber_check(void)
{
    return fiber_running()->is_cancelled ? E_CANCELED : OK;
}

err fiber_yield(void)
{
    TRY(fiber_check());
    scheduler_make_ready(fiber_running());
    give_way(fiber_running());
    return fiber_check();
}

err fiber_block(struct waitq *q, nanos deadline)
{
    struct fiber *self = fiber_running();
    TRY(fiber_check());
    if (deadline == 0)
        return E_TIMEDOUT;
    if (q)
        list_push_back(&q->fibers, &self->in_queue);
    scheduler_set_timer(self, deadline);
    self->can_be_cancelled = true;
    self->is_blocked = true;
    give_way(self);
    return self->result;
}

void fiber_block_until_woken(void)
{
    struct fiber *self = fiber_running();
    self->can_be_cancelled = false;
    self->is_blocked = true;
    give_way(self);
}

void fiber_wake(struct fiber *f, err result)
{
    REQUIRE(f->is_blocked);
    f->is_blocked = false;
    f->result = result;
    scheduler_set_timer(f, NEVER);
    list_remove(&f->in_queue);
    scheduler_make_ready(f);
}

void fiber_cancel(struct fiber *f)
{
    f->is_cancelled = true;
    if (f->is_blocked && f->can_be_cancelled)
        fiber_wake(f, E_CANCELED);
}
