// SPDX-License-Identifier: ISC
#include "tender/outer.h"
#include "base/writer.h"
#include "tender/cpu.h"
#include "tender/tender.h"
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t is_there;

/* The kernel has put the registers back as they were before the call; the result is ours to give. */
static void answer(int number, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    (void)number;
    (void)info;
    is_there = 1;
    CPU_RESULT(c) = (__typeof__(CPU_RESULT(c)))-ENOSYS;
}

/* Not by the C library, whose own call comes with others that may be forbidden. */
__asm__(CPU_SIGNAL_RETURN);

void outer_expect(void)
{
    struct cpu_sigaction action = CPU_SIGACTION(answer, SA_SIGINFO);
    (void)syscall(SYS_rt_sigaction, SIGSYS, &action, NULL, sizeof action.mask);
}

void outer_expect_no_more(void)
{
    (void)signal(SIGSYS, SIG_DFL);
}

/* On the guest's stack, with the guest's thread pointer: nothing of the C library that needs its own. */
static void complain(int number, siginfo_t *info, void *context)
{
    uint8_t text[200];
    struct wr w = wr_of(MSPAN(text));
    (void)context;
    wr_bytes(&w, span_of_str(tender_name));
    wr_bytes(&w, TEXT(": system call "));
    wr_dec(&w, (uint64_t)info->si_syscall);
    wr_bytes(&w, TEXT(" is forbidden by the filter that the tender was started in: allow it there, or start it without\n"));
    struct span line = wr_done(&w);
    (void)syscall(SYS_write, STDERR_FILENO, line.p, line.n);
    (void)syscall(SYS_exit_group, 128 + number);
}

void outer_speak(void)
{
    struct cpu_sigaction action = CPU_SIGACTION(complain, SA_SIGINFO);
    (void)syscall(SYS_rt_sigaction, SIGSYS, &action, NULL, sizeof action.mask);
}

bool outer_is_there(void)
{
    return is_there != 0;
}
