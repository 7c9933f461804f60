// SPDX-License-Identifier: ISC
/* alloc_faults.h - for tests that are linked with --wrap for each function that allocates: any place in the code that calls one
 * can be made to fail, always or at one of its calls. Includes all there is to allocate; check/faults/test-sites compares the
 * places that failed with those that are linked. */
#ifndef CHECK_ALLOC_FAULTS_H
#define CHECK_ALLOC_FAULTS_H
#include "check/test.h"
#include "lib/packet/packet.h"
#include "runtime/fiber.h"
#include "runtime/heap.h"

#define SITES_MAX 64

static struct {
    const void *place[SITES_MAX];
    size_t num_places, num_calls_of_failing, num_failed;
    size_t failing, only_call;      /* which place, and at which of its calls: 0 is always */
} faults;

static bool is_to_fail(const void *place)
{
    size_t i = 0;
    while (i < faults.num_places && faults.place[i] != place)
        i++;
    REQUIRE(i < SITES_MAX);
    if (i == faults.num_places)
        faults.place[faults.num_places++] = place;
    if (i != faults.failing)
        return false;
    faults.num_calls_of_failing++;
    bool fails = faults.only_call == 0 || faults.only_call == faults.num_calls_of_failing;
    faults.num_failed += fails;
    return fails;
}
#define FAILS is_to_fail(__builtin_return_address(0))

err __real_heap_alloc(size_t num_bytes, void **out);
err __real_heap_alloc_aligned(size_t alignment, size_t num_bytes, void **out);
err __real_heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n);
err __real_heap_resize(void *p, size_t num_bytes, void **out);
struct packet *__real_packet_alloc(struct packet_pool *pool);
err __real_fiber_go(struct scope *s, fiber_fn *fn, void *arg, const char *name);
err __wrap_heap_alloc(size_t num_bytes, void **out)
{
    if (!FAILS)
        return __real_heap_alloc(num_bytes, out);
    *out = NULL;
    return E_NOMEM;
}
err __wrap_heap_alloc_aligned(size_t alignment, size_t num_bytes, void **out)
{
    if (!FAILS)
        return __real_heap_alloc_aligned(alignment, num_bytes, out);
    *out = NULL;
    return E_NOMEM;
}
err __wrap_heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n)
{
    if (!FAILS)
        return __real_heap_slice_(num, element_bytes, p, n);
    *p = NULL;
    *n = 0;
    return E_NOMEM;
}
err __wrap_heap_resize(void *p, size_t num_bytes, void **out)
{
    if (!FAILS)
        return __real_heap_resize(p, num_bytes, out);
    *out = NULL;
    return E_NOMEM;
}
struct packet *__wrap_packet_alloc(struct packet_pool *pool)
{
    return FAILS ? NULL : __real_packet_alloc(pool);
}
err __wrap_fiber_go(struct scope *s, fiber_fn *fn, void *arg, const char *name)
{
    return FAILS ? E_NOMEM : __real_fiber_go(s, fn, arg, name);
}

/* Runs it whole, then with each place failing always, at its first and at its third time, and whole again. `run` says whether
 * everything worked; that it gave everything back is for it to see to. */
UNUSED static void fail_each_allocation(bool (*run)(void))
{
    faults.failing = SIZE_MAX;
    TRUE(run());
    for (size_t i = 0; i < faults.num_places; i++) {
        static const size_t calls[] = { 0, 1, 3 };
        for (size_t j = 0; j < NUM_OF(calls); j++) {
            faults.failing = i;
            faults.only_call = calls[j];
            faults.num_calls_of_failing = faults.num_failed = 0;
            (void)run();
            TRUE(test_left_nothing());
            TRUE(j > 1 || faults.num_failed > 0);
        }
    }
    faults.failing = SIZE_MAX;
    TRUE(run());
    printf("# injected at %zu places\n", faults.num_places);
    for (size_t i = 0; i < faults.num_places; i++)
        printf("# place %p\n", faults.place[i]);
}

#endif
