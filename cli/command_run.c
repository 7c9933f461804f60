// SPDX-License-Identifier: ISC
/* command_run.c - morgana run: starts the image with its devices and stays until it ends. Networks that are not
 * given as a TAP are passt's. */
#include "cli/commands.h"
#include "cli/debug.h"
#include "cli/file.h"
#include "cli/instance.h"
#include "cli/passt.h"
#include "cli/project.h"
#include "cli/qemu.h"
#include "cli/run.h"
#include "cli/sdk.h"
#include "cli/target.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static struct project_options given;
static const char *mem, *pcap, *instance, *gdb_socket;
static uint16_t gdb_port;           /* 0: gdb starts the guest, or waits at the socket */
static bool is_watching, is_detached, wants_gdb, wants_trace;
static struct words ports, nets, blocks, operands, boot_args;

static const struct option run_options[] = {
    { 'p', "port", "HOST:GUEST[/udp]", "a port of 127.0.0.1 that leads to a port of the guest", .values = &ports },
    { 0, "net", "NAME=TAP", "attach the network device NAME to a TAP interface; passt unless given", .values = &nets },
    { 0, "block", "NAME=FILE[:SIZE]", "attach the block device NAME to a file, made with SIZE where there is none", .values = &blocks },
    { 0, "mem", "MB", "memory of the guest", .value = &mem, .variable = "MORGANA_MEM" },
    { 0, "pcap", "FILE", "record the frames of the network, for wireshark and tcpdump", .value = &pcap },
    { 0, "gdb", NULL, "run it in the debugger gdb", .flag = &wants_gdb },
    { 0, "trace", NULL, "show its system calls with strace; of a machine, the traffic of its devices", .flag = &wants_trace },
    { 'w', "watch", NULL, "build and start it again whenever a file of the project changes", .flag = &is_watching },
    { 'd', "detach", NULL, "let it run in the background: see ps, logs, stop", .flag = &is_detached },
    { 0, "as", "NAME", "what ps, logs and stop call it; the unikernel's name unless given", .value = &instance },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" },
};
static const struct options run_table = { run_options, NUM_OF(run_options) };

/* ---- Devices */

struct attachment {
    const char *name, *to;
};

static struct attachment attachment_read(const char *option, const char *word, const struct words *known)
{
    struct span s = span_of_str(word);
    size_t equals = span_find(s, '=');
    const char *name = text_of_span(span_first(s, equals));
    if (equals + 1 >= s.n)
        fail_usage("--%s %s: write NAME=...", option, word);
    if (!words_have(known, name))
        fail("--%s %s: the unikernel has no such device: %s", option, word, words_hint(known, name));
    return (struct attachment){ name, text_of_span(span_skip(s, equals + 1)) };
}

/* "64M" in bytes */
static off_t size_read(const char *word)
{
    char *end;
    unsigned long long n = strtoull(word, &end, 10);
    unsigned shift = same(end, "K") ? 10 : same(end, "M") ? 20 : same(end, "G") ? 30 : 0;
    if (end == word || (*end && shift == 0) || n == 0 || n > (unsigned long long)INT64_MAX >> shift)
        fail_usage("--block: what size is \"%s\"? write a number with K, M or G", word);
    return (off_t)(n << shift);
}

/* NAME=FILE or NAME=FILE:SIZE; the file. */
static const char *block_file(const char *to)
{
    struct span s = span_of_str(to);
    size_t colon = span_find(s, ':');
    const char *path = text_of_span(span_first(s, colon));
    if (file_exists(path))
        return path;
    if (colon + 1 >= s.n)
        fail("there is no file %s: make it with --block NAME=%s:SIZE", path, path);
    off_t size = size_read(text_of_span(span_skip(s, colon + 1)));
    if (!action("make %s, %lld bytes", path, (long long)size))
        return path;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 || ftruncate(fd, size) != 0)
        fail("cannot make %s: %s", path, strerror(errno));
    close(fd);
    return path;
}

static void attach_blocks(struct words *argv, const struct project *p)
{
    struct words attached = { 0 };
    for (size_t i = 0; i < blocks.n; i++) {
        struct attachment a = attachment_read("block", AT(blocks, i), &p->blocks);
        ADD(argv, text("--block:%s=%s", a.name, block_file(a.to)));
        ADD(&attached, a.name);
    }
    for (size_t i = 0; i < p->blocks.n; i++)
        if (!words_have(&attached, AT(p->blocks, i)))
            fail("the block device %s is not attached: --block %s=FILE:SIZE", AT(p->blocks, i), AT(p->blocks, i));
}

