// SPDX-License-Identifier: ISC
/* block.c - block devices (VIRTIO 1.2, section 5.2): up to REQUESTS_MAX requests under way, flush and discard where the device can. The
 * data is read and written where it lies. */
#include "base/checked.h"
#include "platform/platform.h"
#include "platform/virtio/device.h"
#include "platform/virtio/machine.h"

#define BLOCKS_MAX 8u
#define REQUESTS_MAX 64u
#define SEGMENTS_MAX 32u
#define TRANSFER_MAX (1u << 20)
#define UNIT 512u                           /* of the device's addresses, whatever its sectors are */
#define SECTOR_MAX 65536u

enum {                                      /* features, section 5.2.3 */
    SIZE_MAX_ = 1,
    SEG_MAX = 2,
    READ_ONLY = 5,
    BLOCK_SIZE = 6,
    FLUSH = 9,
    DISCARD = 13,
};
#define WANTED (FEATURE(SIZE_MAX_) | FEATURE(SEG_MAX) | FEATURE(READ_ONLY) | FEATURE(BLOCK_SIZE) | FEATURE(FLUSH) | FEATURE(DISCARD))
enum {                                      /* configuration, section 5.2.4 */
    CONFIG_CAPACITY = 0,
    CONFIG_SIZE_MAX = 8,
    CONFIG_SEG_MAX = 12,
    CONFIG_BLOCK_SIZE = 20,
    CONFIG_DISCARD_SECTORS = 36,
};
enum { IN = 0, OUT = 1, OUT_FLUSH = 4, OUT_DISCARD = 11 };
enum { STATUS_OK = 0, STATUS_UNSUPPORTED = 2, STATUS_NONE = 0xff };

struct slot {                               /* shared with the device */
    struct { uint32_t type, reserved; uint64_t unit; } header;
    struct { uint64_t unit; uint32_t num_units, flags; } discard;
    uint8_t status;
};
struct block {
    struct device device;
    unsigned handle;
    struct platform_block_info info;
    bool is_read_only;
    size_t segment_bytes, num_segments;
    struct virtqueue queue;
    SLICE(struct slot) slots;
    struct platform_block_request *request[REQUESTS_MAX];
};
static struct block blocks[BLOCKS_MAX];
static size_t num_blocks;

static struct block *block_of(unsigned handle)
{
    for (size_t i = 0; i < num_blocks; i++)
        if (blocks[i].handle == handle)
            return &blocks[i];
    UNREACHABLE("a handle that is not of a block device");
}

/* ---- The beginning */

static void read_limits(struct block *b)
{
    const struct device *d = &b->device;
    uint32_t sector = b->info.sector_bytes;
    uint64_t size_max = device_has(d, SIZE_MAX_) ? device_config(d, CONFIG_SIZE_MAX, 4) : TRANSFER_MAX;
    uint64_t seg_max = device_has(d, SEG_MAX) ? device_config(d, CONFIG_SEG_MAX, 4) : 1;
    b->segment_bytes = size_min(size_max, TRANSFER_MAX) / sector * sector;
    b->num_segments = size_min(size_min(seg_max, SEGMENTS_MAX), b->queue.size > 2 ? b->queue.size - 2u : 1u);
    if (b->segment_bytes == 0 || b->num_segments == 0)
        device_lies("a block device takes no data");
    b->info.max_sectors = (uint32_t)(size_min(b->segment_bytes * b->num_segments, TRANSFER_MAX) / sector);
    b->info.max_discard_bytes = device_has(d, DISCARD) ? device_config(d, CONFIG_DISCARD_SECTORS, 4) * UNIT / sector * sector : 0;
    b->info.can_discard = b->info.max_discard_bytes > 0 && !b->is_read_only;
}

static void read_info(struct block *b)
{
    const struct device *d = &b->device;
    uint64_t units = device_config(d, CONFIG_CAPACITY, 8);
    uint64_t sector = device_has(d, BLOCK_SIZE) ? device_config(d, CONFIG_BLOCK_SIZE, 4) : UNIT;
    if (units > UINT64_MAX / UNIT || sector < UNIT || sector > SECTOR_MAX || (sector & (sector - 1)) != 0)
        device_lies("a block device has an impossible size");
    b->is_read_only = device_has(d, READ_ONLY);
    b->info = (struct platform_block_info){
        .capacity_bytes = units * UNIT / sector * sector,
        .sector_bytes = (uint32_t)sector,
        .can_flush = device_has(d, FLUSH),
    };
}

bool block_attach(const struct device *found, unsigned handle)
{
    if (handle == 0 || num_blocks == BLOCKS_MAX)
        return false;
    struct block *b = &blocks[num_blocks];
    *b = (struct block){ .device = *found };
    struct device *d = &b->device;
    if (!device_begin(d, WANTED)) {
        device_give_up(d);
        return false;
    }
    read_info(b);
    device_queue(d, 0, 256, &b->queue);
    read_limits(b);
    b->slots.p = (struct slot *)(void *)memory_take(REQUESTS_MAX * sizeof(struct slot)).p;
    b->slots.n = REQUESTS_MAX;
    device_ready(d);
    b->handle = handle;
    num_blocks++;
    return true;
}

err platform_block_find(struct span name, unsigned *handle, struct platform_block_info *info)
{
    for (size_t i = 0; i < num_blocks; i++)
        if (span_eq(span_of_str(AT(platform_manifest.devices, blocks[i].handle - 1).name), name)) {
            *handle = blocks[i].handle;
            *info = blocks[i].info;
            return OK;
        }
    device_check_missing(name, false);
    return E_NOT_FOUND;
}

