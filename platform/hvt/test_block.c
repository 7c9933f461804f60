// SPDX-License-Identifier: ISC
/* Includes the driver, to put a tender below it that has a disk in memory and, or not, takes lists. */
#include "check/test.h"
#define PLATFORM_HVT_CPU_H
#include "abi/solo5_hvt.h"

static void hvt_call(unsigned number, void *arguments);
#include "platform/hvt/block.c"

enum { DISK = 1, SECTOR = 512, SECTORS = 256, REQUESTS = 200 };

struct hvt_extension hvt_extension;
static struct solo5_manifest manifest;
static uint8_t disk[SECTOR * SECTORS], bytes[REQUESTS][SECTOR];
static struct platform_block_request request[REQUESTS];
static unsigned num_lists, num_singles, num_polls, num_frames_gathered;
static int32_t answer;                      /* of the tender, SOLO5_OK: it does it */

/* ---- The tender */

static int32_t carry_out(unsigned op, uint64_t offset, uint64_t data, uint64_t n)
{
    struct mspan at = mspan_sub(MSPAN(disk), (size_t)offset, (size_t)n), guests = { (uint8_t *)(uintptr_t)data, (size_t)n };
    if (answer != SOLO5_OK)
        return answer;
    if (op == HVT_BLOCK_OP_READ)
        (void)span_copy(guests, span_of(at));
    else if (op == HVT_BLOCK_OP_WRITE)
        (void)span_copy(at, span_of(guests));
    else if (op == HVT_BLOCK_OP_DISCARD)
        mspan_zero(at);
    return SOLO5_OK;
}
static void hvt_call(unsigned number, void *arguments)
{
    if (number == HVT_BLOCK_REQUESTS) {
        const struct hvt_requests *list = arguments;
        REQUIRE(hvt_extension.features == HVT_BLOCK_REQUEST_LISTS && list->num_requests <= HVT_REQUESTS_MAX);
        SLICE(struct hvt_request) r = { (struct hvt_request *)(uintptr_t)list->requests, list->num_requests };
        EQ(num_frames_gathered, 0);
        num_lists++;
        for (size_t i = 0; i < r.n; i++) {
            EQ(AT(r, i).handle, DISK);
            AT(r, i).ret = carry_out(AT(r, i).op, AT(r, i).offset, AT(r, i).data, AT(r, i).num_bytes);
        }
        return;
    }
    num_singles++;
    if (number == HVT_BLOCK_FLUSH) {
        ((struct hvt_flush *)arguments)->ret = answer;
        return;
    }
    struct solo5_hvt_block *b = arguments;
    REQUIRE(number == SOLO5_HVT_BLOCK_READ || number == SOLO5_HVT_BLOCK_WRITE);
    b->ret = carry_out(number == SOLO5_HVT_BLOCK_READ ? HVT_BLOCK_OP_READ : HVT_BLOCK_OP_WRITE, b->offset, b->data, b->num_bytes);
}
void hvt_exchange_flush(void)
{
    num_frames_gathered = 0;
}
/* As in world.c. */
void guest_poll(nanos deadline)
{
    (void)deadline;
    num_polls++;
    (void)!hvt_requests_run();
}

static void begin(bool has_lists)
{
    hvt_extension = (struct hvt_extension){ .version = HVT_EXTENSION_VERSION, .features = has_lists ? HVT_BLOCK_REQUEST_LISTS : 0 };
    hvt_extension.device[DISK] = (struct extension_device){ .block_max_transfer_bytes = 1 << 20,
                                                            .block_features = EXTENSION_BLOCK_FLUSH | EXTENSION_BLOCK_DISCARD };
    manifest = (struct solo5_manifest){ .version = 1, .entries = 2 };
    manifest.record[DISK] = (struct solo5_record){ .name = "disk", .type = SOLO5_DEVICE_BLOCK, .is_attached = 1,
                                                   .block = { sizeof disk, SECTOR } };
    guest = (struct guest){ .manifest = &manifest, .devices = &hvt_extension.device };
    memset(disk, 0, sizeof disk);
    num_lists = num_singles = num_polls = num_frames_gathered = 0;
    answer = SOLO5_OK;
}
static err submit(size_t i, enum platform_block_op op)
{
    request[i] = (struct platform_block_request){ .op = op, .offset_bytes = i * SECTOR, .bytes = MSPAN(bytes[i]), .result = E_INVALID };
    return platform_block_submit(DISK, &request[i]);
}
/* How many are complete, all of them with this result. */
static size_t num_complete(err result)
{
    size_t num = 0;
    for (struct platform_block_request *r = platform_block_complete(DISK); r; r = r->next_done, num++)
        EQ(r->result, result);
    return num;
}

