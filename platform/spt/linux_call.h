// SPDX-License-Identifier: ISC
/* linux_call.h - raw Linux system calls: those that an spt image may make, and no others. Results are the kernel's: negative
 * error numbers. */
#ifndef PLATFORM_SPT_LINUX_CALL_H
#define PLATFORM_SPT_LINUX_CALL_H
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

enum linux_call {
    LINUX_READ = SYS_read,
    LINUX_WRITE = SYS_write,
    LINUX_WRITEV = SYS_writev,
    LINUX_PREAD64 = SYS_pread64,
    LINUX_PWRITE64 = SYS_pwrite64,
    LINUX_FDATASYNC = SYS_fdatasync,
    LINUX_FALLOCATE = SYS_fallocate,
    LINUX_CLOCK_GETTIME = SYS_clock_gettime,
    LINUX_EXIT_GROUP = SYS_exit_group,
    LINUX_EPOLL_PWAIT = SYS_epoll_pwait,
};

#if defined(__x86_64__)
static inline long linux_call6(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
static inline long linux_call4(long number, long a, long b, long c, long d)
{
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
static inline long linux_call6(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}
#elif defined(__riscv)
static inline long linux_call6(long number, long a, long b, long c, long d, long e, long f)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    register long a5 __asm__("a5") = f;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
    return a0;
}
#endif
#if !defined(__x86_64__)
static inline long linux_call4(long number, long a, long b, long c, long d)
{
    return linux_call6(number, a, b, c, d, 0, 0);
}
#endif
static inline long linux_call3(long number, long a, long b, long c)
{
    return linux_call4(number, a, b, c, 0);
}

#endif
