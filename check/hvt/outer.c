// SPDX-License-Identifier: ISC
/* outer.c - outer PROGRAM [ARGUMENT]...: runs a program inside a filter of system calls like that which urunc puts around a
 * tender: those of its list are allowed, any other is answered by SIGSYS. Nobody could add a filter of its own there. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NUM_OF(a) (sizeof(a) / sizeof(a)[0])

static const int allowed[] = {
    SYS_rt_sigaction, SYS_ioctl, SYS_pread64, SYS_mmap, SYS_recvmsg, SYS_openat, SYS_sendto, SYS_mprotect, SYS_write,
    SYS_epoll_ctl, SYS_epoll_create1, SYS_read, SYS_close, SYS_fstat, SYS_munmap, SYS_brk, SYS_execve, SYS_timerfd_create,
    SYS_lseek, SYS_personality, SYS_socket, SYS_bind, SYS_getsockname, SYS_exit, SYS_exit_group, SYS_getpid, SYS_tgkill,
    SYS_nanosleep, SYS_futex, SYS_epoll_pwait, SYS_rt_sigreturn, SYS_timerfd_settime, SYS_pwrite64, SYS_set_tid_address,
    SYS_set_robust_list, SYS_rseq, SYS_prlimit64, SYS_getrandom, SYS_newfstatat,
#ifdef __x86_64__
    SYS_open, SYS_stat, SYS_access, SYS_arch_prctl,
#else
    SYS_faccessat,
#endif
};

int main(int argc, char **argv)
{
    struct sock_filter insn[2 * NUM_OF(allowed) + 2];
    unsigned short num = 0;
    insn[num++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < NUM_OF(allowed); i++) {
        insn[num++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed[i], 0, 1);
        insn[num++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    insn[num++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    struct sock_fprog program = { num, insn };
    if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
        perror("outer");
        return 1;
    }
    execv(argv[1], argv + 1);
    perror(argv[1]);
    return 1;
}
