// SPDX-License-Identifier: ISC
/* hvt_machine.h - the tables of the CPU that a guest of Solo5's hvt ABI starts with, in the first pages of its memory,
 * and the registers that go with them. */
#ifndef TENDER_HVT_MACHINE_H
#define TENDER_HVT_MACHINE_H
#include "abi/solo5_hvt.h"
#include "base/span.h"

/* x86_64 */
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

/* aarch64. The reserved bits of SCTLR are 1 where they mean nothing yet; IPS says 36 bits, which every CPU with calls above 4 GiB has. */
#define MACHINE_MAIR UINT64_C(0x0000bbff440c0400)   /* 1: nGnRE, 4: write-back */
#define MACHINE_TCR (UINT64_C(24) | UINT64_C(0x3500) | UINT64_C(1) << 23 | UINT64_C(1) << 32)   /* 40 bits by TTBR0, none by TTBR1 */
#define MACHINE_SCTLR UINT64_C(0x30d01805)          /* M, C, I */
#define MACHINE_CPACR (UINT64_C(3) << 20)           /* floating point */
#define MACHINE_PSTATE UINT64_C(0x3c5)              /* EL1 on SP_EL1, nothing taken */

/* low_memory: at least up to SOLO5_HVT_BOOT, of memory_bytes in all. */
void hvt_machine_prepare(struct mspan low_memory, uint64_t memory_bytes);

/* ---- Of each CPU: hvt_machine_x86_64.c, hvt_machine_aarch64.c */

extern const struct machine_tables {
    uint64_t root, gigabytes, large_pages, small_pages;     /* where the tables lie whose entries lead there */
    uint64_t table, large, small, small_read_only;          /* entries without their address */
} machine_tables;
/* What is there besides memory's pages. */
void hvt_machine_prepare_rest(struct mspan low_memory);
/* Entry i of the table at this address. */
void hvt_machine_put(struct mspan low_memory, uint64_t table, uint64_t i, uint64_t entry);

#endif
