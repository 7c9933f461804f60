// SPDX-License-Identifier: ISC
/* solo5_hvt.h - Solo5's hvt ABI, version 2: a guest on a virtual CPU of its own, whose tender answers hypercalls. Guest
 * physical and virtual addresses are the same at the start.
 *
 * A hypercall gives the address of its argument, which lies below 4 GiB, and is answered in place: on x86_64 by a 4-byte OUT to port
 * SOLO5_HVT_PORT + number, on aarch64 by a 4-byte store to SOLO5_HVT_CALLS + SOLO5_HVT_CALL_BYTES * number. Numbers, ports and
 * addresses that are not listed end the guest. */
#ifndef ABI_SOLO5_HVT_H
#define ABI_SOLO5_HVT_H
#include "abi/solo5.h"

/* ---- Memory. Below SOLO5_HVT_BOOT lie the tables of the CPU, which the guest's first page tables do not map;
 * they map the rest up to the image read-only, everything above writable, nothing no-execute. */

/* x86_64 */
#define SOLO5_HVT_GDT 0x1000u                   /* null, code, data */
#define SOLO5_HVT_PML4 0x2000u
#define SOLO5_HVT_PDPT 0x3000u
#define SOLO5_HVT_PD 0x4000u                    /* four, of 2 MiB leaves */
#define SOLO5_HVT_PT 0x8000u                    /* of the first 2 MiB */
/* aarch64: pages of 4 KiB, 40 bits of address */
#define SOLO5_HVT_LEVEL0 0x1000u
#define SOLO5_HVT_LEVEL1 0x2000u
#define SOLO5_HVT_LEVEL2 0x3000u                /* four, of 2 MiB leaves */
#define SOLO5_HVT_LEVEL3 0x7000u                /* of the first 2 MiB */
#define SOLO5_HVT_BOOT 0x10000u                 /* boot information, manifest, command line follow one another */
#define SOLO5_HVT_MEMORY_MAX (UINT64_C(4) << 30)
#define SOLO5_HVT_MEMORY_UNIT (UINT64_C(2) << 20)

struct solo5_hvt_boot {
    uint64_t mem_bytes;                         /* without the ring */
    uint64_t kernel_end;                        /* page-rounded end of the last segment with bytes in the file */
    uint64_t cycles_hz;                         /* of the time stamp counter, of the virtual counter */
    uint64_t command_line, manifest;            /* addresses */
    uint32_t host_features;                     /* enum solo5_hvt_feature; since Solo5 0.11 */
    uint32_t guest_features;
    uint64_t net_ring;                          /* address, 0: none */
};
_Static_assert(offsetof(struct solo5_hvt_boot, command_line) == 24 && offsetof(struct solo5_hvt_boot, host_features) == 40 &&
               offsetof(struct solo5_hvt_boot, net_ring) == 48 && sizeof(struct solo5_hvt_boot) == 56, "Solo5 hvt ABI");
enum solo5_hvt_feature {
    SOLO5_HVT_RING = 1,
};

/* ---- Hypercalls. Comments say in or out for what is not plain. */

