// SPDX-License-Identifier: ISC
/* Every allocation of a capture onto a block device fails in turn. */
#include "lib/capture/capture.h"
#include "lib/stack/test_fault_run.h"

static err disk_write(struct block *b, uint64_t offset, struct span in)
{
    return offset + in.n > b->capacity_bytes ? E_RANGE : OK;
}
static const struct block_ops disk_ops = { .write = disk_write };

static err capture(void *arg)
{
    struct net *below = &left_end.net;
    (void)arg;
    static struct capture c;
    static struct block disk;
    disk = (struct block){ .ops = &disk_ops, .capacity_bytes = 1 << 20, .sector_bytes = 512 };
    err e = capture_open_to(below, &disk, &c);
    if (e == OK) {
        e = sleep_until(in_ms(1));
        e = e == OK && !c.is_read ? E_NOMEM : e;    /* its fiber had no memory for what it writes */
    }
    capture_close(&c);
    worked = e == OK;
    return e;
}
TEST(whichever_allocation_fails_everything_is_given_back)
{
    fail_each_allocation_of(capture);
}
TEST_MAIN
