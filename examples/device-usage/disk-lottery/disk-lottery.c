// SPDX-License-Identifier: ISC
/* disk-lottery.c - a game whose high scores outlive it: each slot is one sector, which holds a magic number, the score, and a
 * checksum over both. A sector that does not add up was never written, or is damaged, and counts as no score. */
#include "disk-lottery.h"
#include "base/cursor.h"
#include "base/writer.h"
#include "lib/random/random.h"
#include "runtime/heap.h"
#include "runtime/log.h"

#define MAGIC 0x4c4f5454u
#define SCORE_MAX 65536u

/* FNV-1a */
static uint32_t checksum_of(struct span bytes)
{
    uint32_t sum = 0x811c9dc5u;
    for (size_t i = 0; i < bytes.n; i++)
        sum = (sum ^ span_at(bytes, i)) * 0x01000193u;
    return sum;
}

/* 0: no score */
static uint32_t score_of(struct span sector)
{
    struct cur c = cur_of(sector);
    uint32_t magic = cur_u32(&c), score = cur_u32(&c), sum = cur_u32(&c);
    return magic == MAGIC && sum == checksum_of(span_first(sector, 8)) ? score : 0;
}

static void put_score(struct mspan sector, uint32_t score)
{
    mspan_zero(sector);
    if (score == 0)
        return;
    struct wr w = wr_of(sector);
    wr_u32(&w, MAGIC);
    wr_u32(&w, score);
    wr_u32(&w, checksum_of(wr_done(&w)));
}

static err reset_all(struct block *b, struct mspan sector)
{
    put_score(sector, 0);
    for (uint64_t at = 0; at < b->capacity_bytes; at += b->sector_bytes)
        TRY(block_write(b, at, span_of(sector)));
    print("all slots are empty\n");
    return OK;
}

static err play(struct block *b, struct mspan sector, uint64_t at)
{
    uint32_t drawn = 1 + random_below(SCORE_MAX), best;
    TRY(block_read(b, at, sector));
    best = arg_reset() ? 0 : score_of(span_of(sector));
    print("slot %llu: drew %u, the best was %u: %s\n", (unsigned long long)arg_slot(), drawn, best,
          drawn > best ? "a new high score" : "try again");
    if (drawn <= best)
        return OK;
    put_score(sector, drawn);
    TRY(block_write(b, at, span_of(sector)));
    err e = block_flush(b);
    return e == E_UNSUPPORTED ? OK : e;
}

err disk_lottery_main(struct block *b)
{
    struct { uint8_t *p; size_t n; } buffer;
    uint64_t num_slots = b->capacity_bytes / b->sector_bytes;

    if (arg_slot() >= num_slots) {
        print("there are %llu slots\n", (unsigned long long)num_slots);
        return E_RANGE;
    }
    TRY(HEAP_SLICE(b->sector_bytes, &buffer));
    struct mspan sector = { buffer.p, buffer.n };
    err e = arg_reset_all() ? reset_all(b, sector) : play(b, sector, arg_slot() * b->sector_bytes);
    heap_free(buffer.p);
    return e;
}
