// SPDX-License-Identifier: ISC
/* hvt_machine.h - the tables of the CPU that a guest of Solo5's hvt ABI starts with, in the first pages of its memory,
 * and the registers that go with them. */
#ifndef TENDER_HVT_MACHINE_H
#define TENDER_HVT_MACHINE_H
#include "abi/solo5_hvt.h"
#include "base/span.h"

#define MACHINE_CR0 0x80010021u         /* PE, NE, WP, PG */
#define MACHINE_CR4 0x620u              /* PAE, OSFXSR, OSXMMEXCPT */
#define MACHINE_EFER 0x500u             /* LME, LMA */
#define MACHINE_RFLAGS 2u
#define MACHINE_CODE_SELECTOR 8u
#define MACHINE_DATA_SELECTOR 16u
#define MACHINE_GDT_LIMIT 23u
/* Rights of segments as bhyve and VMM take them: the descriptor's bits 40 to 47 and 52 to 55 */
#define MACHINE_CODE_ACCESS 0xa099u     /* G, L, P, S, type 9 */
#define MACHINE_DATA_ACCESS 0xc093u     /* G, D, P, S, type 3 */
#define MACHINE_TASK_ACCESS 0x8bu       /* P, type 11 */

/* low_memory: at least up to SOLO5_HVT_BOOT, of memory_bytes in all. */
void hvt_machine_prepare(struct mspan low_memory, uint64_t memory_bytes);

#endif
