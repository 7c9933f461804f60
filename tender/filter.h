// SPDX-License-Identifier: ISC
/* filter.h - the seccomp filter of a guest: a BPF program that allows a few system calls with checked arguments and
 * ends the process at any other. */
#ifndef TENDER_FILTER_H
#define TENDER_FILTER_H
#include "tender/hvt_system.h"
#include <linux/filter.h>

#define FILTER_MAX 4096u        /* BPF_MAXINSNS */

struct filter {
    struct sock_filter insn[FILTER_MAX];
    unsigned short num;
};
struct filter_fds {
    int epoll, timer;           /* timer: Solo5's only */
};
/* Solo5's calls: for an image that knows no more. */
void filter_solo5(struct filter *f, const struct devices *d, const struct filter_fds *fds);
/* The calls of abi/spt_extension.h; features: enum spt_feature. */
void filter_morgana(struct filter *f, const struct devices *d, const struct filter_fds *fds, uint32_t features);
/* What a tender with a virtual CPU needs while the guest runs: the ioctls that run it, and what hypercalls do to the
 * attached devices, the console and standard error; the ioctls of its registers where there is a debugger or a dump. */
void filter_hvt(struct filter *f, const struct devices *d, int epoll, const struct hvt_rights *r);
/* Puts it in force for good, together with no_new_privs. An outer filter that forbids that is in force instead. */
MUST_CHECK err filter_install(const struct filter *f, struct message *why);

#endif