static bool is_given(const char *boot_arg)
{
    for (size_t i = 0; i < boot_args.n; i++)
        if (same(AT(boot_args, i), boot_arg) || begins(AT(boot_args, i), text("%s=", boot_arg)))
            return true;
    return false;
}

/* TAPs as they are given; the name of the one network that is left, if any: it is passt's. */
static const char *attach_taps(struct words *argv, const struct project *p, const char **tap)
{
    struct words attached = { 0 };
    const char *left = NULL;
    for (size_t i = 0; i < nets.n; i++) {
        struct attachment a = attachment_read("net", AT(nets, i), &p->nets);
        if (words_have(&attached, a.name))
            fail("--net %s: %s is attached twice", AT(nets, i), a.name);
        ADD(argv, text("--net:%s=%s", a.name, a.to));
        ADD(&attached, a.name);
        *tap = a.to;
    }
    for (size_t i = 0; i < p->nets.n; i++) {
        if (words_have(&attached, AT(p->nets, i)))
            continue;
        if (left)
            fail("passt can be one network, not both %s and %s: attach a TAP with --net %s=TAP", left, AT(p->nets, i), left);
        left = AT(p->nets, i);
    }
    return left;
}

/* Returns once it records. */
static pid_t start_recorder(const char *tap, const char *file)
{
    struct words argv = { 0 };
    int status;
    ADD(&argv, text("%s/bin/morgana", sdk_folder()));
    ADD(&argv, "record");
    ADD(&argv, tap);
    ADD(&argv, file);
    file_remove(file);
    pid_t pid = start_program_with(&argv, NULL, 0);
    while (!file_exists(file))
        if (ends_within_ms(pid, 10, &status))
            exit(1);                        /* it said why */
    return pid;
}

static const char *station_option(const char *net, struct span station)
{
    return text("--net-mac:%s=%02x:%02x:%02x:%02x:%02x:%02x", net, span_at(station, 0), span_at(station, 1), span_at(station, 2),
                span_at(station, 3), span_at(station, 4), span_at(station, 5));
}

static void attach_nets(struct running *r, const struct project *p)
{
    const char *tap = NULL, *left = attach_taps(&r->argv, p, &tap);
    if (!left && ports.n > 0)
        fail("-p needs a network device of passt's: %s", p->nets.n > 0 ? "leave out --net" : "this unikernel has no network");
    if (!left && pcap && !tap)
        fail("--pcap records a network: this unikernel has no network");
    if (left) {
        struct port_mappings mappings = port_mappings_read(&ports);
        r->has_passt = true;
        if (!manner.is_dry) {
            passt_start(&r->passt, &mappings, pcap);
            ADD(&r->argv, station_option(left, SPAN(r->passt.station)));
        }
        if (!manner.is_quiet)
            port_mappings_print(&mappings, p->name);
        ADD(&r->argv, text("--net:%s=@3", left));
    } else if (pcap && action("record %s into %s", tap, pcap)) {
        r->recorder = start_recorder(tap, pcap);
    }
}

/* ---- The guest */

/* What each device of the list is attached to, in its order; "" where nothing was said. */
static struct words attached_to(const char *option, const struct words *given_words, const struct words *known)
{
    struct words to = { 0 };
    for (size_t i = 0; i < known->n; i++)
        ADD(&to, "");
    for (size_t i = 0; i < given_words->n; i++) {
        struct attachment a = attachment_read(option, AT(*given_words, i), known);
        for (size_t j = 0; j < known->n; j++)
            if (same(a.name, AT(*known, j)))
                AT(to, j) = a.to;
    }
    return to;
}

