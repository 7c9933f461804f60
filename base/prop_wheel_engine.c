// SPDX-License-Identifier: ISC
/* Timers against what the header says of them: each fires once, not before its time and within a tick after it, however far
 * time moves at once; and no timer lies before the deadline. */
#include "base/cursor.h"
#include "base/wheel.h"
#include "check/any.h"

#define NUM 24
#define TICK ((nanos)1 << WHEEL_TICK_SHIFT)

static struct wheel w;
static struct wheel_timer timer[NUM];
static nanos due_at[NUM];               /* NEVER: it is not set */
static nanos now;

/* From a moment to years ahead; the past is allowed. */
static nanos some_time(struct cur *script)
{
    uint8_t what = cur_u8(script), n = cur_u8(script);
    if (what == 255)
        return NEVER;
    if (what == 254)
        return n;
    return nanos_add(now, (nanos)n << (what % 56));
}
static void take_due(void)
{
    for (struct wheel_timer *t; (t = wheel_next_due(&w));) {
        size_t i = (size_t)(t - timer);
        CHECK(i < NUM && !wheel_timer_is_set(t) && due_at[i] != NEVER && due_at[i] <= now);
        due_at[i] = NEVER;
    }
}
static void check_all(void)
{
    size_t num = 0;
    nanos deadline = wheel_deadline(&w);
    for (size_t i = 0; i < NUM; i++) {
        CHECK(wheel_timer_is_set(&timer[i]) == (due_at[i] != NEVER));
        CHECK(due_at[i] == NEVER || nanos_add(nanos_max(due_at[i], now), TICK) >= deadline);
        num += due_at[i] != NEVER;
    }
    CHECK(wheel_count(&w) == num);
}
static void advance(nanos until)
{
    now = nanos_max(now, until);
    wheel_advance(&w, now);
    CHECK(list_is_empty(&w.due) || wheel_deadline(&w) == 0);
    take_due();
    for (size_t i = 0; i < NUM; i++)
        CHECK(due_at[i] == NEVER || nanos_add(due_at[i], TICK) > now);
}

PROPERTY(prop_wheel, 300)
{
    struct cur script = cur_of(in);
    now = (nanos)cur_u8(&script) << 40;
    wheel_init(&w, now);
    for (size_t i = 0; i < NUM; i++) {
        timer[i] = (struct wheel_timer){ 0 };
        due_at[i] = NEVER;
    }
    while (cur_more(&script)) {
        uint8_t what = cur_u8(&script), i = what % NUM;
        if (what >> 5 == 7) {
            wheel_clear(&w, &timer[i]);
            due_at[i] = NEVER;
        } else if (what >> 5 == 6) {
            wheel_advance(&w, now / 2);             /* time that goes back is none */
            take_due();
        } else if (what >> 5 >= 4) {
            advance(some_time(&script) % ((nanos)1 << 60));
        } else {
            due_at[i] = some_time(&script);
            wheel_set(&w, &timer[i], due_at[i]);
        }
        check_all();
    }
}
