// SPDX-License-Identifier: ISC
/* command_run.c - morgana run: starts the image with its devices and stays until it ends. Networks that are not
 * given as a TAP are passt's. The guest runs in a process group of its own: what the operator types is passed on in
 * order, first as the wish for an orderly end, the second time as the end. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/passt.h"
#include "cli/project.h"
#include "cli/sdk.h"
#include "cli/target.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct project_options given;
static const char *mem, *pcap;
static struct words ports, nets, blocks, operands, boot_args;

static const struct option run_options[] = {
    { 'p', "port", "HOST:GUEST[/udp]", "a port of 127.0.0.1 that leads to a port of the guest", .values = &ports },
    { 0, "net", "NAME=TAP", "attach the network device NAME to a TAP interface; passt unless given", .values = &nets },
    { 0, "block", "NAME=FILE[:SIZE]", "attach the block device NAME to a file, made with SIZE where there is none", .values = &blocks },
    { 0, "mem", "MB", "memory of the guest", .value = &mem },
    { 0, "pcap", "FILE", "record the frames that pass between passt and the guest", .value = &pcap },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config },
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

/* TAPs as they are given; the one network that is left, if any, is passt's. true: it is there. */
static bool attach_nets(struct words *argv, const struct project *p, struct passt *passt)
{
    struct words attached = { 0 };
    const char *left = NULL;
    for (size_t i = 0; i < nets.n; i++) {
        struct attachment a = attachment_read("net", AT(nets, i), &p->nets);
        ADD(argv, text("--net:%s=%s", a.name, a.to));
        ADD(&attached, a.name);
    }
    for (size_t i = 0; i < p->nets.n; i++) {
        if (words_have(&attached, AT(p->nets, i)))
            continue;
        if (left)
            fail("passt can be one network, not both %s and %s: attach a TAP with --net %s=TAP", left, AT(p->nets, i), left);
        left = AT(p->nets, i);
    }
    if (!left && ports.n > 0)
        fail("-p needs a network device of passt's: %s", p->nets.n > 0 ? "leave out --net" : "this unikernel has no network");
    if (!left && pcap)
        fail("--pcap records what passes through passt: %s",
             p->nets.n > 0 ? "for a TAP, use tcpdump -i TAP -w FILE" : "this unikernel has no network");
    if (!left)
        return false;
    struct port_mappings mappings = port_mappings_read(&ports);
    passt_start(passt, &mappings, pcap);
    port_mappings_print(&mappings, p->name);
    ADD(argv, text("--net:%s=@3", left));
    return true;
}

/* ---- The guest */

/* Tenders join the words of the command line with blanks, so that a word with blanks of its own needs quotes. */
static const char *quoted(const char *word)
{
    struct span s = span_of_str(word);
    bool has_blank = s.n == 0 || span_find(s, ' ') < s.n || span_find(s, '\t') < s.n;
    return !has_blank ? word : span_find(s, '"') < s.n ? text("'%s'", word) : text("\"%s\"", word);
}

static struct words guest_arguments(const struct project *p, struct passt *passt, bool *has_passt)
{
    struct words argv = { 0 };
    if (!file_exists(p->image))
        fail("there is no image %s: build it with make", p->image);
    struct target target = target_of(p->choices.target);
    ADD(&argv, target.tender ? text("%s/bin/%s", sdk_folder(), target.tender) : text("./%s", p->image));
    if (mem)
        ADD(&argv, text("--mem=%s", mem));
    attach_blocks(&argv, p);
    *has_passt = attach_nets(&argv, p, passt);
    ADD(&argv, target.tender ? p->image : "--");
    for (size_t i = 0; i < boot_args.n; i++)
        ADD(&argv, target.tender ? quoted(AT(boot_args, i)) : AT(boot_args, i));
    if (*has_passt && words_have(&p->args, "ipv4") && !is_given("--ipv4"))
        ADD(&argv, "--ipv4=" PASST_GUEST "/" PASST_LENGTH);
    if (*has_passt && words_have(&p->args, "ipv4-gateway") && !is_given("--ipv4-gateway"))
        ADD(&argv, "--ipv4-gateway=" PASST_GATEWAY);
    return argv;
}

static int status_of(int wait_status)
{
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

/* Until the guest ends; its status. */
static int watch(pid_t guest, struct passt *passt, const sigset_t *signals)
{
    int wait_status;
    for (unsigned wishes = 0;;) {
        int signal = 0;
        (void)sigwait(signals, &signal);
        if (signal != SIGCHLD)
            kill(guest, wishes++ == 0 ? SIGTERM : SIGKILL);
        if (waitpid(guest, &wait_status, WNOHANG) == guest)
            return status_of(wait_status);
        if (passt && waitpid(passt->pid, NULL, WNOHANG) == passt->pid) {
            if (ends_within_ms(guest, 1000, &wait_status)) {    /* then its end was why passt ended */
                passt->pid = 0;
                return status_of(wait_status);
            }
            kill(guest, SIGKILL);
            (void)wait_program(guest);
            passt_fail(passt);
        }
    }
}

static int run(struct words args)
{
    struct project p;
    struct passt passt;
    bool has_passt;
    sigset_t signals;
    options_parse(&run_table, args, &operands, &boot_args, NULL);
    if (operands.n > 0)
        fail_usage("run: what is \"%s\"? boot arguments follow --", AT(operands, 0));
    project_open(&p, &given);
    if (!p.is_configured)
        fail("this folder is not configured yet: morgana configure -t %s && make", p.choices.target);
    sigemptyset(&signals);
    const int watched[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP };
    for (size_t i = 0; i < NUM_OF(watched); i++)
        sigaddset(&signals, watched[i]);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    struct words argv = guest_arguments(&p, &passt, &has_passt);
    const struct handed fds[] = { { has_passt ? passt.guest_fd : -1, 3 } };
    pid_t guest = start_program_with(&argv, fds, has_passt);
    if (has_passt)
        close(passt.guest_fd);
    int status = watch(guest, has_passt ? &passt : NULL, &signals);
    if (has_passt && passt.pid != 0)
        passt_finish(&passt);
    return status;
}

const struct command command_run = {
    .name = "run", .synopsis = "run [-p HOST:GUEST]... [-- BOOT-ARGUMENT...]",
    .about = "runs the image, its network without root", .run = run, .options = &run_table,
};
