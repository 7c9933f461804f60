// SPDX-License-Identifier: ISC
/* linux_call.h - raw Linux system calls of x86_64: those that an spt image may make, and no others. Results are the
 * kernel's: negative error numbers. */
#ifndef PLATFORM_SPT_LINUX_CALL_H
#define PLATFORM_SPT_LINUX_CALL_H
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

enum linux_call {
    LINUX_READ = 0,
    LINUX_WRITE = 1,
    LINUX_PREAD64 = 17,
    LINUX_PWRITE64 = 18,
    LINUX_READV = 19,
    LINUX_WRITEV = 20,
    LINUX_FDATASYNC = 75,
    LINUX_ARCH_PRCTL = 158,
    LINUX_CLOCK_GETTIME = 228,
    LINUX_EXIT_GROUP = 231,
    LINUX_EPOLL_PWAIT = 281,
};
#define LINUX_ARCH_SET_FS 0x1002

static inline long linux_call6(enum linux_call number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"((long)number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
static inline long linux_call4(enum linux_call number, long a, long b, long c, long d)
{
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"((long)number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}
static inline long linux_call3(enum linux_call number, long a, long b, long c)
{
    return linux_call4(number, a, b, c, 0);
}

#endif
