// SPDX-License-Identifier: ISC
/* The back end of bhyve against a recorded kernel: what it asks for at the start, and every exit that there is. */
#include "check/hvt/bsd_recorded.h"
#include "tender/hvt_freebsd.h"

#define FD 77

static struct {
    SLICE(const struct vmm_run) exits;          /* code -1: the call fails with the error in instruction_bytes */
    size_t next;
    uint64_t reg[64], base[64];
    uint32_t limit[64], access[64];
    bool has_memory, is_mapped, is_active, is_stepping, halts, exists;
    bool refuses_steps;
} kernel;

int bsd_open(const char *path)
{
    EQ(strcmp(path, "/dev/vmm/morgana-123"), 0);
    return kernel.exists ? FD : -1;
}
int bsd_process(void)
{
    return 123;
}
void *bsd_map(int fd, size_t num_bytes)
{
    TRUE(fd == FD && num_bytes == GUEST_BYTES && kernel.is_mapped);
    return guest_memory;
}
bool bsd_sysctl(const char *name, struct mspan out, struct span in)
{
    const uint64_t hz = 1000000000;
    const int yes = 1;
    if (strcmp(name, "hw.vmm.create") == 0)
        return kernel.exists = span_eq(in, TEXT("morgana-123"));
    if (strcmp(name, "hw.vmm.destroy") == 0)
        return kernel.exists = !span_eq(in, TEXT("morgana-123"));
    if (strcmp(name, "machdep.tsc_freq") == 0)
        return span_copy(out, SPAN_OF(hz)) == sizeof hz;
    EQ(strcmp(name, "kern.timecounter.invariant_tsc"), 0);
    return span_copy(out, SPAN_OF(yes)) == sizeof yes;
}

static int run_once(struct vmm_run *run)
{
    TRUE(kernel.is_active && run->cpu == 0 && kernel.next < kernel.exits.n);
    *run = AT(kernel.exits, kernel.next);
    kernel.next++;
    errno = run->instruction_bytes;
    return run->code < 0 ? -1 : 0;
}

int bsd_ioctl(int fd, unsigned long request, void *argument)
{
    struct vmm_set_register *r = argument;
    const struct vmm_set_segment *s = argument;
    const struct vmm_set_capability *c = argument;
    const struct vmm_segment_of_memory *m = argument;
    const struct vmm_map *map = argument;
    EQ(fd, FD);
    switch (request) {
    case VMM_RUN: return run_once(argument);
    case VMM_SET_REGISTER: kernel.reg[r->number] = r->value; return 0;
    case VMM_GET_REGISTER: r->value = kernel.reg[r->number]; return 0;
    case VMM_SET_SEGMENT:
        kernel.base[s->number] = s->base;
        kernel.limit[s->number] = s->limit;
        kernel.access[s->number] = s->access;
        return 0;
    case VMM_SET_CAPABILITY:
        kernel.halts |= c->type == VMM_CAP_HALT_EXIT && c->value == 1;
        kernel.is_stepping = c->type == VMM_CAP_MTRAP_EXIT && c->value == 1;
        return c->type == VMM_CAP_MTRAP_EXIT && kernel.refuses_steps ? -1 : 0;
    case VMM_ALLOC_MEMSEG: kernel.has_memory = m->num_bytes == GUEST_BYTES && m->id == 0 && m->name[0] == 0; return 0;
    case VMM_MMAP_MEMSEG:
        kernel.is_mapped = kernel.has_memory && map->num_bytes == GUEST_BYTES && map->guest_address == 0 && map->rights == 7;
        return 0;
    case VMM_ACTIVATE_CPU: kernel.is_active = true; return 0;
    default: TEST_FAIL("request %lx", request);
    }
}

#define OUT(port_, value_) { .code = VMM_EXIT_INOUT, .inout = { VMM_PLAIN_OUT, (port_), (value_) } }
#define START(...) START_RECORDED(struct vmm_run, __VA_ARGS__)

