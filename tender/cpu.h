// SPDX-License-Identifier: ISC
/* cpu.h - what the tenders have to know of the CPU that they run on: one part for each. */
#ifndef TENDER_CPU_H
#define TENDER_CPU_H

#if defined(__x86_64__)
#define CPU_NAME "x86_64"
#define CPU_ELF_MACHINE EM_X86_64
#define CPU_AUDIT_ARCH AUDIT_ARCH_X86_64
#define CPU_STACK_GAP 8u                /* between the guest's first stack pointer and the end of its memory */
#define CPU_RESULT(context) ((context)->uc_mcontext.gregs[REG_RAX])
#elif defined(__aarch64__)
#define CPU_NAME "aarch64"
#define CPU_ELF_MACHINE EM_AARCH64
#define CPU_AUDIT_ARCH AUDIT_ARCH_AARCH64
#define CPU_STACK_GAP 16u
#define CPU_RESULT(context) ((context)->uc_mcontext.regs[0])
#elif defined(__riscv)
#define CPU_NAME "riscv64"
#define CPU_ELF_MACHINE EM_RISCV
#define CPU_AUDIT_ARCH AUDIT_ARCH_RISCV64
#define CPU_STACK_GAP 16u
#define CPU_RESULT(context) ((context)->uc_mcontext.__gregs[10])
#endif

#endif
