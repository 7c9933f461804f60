// SPDX-License-Identifier: ISC
/* disk.c - a capture on a block device. What is there after each round of writes is a whole file: behind the last packet comes a
 * block that readers skip, up to the next boundary, and such blocks from there to the end of the device. They cannot be
 * one, since readers take no block of more than 16 MiB. */
#include "lib/capture/inside.h"
#include "base/checked.h"
#include "runtime/clock.h"
#include "runtime/heap.h"

enum { ROUND_MS = 500, MIN_SECTORS = 2 };
#define SEGMENT_BYTES (8ull << 20)
#define DISK_BUFFER_BYTES (64u << 10)

struct disk {
    struct block *block;
    uint64_t end;                       /* of what we may write */
    uint64_t base;                      /* offset of the buffer's start, a whole number of sectors */
    size_t num_bytes;                   /* in the buffer */
    struct mspan buffer, sector;
};

/* Where the padding behind `at` ends. */
static uint64_t boundary(const struct disk *d, uint64_t at)
{
    uint64_t next = (at + PCAPNG_PADDING_MIN_BYTES + SEGMENT_BYTES - 1) / SEGMENT_BYTES * SEGMENT_BYTES;
    return next < d->end ? next : d->end;
}

static void put_length(struct mspan at, uint32_t total_bytes)
{
    if (at.n >= PCAPNG_LENGTH_BYTES)
        mspan_u32(at, 0, total_bytes);
}

/* The end of a padding block: in the buffer that is about to be written, or in a sector of its own. */
static err write_tail(struct disk *d, uint64_t ends_at, uint32_t total_bytes, size_t buffered_bytes)
{
    uint64_t at = ends_at - PCAPNG_LENGTH_BYTES;
    if (at < d->base + buffered_bytes) {
        put_length(mspan_skip(d->buffer, (size_t)(at - d->base)), total_bytes);
        return OK;
    }
    mspan_zero(d->sector);
    put_length(mspan_skip(d->sector, d->sector.n - PCAPNG_LENGTH_BYTES), total_bytes);
    return block_write(d->block, ends_at - d->sector.n, span_of(d->sector));
}

/* What the buffer holds, and the padding behind it; then the buffer begins with its last sector. */
static err write_round(struct disk *d)
{
    uint64_t ends_at = d->base + d->num_bytes, until = boundary(d, ends_at);
    size_t sector = d->sector.n, rounded = (d->num_bytes + PCAPNG_PADDING_HEAD_BYTES + sector - 1) / sector * sector;
    struct mspan rest = mspan_sub(d->buffer, d->num_bytes, rounded - d->num_bytes);
    struct wr w = wr_of(rest);
    mspan_zero(rest);
    pcapng_write_padding(&w, (uint32_t)(until - ends_at));
    TRY(write_tail(d, until, (uint32_t)(until - ends_at), rounded));
    TRY(block_write(d->block, d->base, span_of(mspan_first(d->buffer, rounded))));
    size_t whole = d->num_bytes / sector * sector, part = d->num_bytes - whole;
    (void)span_copy(d->sector, span_of(mspan_sub(d->buffer, whole, part)));
    (void)span_copy(d->buffer, span_of(mspan_first(d->sector, part)));
    d->base += whole;
    d->num_bytes = part;
    return OK;
}

/* The padding of the segments that are not reached yet. */
static err prepare(struct disk *d)
{
    for (uint64_t at = SEGMENT_BYTES; at < d->end;) {
        uint64_t until = boundary(d, at);
        struct wr w = wr_of(d->sector);
        mspan_zero(d->sector);
        pcapng_write_padding(&w, (uint32_t)(until - at));
        TRY(block_write(d->block, at, span_of(d->sector)));
        mspan_zero(d->sector);
        put_length(mspan_skip(d->sector, d->sector.n - PCAPNG_LENGTH_BYTES), (uint32_t)(until - at));
        TRY(block_write(d->block, until - d->sector.n, span_of(d->sector)));
        at = until;
    }
    return OK;
}

/* E_NOMEM: the device is full. */
static err add(struct disk *d, struct span bytes)
{
    uint64_t needs = d->base + d->num_bytes + bytes.n + PCAPNG_PADDING_MIN_BYTES + 2 * d->sector.n;
    if (needs > d->end)
        return E_NOMEM;
    if (d->num_bytes + bytes.n + PCAPNG_PADDING_HEAD_BYTES + 2 * d->sector.n > d->buffer.n)
        TRY(write_round(d));
    (void)span_copy(mspan_skip(d->buffer, d->num_bytes), bytes);
    d->num_bytes += bytes.n;
    return OK;
}

static err store(struct capture *c, struct disk *d)
{
    struct span packet;
    TRY(prepare(d));
    TRY(add(d, capture_head(c)));
    TRY(write_round(d));
    for (;;) {
        err e = waitq_wait(&c->reader, NEVER);
        e = e == OK ? sleep_until(in_ms(ROUND_MS)) : e;         /* more may come meanwhile */
        while (capture_next(c, &packet))
            TRY(add(d, packet));
        TRY(write_round(d));
        TRY(e);
    }
}

/* Segments need two whole sectors each, so the last one is left out where it has fewer. */
static uint64_t usable_bytes(const struct block *b)
{
    uint64_t capacity = b->capacity_bytes / b->sector_bytes * b->sector_bytes;
    return capacity % SEGMENT_BYTES < MIN_SECTORS * b->sector_bytes ? capacity / SEGMENT_BYTES * SEGMENT_BYTES : capacity;
}

err capture_to_block(struct capture *c, struct block *b)
{
    struct disk d = { .block = b, .end = usable_bytes(b) };
    struct mspan memory;
    if (b->sector_bytes > DISK_BUFFER_BYTES / 8 || d.end < MIN_SECTORS * (uint64_t)b->sector_bytes)
        return E_INVALID;
    TRY(HEAP_SLICE(DISK_BUFFER_BYTES + b->sector_bytes, &memory));
    d.buffer = mspan_first(memory, DISK_BUFFER_BYTES);
    d.sector = mspan_skip(memory, DISK_BUFFER_BYTES);
    err e = capture_begin(c);
    if (e == OK) {
        e = store(c, &d);
        capture_end(c);
    }
    heap_free(memory.p);
    return e;
}
