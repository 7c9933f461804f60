// SPDX-License-Identifier: ISC
/* hvt_openbsd.h - what the tender uses of OpenBSD's vmm(4), after <dev/vmm/vmm.h> 1.13 and <machine/vmmvar.h> of that time (OpenBSD
 * 7.9): memory is made by the kernel and mapped into the tender. The sizes are part of the requests' numbers, which are asserted. */
#ifndef TENDER_HVT_OPENBSD_H
#define TENDER_HVT_OPENBSD_H
#include "tender/bsd_host.h"

#define VMM_NODE "/dev/vmm"
enum vmm_general {
    VMM_RAX, VMM_RCX, VMM_RDX, VMM_RBX, VMM_RSP, VMM_RBP, VMM_RSI, VMM_RDI, VMM_RIP = 16, VMM_RFLAGS, VMM_NUM_GENERAL
};
enum vmm_control { VMM_CR0, VMM_CR2, VMM_CR3, VMM_CR4, VMM_XCR0 = 5, VMM_NUM_CONTROL = 10 };
enum vmm_msr { VMM_EFER, VMM_NUM_MSR = 7 };
enum vmm_segment_name { VMM_ES, VMM_CS, VMM_SS, VMM_DS, VMM_FS, VMM_GS, VMM_LDTR, VMM_TR, VMM_NUM_SEGMENTS };
struct vmm_segment {
    uint16_t selector;
    uint32_t limit, access;
    uint64_t base;
};
struct vmm_registers {
    uint64_t general[VMM_NUM_GENERAL], control[VMM_NUM_CONTROL], msr[VMM_NUM_MSR], debug[6];
    struct vmm_segment segment[VMM_NUM_SEGMENTS], gdtr, idtr;
};
struct vmm_exit {
    union {
        struct {
            uint8_t num_bytes, is_in, is_repeated, is_string, encoding;
            uint16_t port;
            uint32_t data;
            uint8_t instruction_bytes;
        } io;
        uint8_t fault[18];
    };
    struct vmm_registers registers;
    int32_t cpl;
};
enum vmm_reason {                               /* Intel's codes and AMD's */
    VMX_TRIPLE_FAULT = 2,
    VMX_HLT = 12,
    VMX_IO = 30,
    VMX_EPT_VIOLATION = 48,
    SVM_HLT = 0x78,
    SVM_IO = 0x7b,
    SVM_SHUTDOWN = 0x7f,
    SVM_NPF = 0x400,
    VMM_TERMINATED = 0xfffe,
    VMM_NONE = 0xffff,
};
struct vmm_range {
    uint64_t guest_address, address, num_bytes;
    int32_t type;
};
struct vmm_create {
    uint64_t num_ranges, num_cpus;
    struct vmm_range range[16];
    char name[64];
    int32_t sev, seves;
    uint32_t id, c_bit, asid[512];
};
struct vmm_reset {
    uint32_t vm, cpu;
    struct vmm_registers registers;
};
struct vmm_run {
    uint32_t vm, cpu;
    struct {
        uint8_t vector;
        uint32_t error;
        uint8_t type;
    } inject;
    uint8_t is_interrupt_pending;
    struct vmm_exit *exit;
    uint16_t reason;
    uint8_t is_ready;
};
struct vmm_transfer {
    uint32_t vm, cpu;
    uint64_t which;
    struct vmm_registers registers;
};
_Static_assert(sizeof(struct vmm_segment) == 24 && sizeof(struct vmm_registers) == 568 &&
               offsetof(struct vmm_exit, io.port) == 6 && offsetof(struct vmm_exit, io.data) == 8 &&
               offsetof(struct vmm_exit, io.instruction_bytes) == 12 && offsetof(struct vmm_exit, registers) == 24 &&
               sizeof(struct vmm_exit) == 600 && sizeof(struct vmm_range) == 32 && offsetof(struct vmm_create, id) == 600 &&
               offsetof(struct vmm_run, is_interrupt_pending) == 20 && offsetof(struct vmm_run, exit) == 24 &&
               offsetof(struct vmm_run, reason) == 32, "vmm(4)");

#define VMM_CREATE BSD_IOWR('V', 1, struct vmm_create)
#define VMM_RUN BSD_IOWR('V', 2, struct vmm_run)
#define VMM_RESETCPU BSD_IOW('V', 5, struct vmm_reset)
#define VMM_READREGS BSD_IOWR('V', 7, struct vmm_transfer)
#define VMM_WRITEREGS BSD_IOW('V', 8, struct vmm_transfer)
_Static_assert(VMM_CREATE == 0xca605601 && VMM_RUN == 0xc0285602 && VMM_RESETCPU == 0x82405605 && VMM_READREGS == 0xc2485607 &&
               VMM_WRITEREGS == 0x82485608, "vmm(4)");
#define VMM_WHICH_GENERAL 1u
#define VMM_WHICH_SEGMENTS 2u
#define VMM_UNUSABLE 0x10000u

#endif
