// SPDX-License-Identifier: ISC
/* qemu.c - the command line of QEMU. Hardware virtualisation is used where the kernel has it: one that emulates it (kvm_pvm) is
 * slower than QEMU's own translator. */
#include "cli/qemu.h"
#include "cli/file.h"
#include "cli/sdk.h"
#include <errno.h>
#include <unistd.h>

#define MEM_DEFAULT_MB "128"
#define STATUS_ABORT 255
#define STATUS_ABORT_SEEN 127           /* of 8 bits, QEMU's device keeps 7 */

/* How QEMU is told of each CPU: its smallest machine, and how a guest tells its status. */
struct machine {
    const char *arch, *options;
    bool doubles_status;                /* isa-debug-exit's is twice the guest's and one */
    bool has_power_button;
};
static const struct machine machines[] = {
    { "x86_64", "qemu-system-x86_64 -M microvm,rtc=on -device isa-debug-exit,iobase=0x501", true, true },
    { "aarch64", "qemu-system-aarch64 -M virt -semihosting", false, true },
    { "riscv64", "qemu-system-riscv64 -M virt", false, false },
};

static const struct machine *machine_of(const char *arch)
{
    for (size_t i = 0; i < NUM_OF(machines); i++)
        if (same(machines[i].arch, arch))
            return &machines[i];
    fail("there is no machine of QEMU's for %s", arch);
}

static void add(struct words *argv, const char *option, const char *value)
{
    ADD(argv, option);
    ADD(argv, value);
}

/* A comma inside an option of QEMU's is doubled. */
static const char *escaped(const char *path)
{
    struct span left = span_of_str(path);
    const char *out = "";
    for (;;) {
        size_t n = span_find(left, ',');
        out = text("%s%s", out, text_of_span(span_first(left, n)));
        if (n == left.n)
            return out;
        out = text("%s,,", out);
        left = span_skip(left, n + 1);
    }
}

static const char *user_net(const struct qemu_run *q, size_t i)
{
    const char *net = text("user,id=net%zu,ipv6=off", i);
    for (size_t p = 0; p < q->ports.n; p++) {
        const struct port_mapping *m = &AT(q->ports, p);
        net = text("%s,hostfwd=%s:127.0.0.1:%u-" PASST_GUEST ":%u", net, m->is_udp ? "udp" : "tcp", m->host_port, m->guest_port);
    }
    return net;
}

/* The ports lead to the first network that is QEMU's own. */
static void add_nets(struct words *argv, const struct qemu_run *q)
{
    bool has_user = false;
    for (size_t i = 0; i < q->nets.n; i++) {
        const char *tap = AT(q->nets, i);
        bool is_user = same(tap, "");
        if (is_user && has_user)
            fail("QEMU's own network can be one device only: attach a TAP to the others with --net NAME=TAP");
        has_user = has_user || is_user;
        add(argv, "-netdev", !is_user ? text("tap,id=net%zu,ifname=%s,script=no,downscript=no", i, escaped(tap)) : user_net(q, i));
        add(argv, "-device", text("virtio-net-device,netdev=net%zu", i));
        if (q->pcap && i == 0)
            add(argv, "-object", text("filter-dump,id=pcap,netdev=net0,file=%s", escaped(q->pcap)));
    }
    if (!has_user && q->ports.n > 0)
        fail("-p needs a network device of QEMU's own: %s", q->nets.n > 0 ? "leave out --net" : "this unikernel has no network");
    if (q->pcap && q->nets.n == 0)
        fail("--pcap records what a network carries: this unikernel has none");
}

static void add_blocks(struct words *argv, const struct qemu_run *q)
{
    for (size_t i = 0; i < q->blocks.n; i++) {
        add(argv, "-drive", text("if=none,id=block%zu,format=raw,file=%s", i, escaped(AT(q->blocks, i))));
        add(argv, "-device", text("virtio-blk-device,drive=block%zu", i));
    }
}

static bool has_kvm(const char *arch)
{
    return access("/dev/kvm", R_OK | W_OK) == 0 && !folder_exists("/sys/module/kvm_pvm") && sdk_arch_is_host() && same(sdk_arch(), arch);
}

/* The terminal's keys are the debugger's, where there is one. */
static void add_console(struct words *argv, const struct qemu_run *q)
{
    if (!q->gdb_socket) {
        add(argv, "-serial", "stdio");
        return;
    }
    add(argv, "-chardev", "file,id=console,path=/dev/stdout,append=on");
    add(argv, "-serial", "chardev:console");
    add(argv, "-gdb", text("unix:%s,server=on,wait=off", escaped(q->gdb_socket)));
    ADD(argv, "-S");
}

void qemu_arguments(struct words *argv, const struct qemu_run *q)
{
    bool is_fast = has_kvm(q->arch);
    *argv = words_split(machine_of(q->arch)->options);
    struct words rest = words_split("-nodefaults -no-user-config -display none -no-reboot"
                                    " -chardev socket,id=monitor,fd=3 -mon chardev=monitor,mode=readline"
                                    " -global virtio-mmio.force-legacy=false -device virtio-rng-device");
    for (size_t i = 0; i < rest.n; i++)
        ADD(argv, AT(rest, i));
    add(argv, "-accel", is_fast ? "kvm" : "tcg");
    if (is_fast || !same(q->arch, "riscv64"))
        add(argv, "-cpu", is_fast ? "host" : "max");
    add(argv, "-m", q->mem ? q->mem : MEM_DEFAULT_MB);
    add_console(argv, q);
    add_nets(argv, q);
    add_blocks(argv, q);
    if (q->is_traced)
        add(argv, "-trace", "virtio_*");
    add(argv, "-kernel", q->image);
    add(argv, "-append", words_join(&q->boot_args, " "));
}

int qemu_monitor(int *monitor)
{
    int pair[2];
    if (!socket_pair(&pair[0], &pair[1]))
        fail("cannot make a socket pair for QEMU's monitor: %s", strerror(errno));
    *monitor = pair[1];
    return pair[0];
}

bool qemu_press_power_button(const char *arch, int monitor)
{
    static const char line[] = "system_powerdown\n";
    if (!machine_of(arch)->has_power_button)
        return false;
    if (write(monitor, line, sizeof line - 1) < 0)
        fail("QEMU does not listen: %s", strerror(errno));
    return true;
}

/* What is even is of QEMU itself, where the status is doubled. */
int qemu_status(const char *arch, int status)
{
    if (!machine_of(arch)->doubles_status || status > 255 || status % 2 == 0)
        return status;
    return status / 2 == STATUS_ABORT_SEEN ? STATUS_ABORT : status / 2;
}
