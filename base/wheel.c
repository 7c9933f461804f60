// SPDX-License-Identifier: ISC
/* A timer lies in the level whose slots are just fine enough for its distance, in the slot of its time's
 * own six bits. When the wheel's tick reaches the start of a coarse slot, that slot's timers are dealt
 * out again into finer ones ("cascade"); those of level 0 are due. Empty stretches are skipped by the
 * bit maps, so that advancing costs the number of occupied slots passed, not the time passed. */
#include "base/wheel.h"

#define SLOT_BITS 6u
#define SLOT_MASK (WHEEL_SLOTS - 1u)
_Static_assert(WHEEL_SLOTS == 1u << SLOT_BITS, "slots are counted by whole bits");

static unsigned shift_of(unsigned level)
{
    return level * SLOT_BITS;
}
/* The first tick that is not before `at`: a timer never fires early. */
static uint64_t tick_of(nanos at)
{
    return (at >> WHEEL_TICK_SHIFT) + ((at & ((1u << WHEEL_TICK_SHIFT) - 1)) != 0);
}

void wheel_init(struct wheel *w, nanos now)
{
    *w = (struct wheel){ .tick = now >> WHEEL_TICK_SHIFT, .opening = UINT64_MAX };
}

/* The lowest level on which `at` and the current tick differ in no higher digit than its own. */
static unsigned level_of(uint64_t tick, uint64_t at)
{
    uint64_t differing = tick ^ at;
    unsigned level = differing == 0 ? 0 : (63u - (unsigned)__builtin_clzll(differing)) / SLOT_BITS;
    return level < WHEEL_LEVELS ? level : WHEEL_LEVELS - 1;
}

static void put(struct wheel *w, struct wheel_timer *t)
{
    uint64_t at = tick_of(t->at);
    if (at < w->tick)
        at = w->tick;
    unsigned level = level_of(w->tick, at);
    uint64_t here = w->tick >> shift_of(level), there = at >> shift_of(level);
    if (there - here > SLOT_MASK)           /* more than a turn of the last level: in its farthest slot, to be dealt out again */
        there = here + SLOT_MASK;
    unsigned slot = (unsigned)there & SLOT_MASK;
    list_push_back(&w->slot[level][slot], &t->link);
    w->occupied[level] |= 1ull << slot;
    if (there << shift_of(level) < w->opening)
        w->opening = there << shift_of(level);
}

void wheel_set(struct wheel *w, struct wheel_timer *t, nanos at)
{
    wheel_clear(w, t);
    if (at == NEVER)
        return;
    t->at = at;
    put(w, t);
}

void wheel_clear(struct wheel *w, struct wheel_timer *t)
{
    (void)w;        /* the bit of a slot that became empty is found stale, and cleared, in passing */
    list_remove(&t->link);
    t->at = 0;
}

/* Empties a slot: level 0 into `due`, a coarser one into finer levels. */
static void open_slot(struct wheel *w, unsigned level, unsigned slot)
{
    struct list *l = &w->slot[level][slot];
    struct list moved = { 0 };
    struct link *e;

    w->occupied[level] &= ~(1ull << slot);
    while ((e = list_pop_front(l)) != NULL)
        list_push_back(level == 0 ? &w->due : &moved, e);
    while ((e = list_pop_front(&moved)) != NULL)
        put(w, LINKED(e, struct wheel_timer, link));
}

/* What w->opening is, from the slots. */
static uint64_t next_opening(const struct wheel *w)
{
    uint64_t first = UINT64_MAX;
    for (unsigned level = 0; level < WHEEL_LEVELS; level++) {
        if (w->occupied[level] == 0)
            continue;
        uint64_t turn = w->tick >> shift_of(level);
        unsigned here = (unsigned)turn & SLOT_MASK;
        uint64_t ahead = here == 0 ? w->occupied[level]
                                   : w->occupied[level] >> here | w->occupied[level] << (WHEEL_SLOTS - here);
        uint64_t at = (turn + (unsigned)__builtin_ctzll(ahead)) << shift_of(level);
        first = at < first ? at : first;
    }
    return first;
}

void wheel_advance(struct wheel *w, nanos now)
{
    uint64_t until = now >> WHEEL_TICK_SHIFT;
    if (until < w->tick)
        return;
    for (uint64_t at; (at = w->opening) <= until; w->opening = next_opening(w)) {
        w->tick = at;
        for (unsigned level = WHEEL_LEVELS; level-- > 0;) {
            uint64_t below = (1ull << shift_of(level)) - 1;
            unsigned slot = (unsigned)(at >> shift_of(level)) & SLOT_MASK;
            if ((at & below) == 0 && w->occupied[level] & 1ull << slot)
                open_slot(w, level, slot);
        }
    }
    w->tick = until;
}

struct wheel_timer *wheel_next_due(struct wheel *w)
{
    struct link *e = list_pop_front(&w->due);
    if (!e)
        return NULL;
    struct wheel_timer *t = LINKED(e, struct wheel_timer, link);
    t->at = 0;
    return t;
}

nanos wheel_deadline(const struct wheel *w)
{
    if (!list_is_empty(&w->due))
        return 0;
    return w->opening > NEVER >> WHEEL_TICK_SHIFT ? NEVER : w->opening << WHEEL_TICK_SHIFT;
}

static size_t count(const struct list *l)
{
    size_t num = 0;
    for (struct link *e = list_first(l); e; e = list_next(l, e))
        num++;
    return num;
}
size_t wheel_count(const struct wheel *w)
{
    size_t num = count(&w->due);
    for (unsigned level = 0; level < WHEEL_LEVELS; level++)
        for (unsigned slot = 0; slot < WHEEL_SLOTS; slot++)
            num += count(&w->slot[level][slot]);
    return num;
}
