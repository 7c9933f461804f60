// SPDX-License-Identifier: ISC
/* test_hvt_machine.h - low memory as the tender prepares it, of LOW_BYTES, which the including file defines. */
#ifndef TENDER_TEST_HVT_MACHINE_H
#define TENDER_TEST_HVT_MACHINE_H
#include "tender/hvt_machine.h"

#define MEGABYTE ((uint64_t)1 << 20)

static uint8_t low[LOW_BYTES];

static uint64_t entry(uint64_t table, uint64_t i)
{
    return span_le64(SPAN(low), table + 8 * i);
}
static void prepare(uint64_t num_bytes)
{
    memset(low, 0, sizeof low);
    hvt_machine_prepare(MSPAN(low), num_bytes);
}

#endif
