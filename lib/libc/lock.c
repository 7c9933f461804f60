// SPDX-License-Identifier: ISC
/* lock.c - the locks inside musl, which would bring its system calls along: there is one core, and no fiber
 * blocks inside the C library. */
#include <stdio.h>

int __lockfile(FILE *f);
void __unlockfile(FILE *f);
void __lock(volatile int *lock);
void __unlock(volatile int *lock);

int __lockfile(FILE *f)
{
    (void)f;
    return 0;                       /* nothing to unlock */
}
void __unlockfile(FILE *f)
{
    (void)f;
}
void __lock(volatile int *lock)
{
    (void)lock;
}
void __unlock(volatile int *lock)
{
    (void)lock;
}