TEST(what_is_submitted_goes_in_one_call_when_the_image_waits)
{
    begin(true);
    for (size_t i = 0; i < 40; i++) {
        memset(bytes[i], (int)i + 1, SECTOR);
        EQ(submit(i, PLATFORM_BLOCK_WRITE), OK);
    }
    num_frames_gathered = 3;                /* they do not wait for the disk */
    EQ(num_lists + num_singles, 0);
    EQ(num_complete(OK), 0);
    EQ(platform_wait(NEVER), 1u << DISK);
    EQ(num_lists, 1);
    EQ(num_complete(OK), 40);
    for (size_t i = 0; i < 40; i++)
        EQ(disk[i * SECTOR + 7], i + 1);
    EQ(guest.ready, 0);
    EQ(platform_wait(0), 0);
    EQ(num_lists, 1);
}
TEST(a_list_that_is_full_goes_at_once)
{
    begin(true);
    for (size_t i = 0; i < REQUESTS; i++)
        EQ(submit(i, PLATFORM_BLOCK_READ), OK);
    EQ(num_lists, (REQUESTS - 1) / HVT_REQUESTS_MAX);
    EQ(num_complete(OK), num_lists * HVT_REQUESTS_MAX);
    EQ(platform_wait(0), 1u << DISK);
    EQ(num_complete(OK), REQUESTS - (num_lists - 1) * HVT_REQUESTS_MAX);
}
TEST(requests_are_done_in_their_order)
{
    begin(true);
    memset(bytes, 5, sizeof bytes);
    EQ(submit(0, PLATFORM_BLOCK_WRITE), OK);
    EQ(submit(1, PLATFORM_BLOCK_WRITE), OK);
    EQ(submit(2, PLATFORM_BLOCK_FLUSH), OK);
    request[3] = (struct platform_block_request){ .op = PLATFORM_BLOCK_DISCARD, .bytes = { NULL, SECTOR } };
    request[4] = (struct platform_block_request){ .op = PLATFORM_BLOCK_READ, .bytes = { bytes[4], 2 * SECTOR } };
    EQ(platform_block_submit(DISK, &request[3]), OK);
    EQ(platform_block_submit(DISK, &request[4]), OK);
    EQ(platform_wait(0), 1u << DISK);
    EQ(num_complete(OK), 5);
    EQ(num_lists, 1);
    EQ(bytes[4][0], 0);
    EQ(bytes[5][0], 5);
}
TEST(a_wait_does_not_answer_from_memory_while_something_is_queued)
{
    begin(true);
    for (size_t i = 0; i < 3; i++) {
        guest_set_ready(9, true);           /* a network that always has something */
        EQ(submit(i, PLATFORM_BLOCK_READ), OK);
        EQ(platform_wait(0), 1u << DISK | 1u << 9);
        EQ(num_complete(OK), 1);
        EQ(num_polls, i + 1);
        EQ(platform_wait(0), 1u << 9);
        EQ(num_polls, i + 1);
    }
}
TEST(what_the_tender_answers_is_the_result)
{
    begin(true);
    answer = SOLO5_EUNSPEC;
    EQ(submit(0, PLATFORM_BLOCK_WRITE), OK);
    EQ(platform_wait(0), 1u << DISK);
    EQ(num_complete(E_IO), 1);
    answer = SOLO5_EINVAL;                  /* that the device has these sectors is known */
    EQ(submit(0, PLATFORM_BLOCK_DISCARD), OK);
    EQ(platform_wait(0), 1u << DISK);
    EQ(num_complete(E_UNSUPPORTED), 1);
}
TEST(what_cannot_be_is_not_begun)
{
    for (int has_lists = 0; has_lists <= 1; has_lists++) {
        begin(has_lists);
        request[0] = (struct platform_block_request){ .op = PLATFORM_BLOCK_READ, .offset_bytes = 1, .bytes = MSPAN(bytes[0]) };
        EQ(platform_block_submit(DISK, &request[0]), E_INVALID);
        request[0].offset_bytes = sizeof disk;
        EQ(platform_block_submit(DISK, &request[0]), E_RANGE);
        request[0].offset_bytes = UINT64_MAX - SECTOR + 1;
        EQ(platform_block_submit(DISK, &request[0]), E_RANGE);
        request[0] = (struct platform_block_request){ .op = PLATFORM_BLOCK_DISCARD, .bytes = { NULL, sizeof disk + SECTOR } };
        EQ(platform_block_submit(DISK, &request[0]), E_RANGE);
        hvt_extension.device[DISK].block_features = 0;
        EQ(submit(0, PLATFORM_BLOCK_FLUSH), E_UNSUPPORTED);
        EQ(submit(0, PLATFORM_BLOCK_DISCARD), E_UNSUPPORTED);
        EQ(platform_wait(0), 0);
        EQ(num_lists + num_singles, 0);
    }
}
TEST(a_tender_without_lists_gets_a_call_for_each)
{
    begin(false);
    memset(bytes, 9, sizeof bytes);
    for (size_t i = 0; i < 70; i++)
        EQ(submit(i, PLATFORM_BLOCK_WRITE), OK);
    EQ(submit(70, PLATFORM_BLOCK_FLUSH), OK);
    EQ(num_singles, 71);
    EQ(platform_wait(NEVER), 1u << DISK);
    EQ(num_complete(OK), 71);
    EQ(submit(1, PLATFORM_BLOCK_DISCARD), OK);
    EQ(num_complete(E_UNSUPPORTED), 1);
    EQ(num_lists + num_polls, 0);
    EQ(disk[69 * SECTOR], 9);
}
TEST_MAIN
