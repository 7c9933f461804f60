// SPDX-License-Identifier: ISC
/* Fibers, scopes and wait queues in virtual time. Fibers write down what happens; the tests read that. */
#include "check/test.h"
#include "check/fake_platform.h"
#include "runtime/channel.h"
#include "runtime/clock.h"
#include "runtime/scheduler.h"
#include <sys/wait.h>
#include <unistd.h>

static char story[256];

static void tell(const char *text)
{
    REQUIRE(strlen(story) + strlen(text) < sizeof story);
    strcat(story, text);
}
static err run(fiber_fn *fn, void *arg)
{
    fake_reset();
    story[0] = 0;
    return scheduler_run(fn, arg, "first");
}
#define STORY_IS(text) SPAN_EQ(span_of_str(story), text)

static err tell_twice(void *arg)
{
    tell(arg);
    TRY(fiber_yield());
    tell(arg);
    return OK;
}
static err fail_at_once(void *arg)
{
    tell("failed ");
    return *(err *)arg;
}
static err sleep_for_ms(void *arg)
{
    err e = sleep_until(in_ms(*(unsigned *)arg));
    tell(e == OK ? "slept " : e == E_CANCELED ? "cancelled " : "?");
    return e;
}
static unsigned ms_1 = 1, ms_20 = 20, ms_1000 = 1000;
static err no_error = OK, reset = E_RESET, refused = E_REFUSED;

/* ---- Order and joining */

static err start_three(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    TRY(fiber_go(&s, tell_twice, "a", "a"));
    TRY(fiber_go(&s, tell_twice, "b", "b"));
    TRY(fiber_go(&s, tell_twice, "c", "c"));
    tell("-");
    TRY(scope_join(&s));
    tell(".");
    return OK;
}
TEST(fibers_take_turns_in_the_order_of_their_start_and_join_waits_for_all)
{
    EQ(run(start_three, NULL), OK);
    STORY_IS("-abcabc.");
}
static err join_with_a_failure(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    TRY(fiber_go(&s, sleep_for_ms, &ms_1000, "sleeper"));
    TRY(fiber_go(&s, fail_at_once, arg, "failing"));
    TRY(fiber_go(&s, fail_at_once, &refused, "failing later"));
    return scope_join(&s);
}
TEST(the_first_error_is_returned_and_cancels_the_others)
{
    EQ(run(join_with_a_failure, &reset), E_RESET);
    STORY_IS("failed failed cancelled ");
    EQ(fake.now, 5 * (nanos)NS_PER_S);
}
static err join_until(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    TRY(fiber_go(&s, sleep_for_ms, arg, "sleeper"));
    TRY(fiber_go(&s, sleep_for_ms, &ms_1, "sleeper"));
    return scope_join_until(&s, in_ms(500));
}
TEST(a_join_with_a_deadline_cancels_who_is_late)
{
    EQ(run(join_until, &ms_1000), E_TIMEDOUT);
    STORY_IS("slept cancelled ");
    TRUE(fake.now >= 5 * (nanos)NS_PER_S + from_ms(500) && fake.now < 5 * (nanos)NS_PER_S + from_ms(503));
    EQ(run(join_until, &ms_20), OK);
    STORY_IS("slept slept ");
}
static err join_empty(void *arg)
{
    struct scope s;
    (void)arg;
    scope_open(&s);
    TRY(scope_join(&s));
    scope_cancel(&s);
    scope_cancel(&s);
    scope_open(&s);
    return scope_race(&s);
}
TEST(an_empty_scope_joins_at_once_and_closing_is_idempotent)
{
    EQ(run(join_empty, NULL), OK);
}
TEST(the_result_of_the_first_fiber_is_the_result_of_the_run)
{
    EQ(run(fail_at_once, &refused), E_REFUSED);
    EQ(run(fail_at_once, &no_error), OK);
}

/* ---- Racing */

static err race(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    TRY(fiber_go(&s, fail_at_once, &reset, "failing"));
    TRY(fiber_go(&s, sleep_for_ms, &ms_20, "winner"));
    TRY(fiber_go(&s, sleep_for_ms, arg, "loser"));
    return scope_race(&s);
}
TEST(a_race_is_won_by_the_first_that_ends_well)
{
    EQ(run(race, &ms_1000), OK);
    STORY_IS("failed slept cancelled ");
    EQ(run(race, &ms_1), OK);
    STORY_IS("failed slept cancelled ");
}
static err race_of_losers(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    TRY(fiber_go(&s, fail_at_once, &reset, "failing"));
    TRY(fiber_go(&s, fail_at_once, &refused, "failing"));
    return scope_race(&s);
}
TEST(a_race_that_nobody_wins_returns_the_last_error)
{
    EQ(run(race_of_losers, NULL), E_REFUSED);
}