/* ---- Requests */

static err check(const struct block *b, const struct platform_block_request *r)
{
    const struct platform_block_info *info = &b->info;
    bool writes = r->op == PLATFORM_BLOCK_WRITE || r->op == PLATFORM_BLOCK_DISCARD;
    uint64_t most = r->op == PLATFORM_BLOCK_DISCARD ? info->max_discard_bytes : (uint64_t)info->max_sectors * info->sector_bytes;
    if ((writes && b->is_read_only) || (r->op == PLATFORM_BLOCK_FLUSH && !info->can_flush) ||
        (r->op == PLATFORM_BLOCK_DISCARD && !info->can_discard))
        return E_UNSUPPORTED;
    if (r->op == PLATFORM_BLOCK_FLUSH)
        return OK;
    if (r->offset_bytes % info->sector_bytes != 0 || r->bytes.n % info->sector_bytes != 0 || r->bytes.n == 0 || r->bytes.n > most)
        return E_INVALID;
    return r->offset_bytes > info->capacity_bytes || r->bytes.n > info->capacity_bytes - r->offset_bytes ? E_RANGE : OK;
}

static uint32_t type_of(enum platform_block_op op)
{
    switch (op) {
    case PLATFORM_BLOCK_READ:    return IN;
    case PLATFORM_BLOCK_WRITE:   return OUT;
    case PLATFORM_BLOCK_FLUSH:   return OUT_FLUSH;
    case PLATFORM_BLOCK_DISCARD: return OUT_DISCARD;
    }
    UNREACHABLE("an unknown block operation");
}

struct chain {
    struct mspan part[SEGMENTS_MAX + 2];
    size_t num_parts, num_readable;
};

/* Header, data, status; the device only writes what is read from it, and the status. */
static void make_chain(const struct block *b, struct slot *s, const struct platform_block_request *r, struct chain *c)
{
    struct mspan left = r->bytes;
    if (r->op == PLATFORM_BLOCK_FLUSH)
        left = (struct mspan){ 0 };
    else if (r->op == PLATFORM_BLOCK_DISCARD)
        left = MSPAN_OF(s->discard);
    *c = (struct chain){ 0 };
    c->part[c->num_parts++] = MSPAN_OF(s->header);
    for (; left.n > 0; left = mspan_skip(left, b->segment_bytes))
        c->part[c->num_parts++] = mspan_first(left, b->segment_bytes);
    c->num_readable = r->op == PLATFORM_BLOCK_READ ? 1 : c->num_parts;
    c->part[c->num_parts++] = MSPAN_OF(s->status);
}

static bool free_slot(const struct block *b, uint32_t *out)
{
    for (*out = 0; *out < REQUESTS_MAX; ++*out)
        if (b->request[*out] == NULL)
            return true;
    return false;
}

err platform_block_submit(unsigned handle, struct platform_block_request *request)
{
    struct block *b = block_of(handle);
    struct chain c;
    uint32_t i;
    TRY(check(b, request));
    if (!free_slot(b, &i))
        return E_NOMEM;
    struct slot *s = &AT(b->slots, i);
    uint64_t unit = request->offset_bytes / UNIT;
    bool has_place = request->op == PLATFORM_BLOCK_READ || request->op == PLATFORM_BLOCK_WRITE;
    s->header.type = type_of(request->op);
    s->header.reserved = 0;
    s->header.unit = has_place ? unit : 0;
    s->discard.unit = unit;
    s->discard.num_units = (uint32_t)(request->bytes.n / UNIT);
    s->status = STATUS_NONE;
    if (has_place)
        pages_touch(request->bytes);
    make_chain(b, s, request, &c);
    if (!virtqueue_add(&b->queue, c.part, c.num_parts, c.num_readable, i))
        return E_NOMEM;
    b->request[i] = request;
    device_push(&b->device, 0, &b->queue);
    return OK;
}

static void fail_if_broken(const struct block *b)
{
    if (b->queue.is_broken)
        device_lies("a block device completed a request that it did not have");
}

struct platform_block_request *platform_block_complete(unsigned handle)
{
    struct block *b = block_of(handle);
    struct platform_block_request *list = NULL;
    uint32_t i, num_bytes;
    while (virtqueue_take(&b->queue, &i, &num_bytes)) {
        struct platform_block_request *r = b->request[i];
        uint8_t status = __atomic_load_n(&AT(b->slots, i).status, __ATOMIC_RELAXED);
        REQUIRE(r != NULL);
        b->request[i] = NULL;
        r->result = status == STATUS_OK ? OK : status == STATUS_UNSUPPORTED ? E_UNSUPPORTED : E_IO;
        r->next_done = list;
        list = r;
    }
    fail_if_broken(b);
    return list;
}

/* ---- Waiting */

void block_acknowledge(void)
{
    for (size_t i = 0; i < num_blocks; i++)
        blocks[i].device.transport->acknowledge(&blocks[i].device);
}

uint64_t block_look(bool wants_interrupt)
{
    uint64_t ready = 0;
    for (size_t i = 0; i < num_blocks; i++) {
        struct block *b = &blocks[i];
        bool is_done = wants_interrupt ? virtqueue_want_interrupt(&b->queue) : virtqueue_num_done(&b->queue) > 0;
        if (!wants_interrupt)
            virtqueue_want_quiet(&b->queue);
        fail_if_broken(b);
        ready |= is_done ? UINT64_C(1) << b->handle : 0;
    }
    return ready;
}
