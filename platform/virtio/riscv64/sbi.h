// SPDX-License-Identifier: ISC
/* sbi.h - calls to the firmware (RISC-V Supervisor Binary Interface 1.0). */
#ifndef PLATFORM_VIRTIO_RISCV64_SBI_H
#define PLATFORM_VIRTIO_RISCV64_SBI_H
#include <stdint.h>

enum {                                  /* extensions */
    SBI_PUTCHAR = 0x01,                 /* legacy */
    SBI_TIMER = 0x54494d45,
    SBI_RESET = 0x53525354,
};
struct sbi_result {
    long error;
    uint64_t value;
};
static inline struct sbi_result sbi_call(uint64_t extension, uint64_t function, uint64_t arg0, uint64_t arg1)
{
    register uint64_t a0 __asm__("a0") = arg0, a1 __asm__("a1") = arg1, a6 __asm__("a6") = function, a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
    return (struct sbi_result){ (long)a0, a1 };
}

#endif
