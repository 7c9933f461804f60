// SPDX-License-Identifier: ISC
/* bsd_recorded.h - what the tests of the BSD back ends share: a guest that makes calls, and a world that notes them. The including
 * test plays the kernel: bsd_ioctl and the others. */
#ifndef CHECK_HVT_BSD_RECORDED_H
#define CHECK_HVT_BSD_RECORDED_H
#include "check/test.h"
#define FAKE_CHECK(c) TRUE(c)
#include "check/hvt/fake_host.h"
#include "tender/bsd_host.h"
#include "tender/hvt_machine.h"
#include "tender/hvt_vm.h"
#include <errno.h>

#define GUEST_BYTES (2u << 20)
#define AT_PUTS 0x110000u
#define AT_HALT 0x110100u
#define AT_TEXT 0x110200u

static struct message why;
static uint8_t guest_memory[GUEST_BYTES] __attribute__((aligned(4096)));

/* Arguments of the calls that the recording makes. */
static void lay_out_guest(void)
{
    const struct solo5_hvt_puts puts = { AT_TEXT, 5 };
    const struct solo5_hvt_halt halt = { .exit_status = 42 };
    memset(guest_memory, 0, sizeof guest_memory);
    (void)span_copy(mspan_skip(MSPAN(guest_memory), AT_PUTS), SPAN_OF(puts));
    (void)span_copy(mspan_skip(MSPAN(guest_memory), AT_HALT), SPAN_OF(halt));
    (void)span_copy(mspan_skip(MSPAN(guest_memory), AT_TEXT), TEXT("hello"));
}

/* A machine `vm` of a kernel that exits as the list says; `kernel` is the test's. */
#define START_RECORDED(exit_type, ...)                                                  \
    static const exit_type exits_[] = { __VA_ARGS__ };                                  \
    struct vm vm = { .fd = -1 };                                                        \
    memset(&kernel, 0, sizeof kernel);                                                  \
    kernel.exits.p = exits_;                                                            \
    kernel.exits.n = NUM_OF(exits_);                                                    \
    lay_out_guest();                                                                    \
    EQ(vm_open(&vm, GUEST_BYTES, &why), OK);                                            \
    EQ(vm_set_entry(&vm, 0x100000, GUEST_BYTES - 8, SOLO5_HVT_BOOT, &why), OK)

/* The exit loop, as hvt.c has it: how the guest ends. */
static struct hypercall_result run_recorded(struct vm *vm, unsigned *num_again)
{
    fake_open(true);
    free(fake_guest.memory.p);
    fake_guest.memory = vm->memory;
    *num_again = 0;
    for (;;) {
        struct vm_exit e = vm_run(vm);
        *num_again += e.what == VM_EXIT_AGAIN;
        if (e.what == VM_EXIT_AGAIN)
            continue;
        if (e.what != VM_EXIT_CALL)
            break;
        struct hypercall_result r = hypercall(&fake_guest, e.port, e.value);
        if (r.what != HYPERCALL_DONE) {
            fake_guest.memory = (struct mspan){ 0 };
            return r;
        }
    }
    fake_guest.memory = (struct mspan){ 0 };
    return (struct hypercall_result){ .what = HYPERCALL_FAULT };
}

#endif
