// SPDX-License-Identifier: ISC
/* mistakes.c - what a program must not get away with, one mistake a run. If it does, it says so. */
#include "canary.h"
#include "mistakes.h"
#include "runtime/heap.h"
#include "runtime/log.h"

/* Hidden from the compiler, which would see through the mistakes. */
static volatile uintptr_t nowhere;
static volatile int seven = 7;
static const int constant = 1;
static int variable = 1;

__attribute__((noinline)) static void write_to(uintptr_t at)
{
    *(volatile uint8_t *)(at + nowhere) = 0xc3;
}
/* Changes it, whatever is there: a canary is random. */
static void spoil(uintptr_t at)
{
    *(volatile uint8_t *)(at + nowhere) ^= 0xc3;
}
static void run_at(uintptr_t at)
{
    ((void (*)(void))(at + nowhere))();
}
static uint8_t *block(size_t num_bytes)
{
    void *p = NULL;
    return heap_alloc(num_bytes, &p) == OK ? p : NULL;
}

/* ---- Pages: what is not there, what is not to be written, what is not to be executed */

static void null_read(void)
{
    print("%u\n", *(volatile unsigned *)(nowhere + 64));
}
static void null_write(void)
{
    write_to(8);
}
static void null_call(void)
{
    run_at(0);
}
static void write_code(void)
{
    write_to((uintptr_t)write_code);
}
static void write_constant(void)
{
    write_to((uintptr_t)&constant);
}
static void run_data(void)
{
    run_at((uintptr_t)&variable);
}
static void run_heap(void)
{
    uint8_t *p = block(64);
    write_to((uintptr_t)p);
    run_at((uintptr_t)p);
}
static void run_stack(void)
{
    uint8_t on_stack[16] = { 0xc3 };
    run_at((uintptr_t)on_stack);
}
__attribute__((noinline)) static uint64_t grow(uint64_t depth)
{
    volatile uint8_t room[1024];
    room[depth % sizeof room] = 1;
    return nowhere == 0 ? grow(depth + 1) + room[0] : 0;
}
static void overflow_stack(void)
{
    print("%llu\n", (unsigned long long)grow(0));
}

/* ---- What the compiler watches */

/* Another one in each run. */
static void show_canary(void)
{
    print("canary %llx\n", (unsigned long long)canary_now());
}

__attribute__((noinline)) static void smash(void)
{
    volatile uint8_t room[16];
    for (uintptr_t at = (uintptr_t)room; at < (uintptr_t)room + 64; at++)
        write_to(at);
}
static void index_array(void)
{
    static volatile int array[4];
    array[seven] = 1;
    print("%d\n", array[0]);
}
static void overflow_sum(void)
{
    print("%d\n", seven + 0x7fffffff);
}
static void shift(void)
{
    print("%d\n", 1 << (seven * 5));
}
static void divide(void)
{
    print("%d\n", 1 / (seven - 7));
}
static int falls_off(int n)
{
    if (n > 0)
        __builtin_unreachable();
    return n;
}
static void unreachable(void)
{
    print("%d\n", falls_off(seven));
}

/* ---- What the heap watches */

static void free_twice(void)
{
    uint8_t *p = block(64);
    heap_free(p);
    heap_free(p);
}
static void free_foreign(void)
{
    heap_free(&variable);
}
static void write_past(void)
{
    uint8_t *p = block(60);
    spoil((uintptr_t)p + 60);
    heap_free(p);
}
static void write_before(void)
{
    uint8_t *p = block(60);
    spoil((uintptr_t)p - 1);
    heap_free(p);
}
/* The block waits in quarantine, and is looked at when it leaves it. */
static void write_freed(void)
{
    uint8_t *p = block(64);
    heap_free(p);
    write_to((uintptr_t)p + 40);
    for (int i = 0; i < 1000; i++)
        heap_free(block(64));
}

err mistakes_main(void)
{
    static const struct { const char *name; void (*make)(void); } mistakes[] = {
        { "null-read", null_read }, { "null-write", null_write }, { "null-call", null_call }, { "write-code", write_code },
        { "write-constant", write_constant }, { "run-data", run_data }, { "run-heap", run_heap }, { "run-stack", run_stack },
        { "overflow-stack", overflow_stack }, { "canary", show_canary }, { "smash", smash },
        { "index-array", index_array }, { "overflow-sum", overflow_sum },
        { "shift", shift }, { "divide", divide }, { "unreachable", unreachable }, { "free-twice", free_twice },
        { "free-foreign", free_foreign }, { "write-past", write_past }, { "write-before", write_before },
        { "write-freed", write_freed },
    };
    for (size_t i = 0; i < NUM_OF(mistakes); i++)
        if (span_eq(arg_mistake(), span_of_str(mistakes[i].name)))
            mistakes[i].make();
    print("alive\n");
    return OK;
}
