// SPDX-License-Identifier: ISC
/* loader_cpu.h - how loader.c enters its guest on each CPU, and what the guest may call for its thread pointer. */
#ifndef CHECK_SPT_LOADER_CPU_H
#define CHECK_SPT_LOADER_CPU_H

#if defined(__x86_64__)
#include <asm/prctl.h>
#define CPU_MACHINE EM_X86_64
#define CPU_AUDIT AUDIT_ARCH_X86_64
#define ALLOW_THREAD_POINTER() allow(SYS_arch_prctl, ARCH_SET_FS, -1, -1)
#define ENTER(end, entry, boot) \
    __asm__ volatile("movq %0, %%rsp\n jmp *%1" : : "r"((end) - 8), "r"(entry), "D"(boot) : "memory")
#elif defined(__aarch64__)
#define CPU_MACHINE EM_AARCH64
#define CPU_AUDIT AUDIT_ARCH_AARCH64
#define ALLOW_THREAD_POINTER() (void)0
#define ENTER(end, entry, boot) \
    __asm__ volatile("mov x0, %2\n mov sp, %0\n br %1" : : "r"((end) - 16), "r"(entry), "r"(boot) : "x0", "memory")
#elif defined(__riscv)
#define CPU_MACHINE EM_RISCV
#define CPU_AUDIT AUDIT_ARCH_RISCV64
#define ALLOW_THREAD_POINTER() (void)0
#define ENTER(end, entry, boot) \
    __asm__ volatile("mv a0, %2\n mv sp, %0\n jr %1" : : "r"((end) - 16), "r"(entry), "r"(boot) : "a0", "memory")
#endif

#endif
