// SPDX-License-Identifier: ISC
/* wheel.h - timers in constant time: a hierarchical wheel of WHEEL_LEVELS x 64 slots with a tick of about one
 * millisecond (2^20 ns). A timer fires at or up to one tick after its time, never before. The owner embeds
 * `struct wheel_timer`; a timer that is not set is all zero. */
#ifndef BASE_WHEEL_H
#define BASE_WHEEL_H
#include "base/list.h"
#include "base/nanos.h"

#define WHEEL_TICK_SHIFT 20
#define WHEEL_LEVELS 6          /* 64^6 ticks: 2.3 years; later times wait in the last level */
#define WHEEL_SLOTS 64

struct wheel_timer {
    struct link link;
    nanos at;
};
struct wheel {
    uint64_t tick;              /* all ticks before this one have fired */
    uint64_t opening;           /* the first at which some slot has to be opened; UINT64_MAX: none */
    uint64_t occupied[WHEEL_LEVELS];
    struct list slot[WHEEL_LEVELS][WHEEL_SLOTS];
    struct list due;
};

void wheel_init(struct wheel *w, nanos now);
/* (Re)sets the timer; `at` in the past fires at the next wheel_advance. NEVER clears. */
void wheel_set(struct wheel *w, struct wheel_timer *t, nanos at);
void wheel_clear(struct wheel *w, struct wheel_timer *t);       /* idempotent */
static inline bool wheel_timer_is_set(const struct wheel_timer *t)
{
    return link_is_in_list(&t->link);
}
/* Moves time on; wheel_next_due then gives the timers whose time has come, one a call, already cleared. */
void wheel_advance(struct wheel *w, nanos now);
struct wheel_timer *wheel_next_due(struct wheel *w);            /* NULL: no more */
/* A time not after the earliest timer's firing and, unless that is more than 64 ticks away, exact to a tick;
 * NEVER with no timer set. For sleeping: wake, advance, ask again. */
nanos wheel_deadline(const struct wheel *w);
/* How many timers are set. For tests: looks at all of them. */
size_t wheel_count(const struct wheel *w);

#endif
