// SPDX-License-Identifier: ISC
/* The back end of VMM against a recorded kernel: what it asks for at the start, and every exit that there is. */
#include "check/hvt/bsd_recorded.h"
#include "tender/hvt_openbsd.h"

#define FD 78
#define MACHINE 9u

struct recorded {
    int error;                                  /* 0, or the call fails */
    uint16_t reason;
    struct vmm_exit exit;
};
static struct {
    SLICE(const struct recorded) exits;
    size_t next;
    struct vmm_registers registers;
    bool exists;
} kernel;

int bsd_open(const char *path)
{
    EQ(strcmp(path, "/dev/vmm"), 0);
    return FD;
}
int bsd_process(void)
{
    return 123;
}
bool bsd_sysctl(const char *name, struct mspan out, struct span in)
{
    const uint64_t hz = 2000000000;
    EQ(strcmp(name, "machdep.tscfreq"), 0);
    return in.n == 0 && span_copy(out, SPAN_OF(hz)) == sizeof hz;
}

/* As vmm(4) does: the registers of the exit before are the CPU's, then it runs. */
static int run_once(struct vmm_run *run)
{
    TRUE(run->vm == MACHINE && run->cpu == 0 && kernel.next < kernel.exits.n);
    const struct recorded *r = &AT(kernel.exits, kernel.next);
    kernel.next++;
    if (kernel.next > 1)
        kernel.registers = run->exit->registers;
    *run->exit = r->exit;
    run->exit->registers = kernel.registers;
    run->reason = r->reason;
    errno = r->error;
    return r->error != 0 ? -1 : 0;
}

int bsd_ioctl(int fd, unsigned long request, void *argument)
{
    struct vmm_create *c = argument;
    const struct vmm_reset *reset = argument;
    struct vmm_transfer *t = argument;
    EQ(fd, FD);
    switch (request) {
    case VMM_RUN: return run_once(argument);
    case VMM_CREATE:
        kernel.exists = c->num_cpus == 1 && c->num_ranges == 1 && c->range[0].num_bytes == GUEST_BYTES &&
                        c->range[0].guest_address == 0 && strcmp(c->name, "morgana-123") == 0;
        c->range[0].address = (uintptr_t)guest_memory;
        c->id = MACHINE;
        return 0;
    case VMM_RESETCPU: EQ(reset->vm, MACHINE); kernel.registers = reset->registers; return 0;
    case VMM_READREGS: t->registers = kernel.registers; return 0;
    case VMM_WRITEREGS: EQ(t->which, VMM_WHICH_GENERAL); kernel.registers = t->registers; return 0;
    default: TEST_FAIL("request %lx", request);
    }
}

#define OUT(reason_, port_, value_)                                                     \
    { .reason = (reason_), .exit = { .io = { .num_bytes = 4, .port = (port_), .data = (value_), .instruction_bytes = 2 } } }
#define START(...) START_RECORDED(struct recorded, __VA_ARGS__)

TEST(a_machine_starts_in_the_abi_s_state)
{
    START(OUT(VMX_IO, 0, 0));
    const struct vmm_registers *r = &kernel.registers;
    TRUE(vm.memory.n == GUEST_BYTES && vm.memory.p == guest_memory && vm.cycles_hz == 2000000000 && kernel.exists);
    TRUE(r->general[VMM_RIP] == 0x100000 && r->general[VMM_RSP] == GUEST_BYTES - 8 && r->general[VMM_RDI] == SOLO5_HVT_BOOT);
    TRUE(r->control[VMM_CR0] == 0x80010021 && r->control[VMM_CR3] == 0x2000 && r->control[VMM_CR4] == 0x620);
    TRUE(r->msr[VMM_EFER] == 0x500 && r->general[VMM_RFLAGS] == 2 && r->segment[VMM_CS].selector == 8);
    TRUE(r->segment[VMM_CS].access == 0xa099 && r->segment[VMM_SS].access == 0xc093 && r->segment[VMM_SS].selector == 16);
    TRUE(r->segment[VMM_TR].access == 0x8b && r->segment[VMM_LDTR].access == 0x10000);
    TRUE(r->gdtr.base == 0x1000 && r->gdtr.limit == 23);
}

TEST(a_guest_runs_from_its_first_call_to_its_last)
{
    unsigned num_again;
    START(OUT(VMX_IO, SOLO5_HVT_PORT + SOLO5_HVT_PUTS, AT_PUTS), { .error = EINTR }, { .reason = VMM_NONE },
          OUT(SVM_IO, SOLO5_HVT_PORT + SOLO5_HVT_WALLTIME, AT_TEXT), OUT(VMX_IO, SOLO5_HVT_PORT + SOLO5_HVT_HALT, AT_HALT));
    struct hypercall_result r = run_recorded(&vm, &num_again);
    TRUE(r.what == HYPERCALL_HALT && r.exit_status == 42);
    TRUE(fake_num_text == 5 && num_again == 2);
    EQ(kernel.registers.general[VMM_RIP], 0x100000 + 2 * 2);    /* the last call's instruction is not left any more */
}

TEST(every_other_exit_is_told_apart)
{
    static const unsigned wanted[] = { VM_EXIT_HALT, VM_EXIT_HALT, VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT,
                                       VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT };
    START({ .reason = VMX_HLT }, { .reason = SVM_HLT }, { .reason = VMX_EPT_VIOLATION }, { .reason = SVM_NPF },
          { .reason = VMX_TRIPLE_FAULT }, { .reason = SVM_SHUTDOWN }, { .reason = VMM_TERMINATED }, { .reason = 1 },
          { .error = EIO }, { .reason = VMX_IO, .exit = { .io = { .num_bytes = 4, .is_in = 1 } } },
          { .reason = VMX_IO, .exit = { .io = { .num_bytes = 1 } } },
          { .reason = VMX_IO, .exit = { .io = { .num_bytes = 4, .is_string = 1 } } });
    for (size_t i = 0; i < NUM_OF(wanted); i++) {
        struct vm_exit e = vm_run(&vm);
        EQ(e.what, wanted[i]);
        TRUE(e.what != VM_EXIT_FAULT || e.fault != NULL);
    }
}

TEST(registers_come_in_gdb_s_order_and_go_back)
{
    struct vm_registers r;
    START(OUT(VMX_IO, 0, 0));
    for (unsigned i = 0; i < VMM_NUM_GENERAL; i++)
        kernel.registers.general[i] = 1000 + i;
    TRUE(vm_get_registers(&vm, &r));
    TRUE(r.value[0] == 1000 + VMM_RAX && r.value[1] == 1000 + VMM_RBX && r.value[7] == 1000 + VMM_RSP && r.value[15] == 1015 &&
         r.value[16] == 1000 + VMM_RIP && r.value[18] == 8 && r.value[19] == 16);
    r.value[16] = 5;
    TRUE(vm_set_registers(&vm, &r));
    EQ(kernel.registers.general[VMM_RIP], 5);
    TRUE(!vm_step(&vm, true) && vm_step(&vm, false));
}

TEST_MAIN