TEST(a_machine_starts_in_the_abi_s_state)
{
    START(OUT(0, 0));
    TRUE(vm.memory.n == GUEST_BYTES && vm.cycles_hz == 1000000000 && kernel.halts);
    TRUE(kernel.reg[VMM_RIP] == 0x100000 && kernel.reg[VMM_RSP] == GUEST_BYTES - 8 && kernel.reg[VMM_RDI] == SOLO5_HVT_BOOT);
    TRUE(kernel.reg[VMM_CR0] == 0x80010021 && kernel.reg[VMM_CR3] == 0x2000 && kernel.reg[VMM_CR4] == 0x620);
    TRUE(kernel.reg[VMM_EFER] == 0x500 && kernel.reg[VMM_RFLAGS] == 2 && kernel.reg[VMM_CS] == 8 && kernel.reg[VMM_SS] == 16);
    TRUE(kernel.access[VMM_CS] == 0xa099 && kernel.access[VMM_GS] == 0xc093 && kernel.access[VMM_TR] == 0x8b);
    TRUE(kernel.access[VMM_LDTR] == 0x10000 && kernel.base[VMM_GDTR] == 0x1000 && kernel.limit[VMM_GDTR] == 23);
    bsd_destroy_machine();
    TRUE(!kernel.exists);
}

TEST(a_guest_runs_from_its_first_call_to_its_last)
{
    unsigned num_again;
    START(OUT(SOLO5_HVT_PORT + SOLO5_HVT_PUTS, AT_PUTS), { .code = -1, .instruction_bytes = EINTR }, { .code = VMM_EXIT_BOGUS },
          OUT(SOLO5_HVT_PORT + SOLO5_HVT_WALLTIME, AT_TEXT), OUT(SOLO5_HVT_PORT + SOLO5_HVT_HALT, AT_HALT));
    struct hypercall_result r = run_recorded(&vm, &num_again);
    TRUE(r.what == HYPERCALL_HALT && r.exit_status == 42);
    TRUE(fake_num_text == 5 && num_again == 2);
    EQ(kernel.next, 5);
}

TEST(every_other_exit_is_told_apart)
{
    static const unsigned wanted[] = { VM_EXIT_HALT, VM_EXIT_STEP, VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT,
                                       VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT, VM_EXIT_FAULT };
    START({ .code = VMM_EXIT_HLT }, { .code = VMM_EXIT_MTRAP }, { .code = VMM_EXIT_PAGING }, { .code = VMM_EXIT_INST_EMUL },
          { .code = VMM_EXIT_SUSPENDED }, { .code = 1 }, { .code = -1, .instruction_bytes = EIO },
          { .code = VMM_EXIT_INOUT, .inout = { VMM_PLAIN_OUT | VMM_IN, 0x502, 0 } },
          { .code = VMM_EXIT_INOUT, .inout = { 1, 0x502, 0 } }, { .code = VMM_EXIT_INOUT, .inout = { 0x14, 0x502, 0 } });
    for (size_t i = 0; i < NUM_OF(wanted); i++) {
        struct vm_exit e = vm_run(&vm);
        EQ(e.what, wanted[i]);
        TRUE(e.what != VM_EXIT_FAULT || e.fault != NULL);
    }
}

TEST(registers_come_in_gdb_s_order_and_go_back)
{
    struct vm_registers r;
    START(OUT(0, 0));
    for (unsigned i = 0; i < 64; i++)
        kernel.reg[i] = 1000 + i;
    TRUE(vm_get_registers(&vm, &r));
    TRUE(r.value[0] == 1000 + VMM_RAX && r.value[7] == 1000 + VMM_RSP && r.value[8] == 1000 + VMM_R8 &&
         r.value[16] == 1000 + VMM_RIP && r.value[18] == 1000 + VMM_CS && r.value[23] == 1000 + VMM_GS);
    r.value[16] = 5;
    r.value[18] = 6;
    TRUE(vm_set_registers(&vm, &r));
    TRUE(kernel.reg[VMM_RIP] == 5 && kernel.reg[VMM_CS] == 1000 + VMM_CS);
    TRUE(vm_step(&vm, true) && kernel.is_stepping && vm_step(&vm, false) && !kernel.is_stepping);
    kernel.refuses_steps = true;
    TRUE(!vm_step(&vm, true) && vm_step(&vm, false));
}

TEST_MAIN
