// SPDX-License-Identifier: ISC
/* block.c - writes and reads back 1, 2 and 12 sectors at both ends of a block device, and tries to leave it, which must
 * fail. It overwrites what is there. */
#include "block.h"
#include "runtime/heap.h"
#include "runtime/log.h"

#define SECTORS_MAX 12

static unsigned num_passed, num_failed;

static void result(bool good, const char *what, uint64_t sector, uint64_t num)
{
    num_passed += good;
    num_failed += !good;
    if (!good)
        print("failed: %s of %llu sectors at sector %llu\n", what, (unsigned long long)num, (unsigned long long)sector);
}

/* Bytes that tell where they belong. */
static void fill(struct mspan bytes, uint64_t sector)
{
    for (size_t i = 0; i < bytes.n; i++)
        mspan_put(bytes, i, (uint8_t)(sector * 31 + i * 7 + i / 251));
}

static void write_and_read_back(struct block *b, struct mspan out, struct mspan in, uint64_t sector, uint64_t num)
{
    uint64_t at = sector * b->sector_bytes;
    out = mspan_first(out, num * b->sector_bytes);
    in = mspan_first(in, num * b->sector_bytes);
    fill(out, sector);
    mspan_zero(in);
    result(block_write(b, at, span_of(out)) == OK, "write", sector, num);
    result(block_read(b, at, in) == OK && span_eq(span_of(in), span_of(out)), "read back", sector, num);
}

static void go_beyond(struct block *b, struct mspan bytes, uint64_t sector, uint64_t num)
{
    uint64_t at = sector * b->sector_bytes;
    bytes = mspan_first(bytes, num * b->sector_bytes);
    result(block_write(b, at, span_of(bytes)) == E_RANGE, "refused write", sector, num);
    result(block_read(b, at, bytes) == E_RANGE, "refused read", sector, num);
}

err block_main(struct block *b)
{
    static const uint64_t nums[] = { 1, 2, SECTORS_MAX };
    struct { uint8_t *p; size_t n; } out, in;
    uint64_t sectors = b->capacity_bytes / b->sector_bytes;

    print("%llu sectors of %u bytes\n", (unsigned long long)sectors, b->sector_bytes);
    if (sectors < SECTORS_MAX)
        return E_RANGE;
    TRY(HEAP_SLICE(SECTORS_MAX * b->sector_bytes, &out));
    TRY(HEAP_SLICE(SECTORS_MAX * b->sector_bytes, &in));
    struct mspan out_bytes = { out.p, out.n }, in_bytes = { in.p, in.n };
    for (size_t i = 0; i < NUM_OF(nums); i++) {
        write_and_read_back(b, out_bytes, in_bytes, 0, nums[i]);
        write_and_read_back(b, out_bytes, in_bytes, sectors - nums[i], nums[i]);
        go_beyond(b, out_bytes, sectors - nums[i] + 1, nums[i]);
        go_beyond(b, out_bytes, sectors, nums[i]);
    }
    print("%u passed, %u failed\n", num_passed, num_failed);
    heap_free(out.p);
    heap_free(in.p);
    return num_failed == 0 ? OK : E_IO;
}
