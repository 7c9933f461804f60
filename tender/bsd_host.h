// SPDX-License-Identifier: ISC
/* bsd_host.h - the calls of a BSD that its back end of morgana-hvt makes, so that a test can play the kernel. */
#ifndef TENDER_BSD_HOST_H
#define TENDER_BSD_HOST_H
#include "base/err.h"
#include "base/span.h"

/* The number of an ioctl, the same on FreeBSD and OpenBSD. */
#define BSD_IOW(group, number, type) (0x80000000u | (unsigned)sizeof(type) << 16 | (unsigned)(group) << 8 | (number))
#define BSD_IOWR(group, number, type) (0xc0000000u | (unsigned)sizeof(type) << 16 | (unsigned)(group) << 8 | (number))

int bsd_open(const char *path);                             /* for reading and writing; -1: errno says why */
int bsd_ioctl(int fd, unsigned long request, void *argument);
/* A shared mapping of the first num_bytes of a device; NULL: errno says why. */
void *bsd_map(int fd, size_t num_bytes);
/* Reads into out, or writes from `in`; an empty one is left out. */
bool bsd_sysctl(const char *name, struct mspan out, struct span in);
int bsd_process(void);

/* The back end's: destroys what would outlive the process that made the machine. */
void bsd_destroy_machine(void);
/* The last step of confinement. */
struct hvt_rights;
struct message;
MUST_CHECK err bsd_give_up_rights(const struct hvt_rights *r, struct message *why);

#endif
