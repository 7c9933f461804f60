// SPDX-License-Identifier: ISC
/* prop_hypercall.c - whatever lies in a guest's memory and whatever it passes, no call touches a byte outside that memory, writes
 * where it may not, or goes beyond a device. Input: 4 bytes of a call each, then memory. */
#include "check/any.h"
#define FAKE_CHECK(c) CHECK(c)
#include "check/hvt/fake_host.h"

#define CALLS 8u

PROPERTY(prop_hypercall, 4096)
{
    if (in.n < 4 * CALLS)
        return;
    fake_open(true);
    for (size_t at = FAKE_READ_ONLY_BYTES; at < FAKE_MEMORY_BYTES; at += 4096)
        (void)span_copy(mspan_skip(fake_guest.memory, at), span_skip(in, 4 * CALLS));
    for (size_t i = 0; i < CALLS; i++) {
        struct span call = span_sub(in, 4 * i, 4);
        uint16_t port = (uint16_t)(SOLO5_HVT_PORT - 1 + span_at(call, 0) % 24);
        uint32_t address = (uint32_t)span_u16(call, 1) + (span_at(call, 3) == 0xff ? 0xffff0000u : 0);
        struct hypercall_result r = hypercall(&fake_guest, port, address);
        CHECK(r.what != HYPERCALL_FAULT || r.fault != NULL);
    }
}
