// SPDX-License-Identifier: ISC
/* disk.c - a service that lives on a disk: eight places of it, each with bytes of its own. An error is counted and the next place is
 * tried; what was read is what had been written, or it is counted as wrong. */
#include "disk.h"
#include "interface/block.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

#define PLACES 8u
#define PLACE_BYTES 4096u

static uint8_t memory[PLACE_BYTES];
struct tally {
    unsigned num_right, num_wrong, num_failed;
};

/* At the start of each eighth; what rounds write lies behind it. */
static uint64_t place_of(const struct block *b, unsigned place)
{
    return b->capacity_bytes / PLACES * place;
}
static void fill(unsigned place)
{
    for (size_t i = 0; i < sizeof memory; i++)
        memory[i] = (uint8_t)(place * 41 + i + i / 256 * 3 + 1);
}
static bool is_as_filled(unsigned place)
{
    for (size_t i = 0; i < sizeof memory; i++)
        if (memory[i] != (uint8_t)(place * 41 + i + i / 256 * 3 + 1))
            return false;
    return true;
}
static void count(struct tally *t, err e, bool is_right)
{
    t->num_failed += e != OK;
    t->num_right += e == OK && is_right;
    t->num_wrong += e == OK && !is_right;
}
static struct tally read_all(struct block *b)
{
    struct tally t = { 0 };
    for (unsigned i = 0; i < PLACES; i++) {
        mspan_zero(MSPAN(memory));
        err e = block_read(b, place_of(b, i), MSPAN(memory));
        count(&t, e, is_as_filled(i));
    }
    return t;
}
static struct tally write_all(struct block *b, uint64_t behind)
{
    struct tally t = { 0 };
    for (unsigned i = 0; i < PLACES; i++) {
        fill(i);
        count(&t, block_write(b, place_of(b, i) + behind, SPAN(memory)), true);
    }
    return t;
}
/* The middle block of three is whole, the others are discarded in part. */
static struct tally discard_all(struct block *b)
{
    struct tally t = { 0 };
    for (unsigned i = 0; i < PLACES; i++)
        count(&t, block_discard(b, place_of(b, i) + b->sector_bytes, 2 * PLACE_BYTES), true);
    return t;
}
static struct tally one_round(struct block *b)
{
    struct tally t = { 0 };
    if (span_eq(arg_do(), TEXT("read")))
        return read_all(b);
    if (span_eq(arg_do(), TEXT("discard")))
        return discard_all(b);
    t = write_all(b, PLACE_BYTES);
    if (span_eq(arg_do(), TEXT("flush"))) {
        t = (struct tally){ 0 };
        count(&t, block_flush(b), true);
    }
    return t;
}

err disk_main(struct block *b)
{
    struct tally before = { 0 };
    if (span_eq(arg_do(), TEXT("read")) && write_all(b, 0).num_failed > 0)
        print("the disk failed at the start\n");
    for (uint64_t round = 0; arg_rounds() == 0 || round < arg_rounds(); round++) {
        struct tally t = one_round(b);
        if (!span_eq(SPAN_OF(t), SPAN_OF(before)))
            print("%u right, %u wrong, %u failed\n", t.num_right, t.num_wrong, t.num_failed);
        before = t;
        if (sleep_until(nanos_add(clock_now(), arg_every())) != OK)
            break;
    }
    print("ended well\n");
    return OK;
}
