// SPDX-License-Identifier: ISC
#include "base/wheel.h"
#include "check/test.h"

#define TICK (1ull << WHEEL_TICK_SHIFT)

static unsigned fire(struct wheel *w, nanos now)
{
    unsigned n = 0;
    wheel_advance(w, now);
    while (wheel_next_due(w))
        n++;
    return n;
}

TEST(a_timer_fires_at_its_time_and_not_before)
{
    static const nanos distances[] = { 1, TICK - 1, TICK, 5 * TICK, 63 * TICK, 64 * TICK, 65 * TICK, 4095 * TICK,
                                       4096 * TICK + 7, 262144 * TICK, 1000000007 * TICK };
    for (size_t origin = 0; origin < 70; origin += 3) {
        for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
            struct wheel w;
            struct wheel_timer t = { 0 };
            nanos start = origin * TICK * 61 + 5, at = start + distances[i];
            wheel_init(&w, start);
            wheel_set(&w, &t, at);
            EQ(fire(&w, at - 1), 0);
            TRUE(wheel_timer_is_set(&t));
            EQ(fire(&w, at + TICK), 1);
            TRUE(!wheel_timer_is_set(&t));
        }
    }
}
TEST(sleeping_until_the_deadline_reaches_every_timer)
{
    struct wheel w;
    struct wheel_timer t = { 0 };
    wheel_init(&w, 12345);
    EQ(wheel_deadline(&w), NEVER);
    for (nanos distance = 1; distance < 1ull << 50; distance = distance * 3 + 1) {
        nanos now = 12345 + distance / 2;
        struct wheel fresh;
        wheel_init(&fresh, now);
        wheel_set(&fresh, &t, now + distance);
        unsigned steps = 0;
        while (wheel_timer_is_set(&t)) {
            nanos next = wheel_deadline(&fresh);
            TRUE(next >= now && next < now + distance + TICK);
            now = next > now ? next : now;
            wheel_advance(&fresh, now);
            if (wheel_next_due(&fresh))
                break;
            TRUE(++steps <= 2 * WHEEL_LEVELS);
        }
    }
}
TEST(clearing_and_resetting_are_idempotent)
{
    struct wheel w;
    struct wheel_timer t = { 0 };
    wheel_init(&w, 0);
    wheel_clear(&w, &t);
    wheel_set(&w, &t, 10 * TICK);
    wheel_set(&w, &t, 20 * TICK);
    EQ(fire(&w, 15 * TICK), 0);
    wheel_clear(&w, &t);
    wheel_clear(&w, &t);
    EQ(fire(&w, 30 * TICK), 0);
    EQ(wheel_deadline(&w), NEVER);
    wheel_set(&w, &t, 5);
    EQ(fire(&w, 30 * TICK), 1);
    wheel_set(&w, &t, NEVER);
    TRUE(!wheel_timer_is_set(&t));
}
/* Beyond the last level, with every digit of the time that it is now: its slot may be the one that time is in. */
TEST(a_timer_of_many_years_does_not_stop_time_and_fires_in_its_tick)
{
    nanos turn = (nanos)1 << 36;
    for (nanos start = 1; start < turn; start = start * 9 + 7)
        for (nanos ahead = turn - 3; ahead < 20 * turn; ahead += turn / 5 + 12345) {
            struct wheel w;
            struct wheel_timer t = { 0 };
            wheel_init(&w, start * TICK);
            wheel_set(&w, &t, (start + ahead) * TICK);
            EQ(fire(&w, (start + 1) * TICK), 0);
            TRUE(wheel_deadline(&w) > (start + 1) * TICK && wheel_deadline(&w) <= (start + ahead) * TICK);
            EQ(fire(&w, (start + ahead - 1) * TICK), 0);
            EQ(fire(&w, (start + ahead) * TICK), 1);
        }
}
TEST(many_timers_fire_once_each_and_in_the_order_of_their_ticks)
{
    enum { NUM = 5000 };
    static struct wheel_timer timers[NUM];
    struct wheel w;
    uint64_t x = 88172645463325252u;
    nanos last = 0;
    unsigned fired = 0;
    wheel_init(&w, 0);
    for (unsigned i = 0; i < NUM; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        wheel_set(&w, &timers[i], x % (300000 * TICK));
    }
    for (nanos now = 0; now <= 300001 * TICK; now += 37 * TICK) {
        wheel_advance(&w, now);
        while (wheel_next_due(&w))
            fired++;
        last = now;
    }
    EQ(fired, NUM);
    TRUE(last > 0);
}
TEST_MAIN