#define SOLO5_HVT_PORT 0x500u
#define SOLO5_HVT_CALLS UINT64_C(0x100000000)   /* mapped as device memory, a GiB of it */
#define SOLO5_HVT_CALL_BYTES 8u
enum solo5_hvt_call {
    SOLO5_HVT_WALLTIME = 1,
    SOLO5_HVT_PUTS = 2,
    SOLO5_HVT_POLL = 3,
    SOLO5_HVT_BLOCK_WRITE = 4,
    SOLO5_HVT_BLOCK_READ = 5,
    SOLO5_HVT_NET_WRITE = 6,
    SOLO5_HVT_NET_READ = 7,
    SOLO5_HVT_HALT = 8,
};
enum solo5_result {
    SOLO5_OK = 0,
    SOLO5_AGAIN = 1,
    SOLO5_EINVAL = 2,
    SOLO5_EUNSPEC = 3,
};
struct solo5_hvt_walltime {
    uint64_t nsecs;                             /* out: since 1970 */
};
struct solo5_hvt_puts {
    uint64_t data, num_bytes;
};
struct solo5_hvt_poll {
    uint64_t timeout_nsecs;                     /* from now; 0 only looks */
    uint64_t ready_set;                         /* out: 1 << handle */
    int32_t ret;                                /* out: how many */
    uint32_t padding;
};
struct solo5_hvt_block {                        /* no more than the file's end limits a transfer */
    uint64_t handle, offset, data, num_bytes;
    int32_t ret;                                /* out: enum solo5_result */
    uint32_t padding;
};
struct solo5_hvt_net {
    uint64_t handle, data, num_bytes;           /* for a read: in the room, out the frame */
    int32_t ret;                                /* out: enum solo5_result */
    uint32_t padding;
};
struct solo5_hvt_halt {
    uint64_t cookie;                            /* 0, or the address of SOLO5_HVT_TRAP_FRAME_BYTES for a core dump */
    int32_t exit_status;
    uint32_t padding;
};
#define SOLO5_HVT_TRAP_FRAME_BYTES 512u
struct solo5_hvt_trap_frame {                   /* x86_64; Morgana uses it on aarch64, too. Behind it, Morgana's own */
    uint64_t cr2, error, rip, cs, rflags, rsp, ss;
    uint64_t rbp;                               /* Morgana's; an image with the extension fills it in */
};
_Static_assert(offsetof(struct solo5_hvt_poll, ret) == 16 && sizeof(struct solo5_hvt_poll) == 24 &&
               offsetof(struct solo5_hvt_block, ret) == 32 && sizeof(struct solo5_hvt_block) == 40 &&
               offsetof(struct solo5_hvt_net, ret) == 24 && sizeof(struct solo5_hvt_net) == 32 &&
               offsetof(struct solo5_hvt_halt, exit_status) == 8 && sizeof(struct solo5_hvt_halt) == 16, "Solo5 hvt ABI");

/* ---- The net ring: one for all network devices, at the end of memory, where SOLO5_HVT_RING is set. Counters run free and
 * count modulo 2^32; the guest keeps at most SOLO5_RING_ENTRIES - 1 entries under way. */

#define SOLO5_RING_ENTRIES 1024u
#define SOLO5_RING_KICK_PORT 0x600u             /* 4-byte OUT of 0, where needs_kick is set behind a full fence */
#define SOLO5_RING_KICK (SOLO5_HVT_CALLS + 0x100u)  /* aarch64: 4-byte store */
enum solo5_ring_op {
    SOLO5_RING_WRITE = 1,                       /* leaves no commit */
    SOLO5_RING_READ = 2,                        /* leaves one */
};
struct solo5_ring_entry {
    uint32_t op, handle;
    uint64_t data;
    uint32_t num_bytes, id;
    uint64_t reserved;
};
struct solo5_ring_commit {
    uint32_t id;
    int32_t ret;
    uint32_t num_bytes, reserved;
};
struct solo5_ring {
    uint32_t entry_tail, commit_head;           /* written by the guest */
    uint8_t padding0[56];
    uint32_t entry_head, commit_tail, needs_kick;   /* written by the tender */
    uint8_t padding1[52];
    struct solo5_ring_entry entry[SOLO5_RING_ENTRIES];
    struct solo5_ring_commit commit[SOLO5_RING_ENTRIES];
};
_Static_assert(sizeof(struct solo5_ring_entry) == 32 && sizeof(struct solo5_ring_commit) == 16 &&
               offsetof(struct solo5_ring, entry_head) == 64 && offsetof(struct solo5_ring, needs_kick) == 72 &&
               offsetof(struct solo5_ring, entry) == 128 && offsetof(struct solo5_ring, commit) == 32896 &&
               sizeof(struct solo5_ring) == 49280, "Solo5 net ring");

#endif
