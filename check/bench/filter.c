// SPDX-License-Identifier: ISC
/* filter.c - counts the system calls that the seccomp filter of a running process lets through.
 *
 *     filter PID
 *
 * Takes the newest filter from the kernel (needs root) and runs it for every system call number with the
 * arguments left open: where the program looks at an argument both branches are followed. A number counts if
 * some path allows it. Prints the count, then the numbers. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { MAX_INSNS = 4096, NUM_SYSCALLS = 1024 };
static struct sock_filter code[MAX_INSNS];
static long num_insns;

struct value {
    int known;
    unsigned v;
};

static struct value load(unsigned offset, unsigned nr)
{
    if (offset == offsetof(struct seccomp_data, nr))
        return (struct value){ 1, nr };
    if (offset == offsetof(struct seccomp_data, arch))
        return (struct value){ 1, AUDIT_ARCH_X86_64 };
    return (struct value){ 0, 0 };
}

static int holds(unsigned op, unsigned a, unsigned k)
{
    switch (op) {
    case BPF_JEQ: return a == k;
    case BPF_JGT: return a > k;
    case BPF_JGE: return a >= k;
    default:      return (a & k) != 0;
    }
}

/* Can some run from pc on reach "allow"? */
static int allows(long pc, struct value a, unsigned nr)
{
    for (; pc < num_insns; pc++) {
        struct sock_filter i = code[pc];
        switch (BPF_CLASS(i.code)) {
        case BPF_LD:
            a = BPF_MODE(i.code) == BPF_ABS ? load(i.k, nr) : (struct value){ 0, 0 };
            break;
        case BPF_ALU:
            a.known = 0;
            break;
        case BPF_RET:
            return (i.k & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW;
        case BPF_JMP:
            if (BPF_OP(i.code) == BPF_JA)
                pc += (long)i.k;
            else if (a.known)
                pc += holds(BPF_OP(i.code), a.v, i.k) ? i.jt : i.jf;
            else
                return allows(pc + 1 + i.jt, a, nr) || allows(pc + 1 + i.jf, a, nr);
            break;
        default:
            break;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    int pid = argc == 2 ? atoi(argv[1]) : 0, count = 0;
    if (pid <= 0 || ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0 || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) != 0 ||
        waitpid(pid, NULL, __WALL) != pid) {
        fprintf(stderr, "filter: cannot look at process %s\n", argc == 2 ? argv[1] : "?");
        return 1;
    }
    num_insns = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, NULL);
    if (num_insns > 0 && num_insns <= MAX_INSNS)
        num_insns = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, code);
    ptrace(PTRACE_DETACH, pid, NULL, NULL);
    if (num_insns <= 0 || num_insns > MAX_INSNS) {
        fprintf(stderr, "filter: process %d has no filter that can be read\n", pid);
        return 1;
    }
    int allowed[NUM_SYSCALLS];
    for (unsigned nr = 0; nr < NUM_SYSCALLS; nr++)
        count += allowed[nr] = allows(0, (struct value){ 0, 0 }, nr);
    printf("%d", count);
    for (unsigned nr = 0; nr < NUM_SYSCALLS; nr++)
        if (allowed[nr])
            printf(" %u", nr);
    putchar('\n');
    return 0;
}
