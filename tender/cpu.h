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
/* Where a signal's handler returns to, and the flag that says so (SA_RESTORER); elsewhere the kernel has its own. */
#define CPU_SIGNAL_RETURN ".text\n.globl cpu_signal_return\ncpu_signal_return: movl $15, %eax\n syscall\n"
#define CPU_SIGNAL_FLAGS 0x04000000u
/* A guest sets its thread pointer by this call with this argument, unless the bit of AT_HWCAP2 says that an instruction may. */
#define CPU_THREAD_POINTER_CALL SYS_arch_prctl
#define CPU_THREAD_POINTER_ARGUMENT 0x1002      /* ARCH_SET_FS */
#define CPU_HWCAP2_FSGSBASE 2u
#define CPU_VDSO_CLOCK "__vdso_clock_gettime"
#elif defined(__aarch64__)
#define CPU_NAME "aarch64"
#define CPU_ELF_MACHINE EM_AARCH64
#define CPU_AUDIT_ARCH AUDIT_ARCH_AARCH64
#define CPU_STACK_GAP 16u
#define CPU_RESULT(context) ((context)->uc_mcontext.regs[0])
#define CPU_SIGNAL_RETURN ".text\n.globl cpu_signal_return\ncpu_signal_return: mov x8, #139\n svc #0\n"
#define CPU_SIGNAL_FLAGS 0x04000000u
#define CPU_VDSO_CLOCK "__kernel_clock_gettime"
#elif defined(__riscv)
#define CPU_NAME "riscv64"
#define CPU_ELF_MACHINE EM_RISCV
#define CPU_AUDIT_ARCH AUDIT_ARCH_RISCV64
#define CPU_STACK_GAP 16u
#define CPU_RESULT(context) ((context)->uc_mcontext.__gregs[10])
#define CPU_SIGNAL_RETURN ""
#define CPU_VDSO_CLOCK "__vdso_clock_gettime"
#endif
#ifndef CPU_THREAD_POINTER_CALL         /* the thread pointer is an ordinary register */
#define CPU_THREAD_POINTER_CALL (-1)
#define CPU_THREAD_POINTER_ARGUMENT 0
#define CPU_HWCAP2_FSGSBASE 0u
#endif

#include <stdint.h>
/* The kernel's own, without the C library's. */
struct cpu_sigaction {
    void *handler;
    unsigned long flags;
#if !defined(__riscv)
    void (*restorer)(void);
#endif
    uint64_t mask;
};
void cpu_signal_return(void);
#if defined(__riscv)
#define CPU_SIGACTION(handler_, flags_) { (void *)(handler_), (flags_), 0 }
#else
#define CPU_SIGACTION(handler_, flags_) { (void *)(handler_), (flags_) | CPU_SIGNAL_FLAGS, cpu_signal_return, 0 }
#endif

#endif
