// SPDX-License-Identifier: ISC
/* spt_extension.h - what Morgana's spt tender offers beyond Solo5's ABI to an image that asks by the note of
 * abi/extension.h, type SPT_NOTE_TYPE. Without it an image keeps to Solo5's nine system calls; since one with it
 * needs less, it is allowed less:
 *
 *     write       to the console and network devices; read from network devices
 *     writev      to network devices, only with SPT_VECTORS
 *     epoll_pwait on boot.epoll_fd, without a signal mask
 *     clock_gettime of CLOCK_MONOTONIC and CLOCK_REALTIME: the vDSO's own fallback
 *     exit_group
 *     arch_prctl  ARCH_SET_FS, only without SPT_FSGSBASE
 *     pread64, pwrite64, fdatasync: block devices; whole sectors, at most max_transfer_bytes, inside the device
 *     fallocate   block devices with EXTENSION_BLOCK_DISCARD; SPT_DISCARD_MODE, whole sectors inside the device
 *
 * Events of network devices are edge-triggered: read until EAGAIN before waiting. (So a device that was taken away
 * is seen once, and is no reason to spin.) There is no timer: boot.timer_fd is -1 and epoll_pwait's own timeout
 * serves. Any other call, or one of these with other arguments, ends the guest with SIGSYS. */
#ifndef ABI_SPT_EXTENSION_H
#define ABI_SPT_EXTENSION_H
#include "abi/extension.h"

#define SPT_EXTENSION_VERSION 2u

enum spt_feature {
    SPT_FSGSBASE = 1,           /* wrfsbase works */
    SPT_VECTORS = 2,            /* writev: a frame in parts; never beside a device that can discard, so that
                                 * no image has more than nine calls, or ten without SPT_FSGSBASE */
};

struct spt_extension {
    uint32_t version;           /* 0: the tender knows nothing of this */
    uint32_t features;          /* enum spt_feature */
    uint64_t clock_gettime;     /* address of the vDSO's, or 0 */
    uint64_t stop_event;        /* epoll data, seen once, of the operator's wish for an orderly end */
    uint8_t entropy[EXTENSION_ENTROPY_BYTES];     /* fresh at each start */
    struct extension_device device[SOLO5_RECORDS_MAX];
};
_Static_assert(offsetof(struct spt_extension, entropy) == 24 &&
               offsetof(struct spt_extension, device) == 88 && sizeof(struct spt_extension) == 1112, "spt extension");

#define SPT_STOP_EVENT 0xfffffffdu
#define SPT_DISCARD_MODE 3u                     /* FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE */

#define SPT_NOTE_TYPE 0x58545053u               /* "SPTX" */

#endif
