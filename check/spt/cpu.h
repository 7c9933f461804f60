// SPDX-License-Identifier: ISC
/* cpu.h - for guests that share no code with Morgana: Linux's system calls on each CPU, the first instructions, one that returns. */
#ifndef CHECK_SPT_CPU_H
#define CHECK_SPT_CPU_H

#if defined(__x86_64__)
#define START "_start: xorl %ebp, %ebp\n call guest_main\n ud2\n"
#define RETURN_BYTES 0xc3
#define EVENT_PACKED __attribute__((packed))    /* struct epoll_event */
enum {
    CALL_READ = 0, CALL_WRITE = 1, CALL_MMAP = 9, CALL_MPROTECT = 10, CALL_PREAD64 = 17, CALL_PWRITE64 = 18,
    CALL_WRITEV = 20, CALL_SOCKET = 41, CALL_EXECVE = 59, CALL_CLOCK_GETTIME = 228, CALL_EXIT_GROUP = 231,
    CALL_OPENAT = 257, CALL_EPOLL_PWAIT = 281, CALL_FALLOCATE = 285, CALL_TIMERFD_SETTIME = 286,
};
static inline long call(long number, long a, long b, long c, long d, long e)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
}
/* What of the CPU's own must not be called: 0, this CPU has no such thing. */
static inline int call_of_cpu(int is_set_gs, int is_x32, int is_int80)
{
    if (is_set_gs)
        call(158, 0x1001, 0, 0, 0, 0);
    if (is_x32)
        call(0x40000001, 1, (long)"x", 1, 0, 0);
    if (is_int80)
        __asm__ volatile("int $0x80" : : "a"(20L) : "memory");
    return is_set_gs || is_x32 || is_int80;
}
#else
#define EVENT_PACKED
enum {
    CALL_TIMERFD_SETTIME = 86, CALL_EPOLL_PWAIT = 22, CALL_FALLOCATE = 47, CALL_OPENAT = 56, CALL_READ = 63, CALL_WRITE = 64,
    CALL_WRITEV = 66, CALL_PREAD64 = 67, CALL_PWRITE64 = 68, CALL_EXIT_GROUP = 94, CALL_CLOCK_GETTIME = 113, CALL_SOCKET = 198,
    CALL_EXECVE = 221, CALL_MMAP = 222, CALL_MPROTECT = 226,
};
static inline int call_of_cpu(int is_set_gs, int is_x32, int is_int80)
{
    (void)(is_set_gs | is_x32 | is_int80);
    return 0;
}
#endif
#if defined(__aarch64__)
#define START "_start: mov x29, xzr\n bl guest_main\n brk #0\n"
#define RETURN_BYTES 0xc0, 0x03, 0x5f, 0xd6
static inline long call(long number, long a, long b, long c, long d, long e)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
}
#elif defined(__riscv)
#define START "_start: li s0, 0\n call guest_main\n ebreak\n"
#define RETURN_BYTES 0x82, 0x80
static inline long call(long number, long a, long b, long c, long d, long e)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4) : "memory");
    return a0;
}
#endif

#endif