/* A virtual machine is QEMU's, its network too. */
static void machine_arguments(struct running *r, const struct project *p)
{
    struct qemu_run q = { .arch = sdk_arch(), .image = p->image, .mem = mem, .pcap = pcap,
                          .nets = attached_to("net", &nets, &p->nets), .is_traced = wants_trace,
                          .gdb_socket = wants_gdb ? gdb_socket = debug_socket() : NULL };
    q.blocks = attached_to("block", &blocks, &p->blocks);
    for (size_t i = 0; i < p->blocks.n; i++) {
        if (same(AT(q.blocks, i), ""))
            fail("the block device %s is not attached: --block %s=FILE:SIZE", AT(p->blocks, i), AT(p->blocks, i));
        AT(q.blocks, i) = block_file(AT(q.blocks, i));
    }
    for (size_t i = 0; i < boot_args.n; i++)
        ADD(&q.boot_args, word_quoted(AT(boot_args, i)));
    bool has_user_net = words_have(&q.nets, "");
    if (has_user_net && words_have(&p->args, "ipv4") && !is_given("--ipv4"))
        ADD(&q.boot_args, "--ipv4=" PASST_GUEST "/" PASST_LENGTH);
    if (has_user_net && words_have(&p->args, "ipv4-gateway") && !is_given("--ipv4-gateway"))
        ADD(&q.boot_args, "--ipv4-gateway=" PASST_GATEWAY);
    q.ports = port_mappings_read(&ports);
    qemu_arguments(&r->argv, &q);
    r->is_machine = true;
    if (!manner.is_quiet)
        port_mappings_print(&q.ports, p->name);
}

static void guest_arguments(struct running *r, const struct project *p)
{
    struct words *argv = &r->argv;
    struct target target = target_of(p->choices.target);
    if (!file_exists(p->image))
        fail("there is no image %s: build it with make", p->image);
    if (same(target.name, "virtio")) {
        machine_arguments(r, p);
        return;
    }
    if (wants_gdb && same(target.name, "hvt"))
        gdb_port = port_free();
    if (wants_trace)
        ADD(argv, "strace");
    if (wants_gdb && gdb_port == 0)
        debug_add_gdb(argv, p->image, target.tender);
    ADD(argv, target.tender ? text("%s/bin/%s", sdk_folder(), target.tender) : text("./%s", p->image));
    if (gdb_port != 0) {
        ADD(argv, "--gdb");
        ADD(argv, text("--gdb-port=%u", gdb_port));
    }
    if (mem)
        ADD(argv, text("--mem=%s", mem));
    attach_blocks(argv, p);
    attach_nets(r, p);
    ADD(argv, target.tender ? p->image : "--");
    for (size_t i = 0; i < boot_args.n; i++)
        ADD(argv, target.tender ? word_quoted(AT(boot_args, i)) : AT(boot_args, i));
    if (r->has_passt && words_have(&p->args, "ipv4") && !is_given("--ipv4"))
        ADD(argv, "--ipv4=" PASST_GUEST "/" PASST_LENGTH);
    if (r->has_passt && words_have(&p->args, "ipv4-gateway") && !is_given("--ipv4-gateway"))
        ADD(argv, "--ipv4-gateway=" PASST_GATEWAY);
}

/* gdb talks to the terminal, so it takes the place of this command. */
NORETURN static void become(const struct running *r)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (r->has_passt && dup2(r->passt.guest_fd, 3) < 0)
        fail("cannot pass on the network: %s", strerror(errno));
    execvp(AT(r->argv, 0), argv_of(&r->argv));
    fail("cannot start %s: %s", AT(r->argv, 0), strerror(errno));
}

static int run_once(const struct project *p, bool *again)
{
    struct running r = { 0 };
    guest_arguments(&r, p);
    if (!action("%s", words_join(&r.argv, " ")))
        return 0;
    if (wants_gdb && r.is_machine)
        return debug_machine(&r, p->image, gdb_socket);
    if (gdb_port != 0)
        return debug_cpu(&r, p->image, gdb_port);
    if (wants_gdb)
        become(&r);
    running_start(&r);
    if (is_detached)
        instance_tell_started();
    return running_wait(&r, is_watching ? again : NULL);
}

static int run(struct words args)
{
    struct project p;
    int status;
    options_parse(&run_table, args, &operands, &boot_args, NULL);
    if (operands.n > 0)
        fail_usage("run: what is \"%s\"? boot arguments follow --", AT(operands, 0));
    if (is_detached && (wants_gdb || is_watching))
        fail_usage("run: --detach cannot go with --gdb or --watch");
    project_open(&p, &given);
    if (!p.is_configured)
        fail("this folder is not configured yet: morgana configure -t %s && make", p.choices.target);
    if (is_watching && make_goal("build") != 0)
        tell("it is built and started once that works");
    if (is_detached && !manner.is_dry && instance_detach(instance ? instance : p.name, p.image))
        return 0;
    running_block_signals();
    for (bool again = true; again;) {
        again = false;
        status = run_once(&p, &again);
    }
    return status;
}

const struct command command_run = {
    .name = "run", .synopsis = "run [-p HOST:GUEST]... [-- BOOT-ARGUMENT...]",
    .about = "runs the image, its network without root", .run = run, .options = &run_table,
};