/* ---- Every call that blocks: cancelled, out of time, and without any */

static struct waitq quiet;
static int full_items[2], empty_items[2];
static struct channel full, empty;

static err in_sleep(nanos deadline)
{
    return sleep_until(deadline);
}
static err in_waitq(nanos deadline)
{
    return waitq_wait(&quiet, deadline);
}
static err in_send(nanos deadline)
{
    int x = 1;
    return channel_send(&full, SPAN_OF(x), deadline);
}
static err in_receive(nanos deadline)
{
    int x;
    return channel_receive(&empty, MSPAN_OF(x), deadline);
}
static err in_device(nanos deadline)
{
    return device_wait(3, deadline);
}
static err in_stop(nanos deadline)
{
    return stop_wait(deadline);
}
static err in_join(nanos deadline)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    err e = fiber_go(&s, sleep_for_ms, &ms_1000, "inner");
    return e == OK ? scope_join_until(&s, deadline) : e;
}
static err in_race(nanos deadline)
{
    struct scope s CLEANUP(scope_cancel);
    (void)deadline;
    scope_open(&s);
    err e = fiber_go(&s, sleep_for_ms, &ms_1000, "inner");
    return e == OK ? scope_race(&s) : e;
}
static err in_yield(nanos deadline)
{
    err e = OK;
    (void)deadline;
    for (unsigned i = 0; i < 1000 && e == OK; i++)
        e = fiber_yield();
    return e;
}
typedef err blocking(nanos deadline);
static blocking *const calls[] = { in_sleep, in_waitq, in_send, in_receive, in_device, in_stop, in_join, in_race, in_yield };
static const unsigned num_with_deadline = 7;    /* the first ones */

struct attempt {
    blocking *call;
    nanos deadline, returned_at;
    err first, second;
};
static err attempt(void *arg)
{
    struct attempt *a = arg;
    a->first = a->call(a->deadline);
    a->returned_at = clock_now();
    a->second = a->call(NEVER);
    return a->first;
}
static void reset_channels(void)
{
    full = (struct channel)CHANNEL_OVER(full_items);
    empty = (struct channel)CHANNEL_OVER(empty_items);
    full.ring.written = full.ring.capacity;
    quiet = (struct waitq){ 0 };
}
static err cancel_while_blocked(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    TRY(fiber_go(&s, attempt, arg, "attempt"));
    for (unsigned i = 0; i < 5; i++)
        TRY(fiber_yield());
    return OK;
}
TEST(cancellation_wakes_every_blocking_call_and_sticks)
{
    for (size_t i = 0; i < NUM_OF(calls); i++) {
        struct attempt a = { .call = calls[i], .deadline = NEVER };
        reset_channels();
        EQ(run(cancel_while_blocked, &a), OK);
        EQ(a.first, E_CANCELED);
        EQ(a.second, E_CANCELED);
        EQ(a.returned_at, 5 * (nanos)NS_PER_S);
        TRUE(list_is_empty(&quiet.fibers) && list_is_empty(&full.senders.fibers) && list_is_empty(&empty.receivers.fibers));
    }
}
static err time_out(void *arg)
{
    struct attempt *a = arg;
    a->first = a->call(in_ms(70));
    a->returned_at = clock_now();
    a->second = a->call(0);
    return OK;
}
TEST(every_deadline_is_kept_within_two_ticks_and_0_only_looks)
{
    for (size_t i = 0; i < num_with_deadline; i++) {
        struct attempt a = { .call = calls[i] };
        err late = calls[i] == in_sleep ? OK : E_TIMEDOUT;
        nanos due = 5 * (nanos)NS_PER_S + from_ms(70);
        reset_channels();
        EQ(run(time_out, &a), OK);
        EQ(a.first, late);
        EQ(a.second, late);
        TRUE(a.returned_at >= due && a.returned_at <= due + (2u << WHEEL_TICK_SHIFT));
        EQ(fake.now, a.returned_at);
    }
}

/* ---- Cancellation */

