// SPDX-License-Identifier: ISC
/* unistd.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_UNISTD_H
#define BSD_UNISTD_H
#include <sys/types.h>
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define SEEK_END 2
ssize_t read(int, void *, size_t);
ssize_t write(int, const void *, size_t);
int getpagesize(void);
ssize_t pread(int, void *, size_t, off_t);
ssize_t pwrite(int, const void *, size_t, off_t);
off_t lseek(int, off_t, int);
int fdatasync(int);
int close(int);
int unlinkat(int, const char *, int);
int pipe2(int[2], int);
int chroot(const char *);
int chdir(const char *);
int setuid(uid_t);
int setgid(gid_t);
int setgroups(int, const gid_t *);
pid_t fork(void);
pid_t getpid(void);
int getentropy(void *, size_t);
_Noreturn void _exit(int);
#ifdef __OpenBSD__
int pledge(const char *, const char *);
#endif
#endif
