// SPDX-License-Identifier: ISC
/* disk.c - more requests at once than the platform takes, of all kinds, each with bytes of its own. */
#include "disk.h"
#include "platform/platform.h"
#include "runtime/heap.h"
#include "runtime/log.h"

#define REQUESTS 100u
#define REQUEST_BYTES 8192u

static struct platform_block_request requests[REQUESTS];
static struct mspan bytes[REQUESTS];
static unsigned handle;
static size_t most_under_way;

static err collect(size_t *num_under_way)
{
    err worst = OK;
    for (struct platform_block_request *r = platform_block_complete(handle); r; r = r->next_done) {
        worst = r->result != OK ? r->result : worst;
        --*num_under_way;
    }
    return worst;
}

/* All at once, as far as they are taken. */
static err run_all(enum platform_block_op op, size_t num)
{
    size_t num_under_way = 0;
    for (size_t i = 0; i < num; i++) {
        requests[i] = (struct platform_block_request){ .op = op, .offset_bytes = i * REQUEST_BYTES, .bytes = bytes[i] };
        err e;
        while ((e = platform_block_submit(handle, &requests[i])) == E_NOMEM) {
            (void)platform_wait(NEVER);
            TRY(collect(&num_under_way));
        }
        TRY(e);
        num_under_way++;
        most_under_way = num_under_way > most_under_way ? num_under_way : most_under_way;
    }
    while (num_under_way > 0) {
        (void)platform_wait(NEVER);
        TRY(collect(&num_under_way));
    }
    return OK;
}

static uint8_t byte_of(size_t request, size_t at)
{
    return (uint8_t)(request * 37 + at + at / 256 * 3);
}
static void fill(void)
{
    for (size_t i = 0; i < REQUESTS; i++)
        for (size_t k = 0; k < REQUEST_BYTES; k++)
            mspan_put(bytes[i], k, byte_of(i, k));
}
static size_t num_wrong(void)
{
    size_t num = 0;
    for (size_t i = 0; i < REQUESTS; i++)
        for (size_t k = 0; k < REQUEST_BYTES; k++)
            num += span_at(span_of(bytes[i]), k) != byte_of(i, k);
    return num;
}

err disk_main(struct block *b)
{
    struct platform_block_info info;
    struct { uint8_t *p; size_t n; } memory;
    (void)b;
    TRY(platform_block_find(TEXT("storage"), &handle, &info));
    TRY(HEAP_SLICE(REQUESTS * REQUEST_BYTES, &memory));
    for (size_t i = 0; i < REQUESTS; i++)
        bytes[i] = mspan_sub((struct mspan){ memory.p, memory.n }, i * REQUEST_BYTES, REQUEST_BYTES);
    fill();
    TRY(run_all(PLATFORM_BLOCK_WRITE, REQUESTS));
    print("written\n");            /* a machine that hangs says where */
    if (info.can_flush)
        TRY(run_all(PLATFORM_BLOCK_FLUSH, 1));
    print("flushed\n");
    mspan_zero((struct mspan){ memory.p, memory.n });
    TRY(run_all(PLATFORM_BLOCK_READ, REQUESTS));
    print("%zu bytes are wrong\n", num_wrong());
    if (info.can_discard)
        TRY(run_all(PLATFORM_BLOCK_DISCARD, 2));
    print("flush %s, discard %s, %zu requests under way at most\n", info.can_flush ? "done" : "cannot be",
          info.can_discard ? "done" : "cannot be", most_under_way);
    heap_free(memory.p);
    return OK;
}