static err open_inner(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    unsigned *depth = arg;
    scope_open(&s);
    if (--*depth > 0)
        TRY(fiber_go(&s, open_inner, depth, "inner"));
    else
        TRY(fiber_go(&s, sleep_for_ms, &ms_1000, "innermost"));
    err e = scope_join(&s);
    tell(e == E_CANCELED ? "c" : "?");
    return e;
}
static err cancel_nested(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    TRY(fiber_go(&s, open_inner, arg, "outer"));
    TRY(sleep_until(in_ms(5)));
    scope_cancel(&s);
    tell("!");
    return OK;
}
TEST(cancellation_passes_down_through_nested_scopes_and_unwinds_from_inside)
{
    unsigned depth = 4;
    EQ(run(cancel_nested, &depth), OK);
    STORY_IS("cancelled cccc!");
}
static err start_in_cancelled(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    (void)!sleep_until(NEVER);
    err e = fiber_go(&s, fail_at_once, &no_error, "late");
    *(err *)arg = e;
    return e;
}
static err cancel_who_starts(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    TRY(fiber_go(&s, start_in_cancelled, arg, "starter"));
    return fiber_yield();
}
TEST(a_cancelled_fiber_starts_no_fibers)
{
    err e = OK;
    EQ(run(cancel_who_starts, &e), OK);
    EQ(e, E_CANCELED);
    STORY_IS("");
}
static err wait_quietly(void *arg)
{
    *(err *)arg = waitq_wait(&quiet, in_ms(10));
    return OK;
}
static err wake_then_cancel(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    TRY(fiber_go(&s, wait_quietly, arg, "waiter"));
    TRY(fiber_yield());
    tell(waitq_wake_one(&quiet) ? "woken" : "nobody");
    return OK;
}
TEST(a_wake_that_came_before_the_cancellation_is_not_lost)
{
    err e = E_NUM;
    reset_channels();
    EQ(run(wake_then_cancel, &e), OK);
    STORY_IS("woken");
    EQ(e, OK);
}
static err wake_too_late(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    TRY(fiber_go(&s, wait_quietly, arg, "waiter"));
    TRY(sleep_until(in_ms(20)));
    tell(waitq_wake_one(&quiet) ? "woken" : "nobody");
    return OK;
}
TEST(who_timed_out_is_not_woken_again)
{
    err e = E_NUM;
    reset_channels();
    EQ(run(wake_too_late, &e), OK);
    STORY_IS("nobody");
    EQ(e, E_TIMEDOUT);
}

/* ---- Stacks */

static err use_all_stacks(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    unsigned *num = arg;
    scope_open(&s);
    while (fiber_go(&s, sleep_for_ms, &ms_1, "sleeper") == OK)
        ++*num;
    err full_now = fiber_go(&s, sleep_for_ms, &ms_1, "one more");
    TRY(scope_join(&s));
    scope_open(&s);
    TRY(fiber_go(&s, sleep_for_ms, &ms_1, "again"));
    TRY(scope_join(&s));
    return full_now;
}
TEST(without_a_free_stack_no_fiber_starts_until_one_has_ended)
{
    unsigned num = 0;
    EQ(run(use_all_stacks, &num), E_NOMEM);
    EQ(num, FAKE_STACKS - 2);       /* the scheduler and the first fiber have one each */
}
static err count(void *arg)
{
    ++*(unsigned *)arg;
    return OK;
}
static err start_10000(void *arg)
{
    for (unsigned i = 0; i < 10000; i++) {
        struct scope s CLEANUP(scope_cancel);
        scope_open(&s);
        TRY(fiber_go(&s, count, arg, "one of many"));
        TRY(scope_join(&s));
    }
    return OK;
}
TEST(ten_thousand_fibers_run_one_after_the_other)
{
    unsigned num = 0;
    EQ(run(start_10000, &num), OK);
    EQ(num, 10000);
}
static bool name_is_right;

static err look_at_name(void *arg)
{
    name_is_right = strcmp(fiber_name(), arg) == 0;
    return OK;
}
TEST(a_fiber_knows_its_name)
{
    EQ(run(look_at_name, "first"), OK);
    TRUE(name_is_right);
    TRUE(strcmp(fiber_name(), "scheduler") == 0);
}
static err leave_a_scope_open(void *arg)
{
    static struct scope s;
    (void)arg;
    scope_open(&s);
    return OK;
}
static struct scope foreign;

static err close_a_foreign_scope(void *arg)
{
    (void)arg;
    scope_cancel(&foreign);
    return OK;
}
static err open_for_another(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    scope_open(&foreign);
    TRY(fiber_go(&s, close_a_foreign_scope, NULL, "thief"));
    return fiber_yield();
}
/* In a process of its own, since a panic on a fiber's stack ends everything. */
static bool panics(fiber_fn *fn)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        (void)close(STDERR_FILENO);         /* AddressSanitizer remarks that we jump off a stack */
        test_wants_panic = "";
        if (setjmp(test_failed) == 0) {
            (void)!run(fn, NULL);
            _exit(1);
        }
        _exit(7);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7;
}
TEST(no_fiber_outlives_its_scope_and_nobody_closes_another_ones)
{
    TRUE(panics(leave_a_scope_open));
    TRUE(panics(open_for_another));
}
TEST(outside_of_fibers_nothing_blocks)
{
    PANICS((void)!sleep_until(NEVER));
    PANICS((void)!fiber_yield());
}

TEST_MAIN
