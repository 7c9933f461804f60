// SPDX-License-Identifier: ISC
/* use_tables.c - CR3. What becomes present needs no notice: the CPU never keeps an entry that is not. */
#include "arch/machine.h"

void machine_use_tables(uint64_t root)
{
    __asm__ volatile("movq %0, %%cr3" : : "r"(root) : "memory");
}

void machine_page_appeared(uint64_t address)
{
    (void)address;
}
