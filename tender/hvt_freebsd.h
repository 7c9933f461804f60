// SPDX-License-Identifier: ISC
/* hvt_freebsd.h - what the tender uses of FreeBSD's vmm(4), after <machine/vmm.h> and <machine/vmm_dev.h> of FreeBSD 13. The sizes
 * are part of the requests' numbers, which are asserted. */
#ifndef TENDER_HVT_FREEBSD_H
#define TENDER_HVT_FREEBSD_H
#include "tender/bsd_host.h"

enum vmm_register {
    VMM_RAX = 0, VMM_RBX, VMM_RCX, VMM_RDX, VMM_RSI, VMM_RDI, VMM_RBP, VMM_R8, VMM_R9, VMM_R10, VMM_R11, VMM_R12, VMM_R13, VMM_R14,
    VMM_R15, VMM_CR0, VMM_CR3, VMM_CR4, VMM_DR7, VMM_RSP, VMM_RIP, VMM_RFLAGS, VMM_ES, VMM_CS, VMM_SS, VMM_DS, VMM_FS, VMM_GS,
    VMM_LDTR, VMM_TR, VMM_IDTR, VMM_GDTR, VMM_EFER,
};
enum vmm_capability {
    VMM_CAP_HALT_EXIT = 0,
    VMM_CAP_MTRAP_EXIT = 1,
};
enum vmm_exit_code {
    VMM_EXIT_INOUT = 0,
    VMM_EXIT_BOGUS = 2,
    VMM_EXIT_HLT = 5,
    VMM_EXIT_MTRAP = 6,
    VMM_EXIT_PAGING = 8,
    VMM_EXIT_INST_EMUL = 9,
    VMM_EXIT_SUSPENDED = 14,
};
struct vmm_set_register {
    int32_t cpu, number;
    uint64_t value;
};
struct vmm_set_segment {
    int32_t cpu, number;
    uint64_t base;
    uint32_t limit, access;
};
struct vmm_set_capability {
    int32_t cpu, type, value, all_cpus;
};
struct vmm_segment_of_memory {
    int32_t id;
    uint64_t num_bytes;
    char name[16];
};
struct vmm_map {
    uint64_t guest_address;
    int32_t id;
    int64_t offset;
    uint64_t num_bytes;
    int32_t rights, flags;
};
struct vmm_activate {
    int32_t cpu;
};
struct vmm_run {
    int32_t cpu;
    int32_t padding;
    int32_t code, instruction_bytes;            /* struct vm_exit begins here */
    uint64_t rip;
    union {
        struct {
            uint16_t how;                       /* bits: 0-2 bytes, 3 in, 4 string, 5 repeated */
            uint16_t port;
            uint32_t eax;
        } inout;
        uint8_t bytes[120];
    };
};
_Static_assert(offsetof(struct vmm_run, code) == 8 && offsetof(struct vmm_run, rip) == 16 &&
               offsetof(struct vmm_run, inout) == 24 && offsetof(struct vmm_run, inout.eax) == 28, "vmm(4)");

#define VMM_RUN BSD_IOWR('v', 1, struct vmm_run)
#define VMM_SET_CAPABILITY BSD_IOW('v', 2, struct vmm_set_capability)
#define VMM_ALLOC_MEMSEG BSD_IOW('v', 14, struct vmm_segment_of_memory)
#define VMM_MMAP_MEMSEG BSD_IOW('v', 16, struct vmm_map)
#define VMM_SET_REGISTER BSD_IOW('v', 20, struct vmm_set_register)
#define VMM_GET_REGISTER BSD_IOWR('v', 21, struct vmm_set_register)
#define VMM_SET_SEGMENT BSD_IOW('v', 22, struct vmm_set_segment)
#define VMM_ACTIVATE_CPU BSD_IOW('v', 90, struct vmm_activate)
_Static_assert(VMM_RUN == 0xc0907601 && VMM_SET_CAPABILITY == 0x80107602 && VMM_ALLOC_MEMSEG == 0x8020760e &&
               VMM_MMAP_MEMSEG == 0x80287610 && VMM_SET_REGISTER == 0x80107614 && VMM_GET_REGISTER == 0xc0107615 &&
               VMM_SET_SEGMENT == 0x80187616 && VMM_ACTIVATE_CPU == 0x8004765a, "vmm(4)");

#define VMM_IN 8u                               /* in inout.how */
#define VMM_PLAIN_OUT 4u                        /* four bytes, out, neither string nor repeated */
#define VMM_RIGHTS_ALL 7                        /* PROT_READ, PROT_WRITE, PROT_EXEC */
#define VMM_UNUSABLE 0x10000u

#endif
