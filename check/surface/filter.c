// SPDX-License-Identifier: ISC
/* filter.c - what the seccomp filters of the tenders let through, read from the programs themselves: each is made for a
 * guest with one network and one disk, and walked on every way for every system call of this CPU, arguments left open. Prints
 *
 *     FILTER <tab> CALL <tab> ARGUMENTS <tab> WHAT
 *
 * for each call that some way allows: the arguments that every such way has compared, "-" for none, and with what: "4 = 0; 0 = poll"
 * or, where the ways differ, "0 = network, or 0 = 1". Descriptors and limits have names; a plain number is itself. */
#include "abi/spt_extension.h"
#include "tender/cpu.h"
#include "tender/filter.h"
#include "tender/tender.h"
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum { EPOLL = 1000, TIMER, NET, DISK, CPU_FD, DEBUGGER, CORE, CORE_FOLDER, SAMPLES_END };
#define SECTOR_BYTES 512
#define TRANSFER_MAX_BYTES (1u << 20)
#define CAPACITY_BYTES ((uint64_t)5 << 32 | 0x40000000)
#define RUN_REQUEST 0xae80u
#define REGISTERS_REQUEST 0xae81u
enum { ARGUMENTS = 6, FACTS_MAX = 24, FACT_BYTES = 96, WAYS_MAX = 64 };

const char tender_name[] = "surface";
static struct filter filter;

static const struct {
    const char *name;
    uint32_t number;
} calls[] = {
#include "surface/calls.h"
};

/* ---- A walk. A value is a constant, or an expression over words of arguments. */
struct value {
    bool is_known;
    uint32_t known;
    char text[FACT_BYTES];
    unsigned arguments;         /* a bit for each one that it is made of */
};
struct fact {
    char text[FACT_BYTES];
    unsigned arguments;
};
struct way {
    struct value a, x, memory[BPF_MEMWORDS];
    struct fact fact[FACTS_MAX];
    size_t num_facts;
};
static struct way ways[WAYS_MAX];   /* those that allow the call */
static size_t num_ways;

static void die(const char *why)
{
    fprintf(stderr, "surface: %s\n", why);
    exit(2);
}
static struct value known(uint32_t v)
{
    return (struct value){ .is_known = true, .known = v };
}
static struct value loaded(uint32_t offset, uint32_t number)
{
    struct value v = { 0 };
    unsigned at = (offset - (unsigned)offsetof(struct seccomp_data, args)) / 4;
    if (offset == offsetof(struct seccomp_data, nr))
        return known(number);
    if (offset == offsetof(struct seccomp_data, arch))
        return known(CPU_AUDIT_ARCH);
    if (offset < offsetof(struct seccomp_data, args) || at / 2 >= ARGUMENTS)
        die("a filter reads what is no argument");
    snprintf(v.text, sizeof v.text, "%u%s", at / 2, at % 2 ? ".high" : "");
    v.arguments = 1u << at / 2;
    return v;
}
static struct value sum(const struct value *a, const struct value *b)
{
    struct value v = { .arguments = a->arguments | b->arguments };
    if (a->is_known && b->is_known)
        return known(a->known + b->known);
    const char *left = a->text, *right = b->text;
    if (b->is_known)            /* the carry of what was added below */
        snprintf(v.text, sizeof v.text, "%.40s + carry", left);
    else
        snprintf(v.text, sizeof v.text, "%.40s + %.40s", left, right);
    return v;
}
static struct value bits_of_both(const struct value *a, const struct value *b)
{
    struct value v = { .arguments = a->arguments | b->arguments };
    if (a->is_known && b->is_known)
        return known(a->known | b->known);
    snprintf(v.text, sizeof v.text, "%.40s | %.40s", a->text, b->text);
    return v;
}
static const char *word(uint32_t v)
{
    static const char *const name[] = { "poll", "timer", "network", "disk", "virtual CPU", "debugger", "core", "core's folder" };
    static char number[16];
    if (v >= EPOLL && v < SAMPLES_END)
        return name[v - EPOLL];
    if (v == TRANSFER_MAX_BYTES)
        return "transfer";
    if (v == SECTOR_BYTES)
        return "sector";
    if (v == RUN_REQUEST)
        return "run";
    if (v == REGISTERS_REQUEST)
        return "registers";
    if (v == (uint32_t)CAPACITY_BYTES || v == (uint32_t)(CAPACITY_BYTES >> 32) || v == (uint32_t)(CAPACITY_BYTES - SECTOR_BYTES))
        return "capacity";
    snprintf(number, sizeof number, v > 0xffff ? "0x%x" : "%u", v);
    return number;
}
/* What the way knows from now on. That something is not equal, or larger than, bounds nothing. */
static void learn(struct way *w, const struct value *v, unsigned comparison, bool holds, const struct sock_filter *i)
{
    struct fact f = { .arguments = v->arguments };
    unsigned op = BPF_OP(comparison);
    if (op == BPF_JEQ && holds)
        snprintf(f.text, sizeof f.text, "%.60s = %s", v->text, word(i->k));
    else if (op == BPF_JGT && !holds)
        snprintf(f.text, sizeof f.text, "%.60s <= %s", v->text, word(i->k));
    else if (op == BPF_JSET && !holds && i->k == SECTOR_BYTES - 1)
        snprintf(f.text, sizeof f.text, "%.60s in sectors", v->text);
    else if (op == BPF_JSET && !holds)
        snprintf(f.text, sizeof f.text, "%.60s & 0x%x = 0", v->text, i->k);
    else
        return;
    for (size_t n = 0; n < w->num_facts; n++)
        if (strcmp(w->fact[n].text, f.text) == 0)
            return;
    if (w->num_facts == FACTS_MAX)
        die("a way has too many comparisons");
    w->fact[w->num_facts++] = f;
}
static bool compared(unsigned op, uint32_t a, uint32_t b)
{
    return op == BPF_JEQ ? a == b : op == BPF_JGT ? a > b : op == BPF_JGE ? a >= b : (a & b) != 0;
}
static void walk(struct way w, size_t pc, uint32_t number)
{
    for (; pc < filter.num; pc++) {
        const struct sock_filter *i = &filter.insn[pc];
        switch (i->code) {
        case BPF_LD | BPF_W | BPF_ABS: w.a = loaded(i->k, number); break;
        case BPF_LD | BPF_MEM: w.a = w.memory[i->k % BPF_MEMWORDS]; break;
        case BPF_LDX | BPF_MEM: w.x = w.memory[i->k % BPF_MEMWORDS]; break;
        case BPF_ST: w.memory[i->k % BPF_MEMWORDS] = w.a; break;
        case BPF_MISC | BPF_TAX: w.x = w.a; break;
        case BPF_ALU | BPF_ADD | BPF_X: w.a = sum(&w.a, &w.x); break;
        case BPF_ALU | BPF_ADD | BPF_K: { struct value k = known(i->k); w.a = sum(&w.a, &k); break; }
        case BPF_ALU | BPF_OR | BPF_X: w.a = bits_of_both(&w.a, &w.x); break;
        case BPF_JMP | BPF_JA: pc += i->k; break;
        case BPF_RET | BPF_K:
            if (i->k == SECCOMP_RET_ALLOW) {
                if (num_ways == WAYS_MAX)
                    die("a call is allowed on too many ways");
                ways[num_ways++] = w;
            } else if (i->k != SECCOMP_RET_KILL_PROCESS) {
                die("a filter does something else than to allow or to kill");
            }
            return;
        case BPF_JMP | BPF_JEQ | BPF_K: case BPF_JMP | BPF_JGT | BPF_K: case BPF_JMP | BPF_JSET | BPF_K: case BPF_JMP | BPF_JGE | BPF_X:
            if (w.a.is_known && BPF_SRC(i->code) == BPF_K) {
                pc += compared(BPF_OP(i->code), w.a.known, i->k) ? i->jt : i->jf;
            } else {
                struct way other = w;
                learn(&w, &w.a, BPF_SRC(i->code) == BPF_K ? i->code : BPF_JGE, true, i);
                learn(&other, &other.a, BPF_SRC(i->code) == BPF_K ? i->code : BPF_JGE, false, i);
                walk(other, pc + 1 + i->jf, number);
                pc += i->jt;
            }
            break;
        default: die("an instruction that no filter of the tenders has had");
        }
    }
    die("a filter runs off its end");
}

/* ---- What all ways of a call have in common */

static bool knows(const struct way *w, unsigned argument)
{
    for (size_t i = 0; i < w->num_facts; i++)
        if (w->fact[i].arguments & 1u << argument)
            return true;
    return false;
}
static void print_arguments(const struct way *w, size_t num)
{
    const char *before = "";
    unsigned any = 0;
    for (unsigned n = 0; n < ARGUMENTS; n++) {
        size_t i = 0;
        while (i < num && knows(&w[i], n))
            i++;
        if (num > 0 && i == num) {
            printf("%s%u", before, n);
            before = ", ";
            any++;
        }
    }
    if (any == 0)
        putchar('-');
}
static const char *first_fact(const struct way *w)
{
    for (size_t i = 0; i < w->num_facts; i++)
        if (strncmp(w->fact[i].text, "0 = ", 4) == 0)
            return w->fact[i].text;
    return "";
}
static bool knows_text(const struct way *w, const char *text)
{
    for (size_t i = 0; i < w->num_facts; i++)
        if (strcmp(w->fact[i].text, text) == 0)
            return true;
    return false;
}
/* Of ways that agree on the first argument: what all of them know, and then what each knows instead. */
static void print_group(const char *first)
{
    char seen[WAYS_MAX * 4][FACT_BYTES];
    size_t num_seen = 0;
    const char *between = "";
    for (int common = 1; common >= 0; common--)
        for (size_t i = 0; i < num_ways; i++)
            for (size_t n = 0; n < ways[i].num_facts && strcmp(first_fact(&ways[i]), first) == 0; n++) {
                const char *text = ways[i].fact[n].text;
                bool is_common = true, is_new = true;
                for (size_t k = 0; k < num_ways; k++)
                    is_common &= strcmp(first_fact(&ways[k]), first) != 0 || knows_text(&ways[k], text);
                for (size_t k = 0; k < num_seen; k++)
                    is_new &= strcmp(seen[k], text) != 0;
                if (!is_new || is_common != (common == 1))
                    continue;
                if (num_seen == WAYS_MAX * 4)
                    die("a call has too many comparisons");
                snprintf(seen[num_seen++], FACT_BYTES, "%s", text);
                printf("%s%s", between, text);
                between = common ? "; " : " or ";
            }
}
static void print_facts(void)
{
    if (ways[0].num_facts == 0)
        putchar('-');
    for (size_t i = 0; i < num_ways; i++) {
        bool is_new = true;
        for (size_t k = 0; k < i; k++)
            is_new &= strcmp(first_fact(&ways[k]), first_fact(&ways[i])) != 0;
        if (is_new) {
            fputs(i > 0 ? ", or " : "", stdout);
            print_group(first_fact(&ways[i]));
        }
    }
}
static void print(const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        num_ways = 0;
        walk((struct way){ 0 }, 0, calls[i].number);
        if (num_ways == 0)
            continue;
        printf("%s\t%s\t", name, calls[i].name);
        print_arguments(ways, num_ways);
        putchar('\t');
        print_facts();
        putchar('\n');
    }
}

int main(void)
{
    static const struct vm vm = { .fd = CPU_FD, .request = { RUN_REQUEST, REGISTERS_REQUEST }, .num_requests = 2, .num_run = 1 };
    static struct devices d = { .has_extension = true, .manifest = { .version = 1, .entries = 3 } };
    const struct filter_fds fds = { EPOLL, TIMER };
    d.manifest.record[0].type = SOLO5_DEVICE_RESERVED;
    d.manifest.record[1] = (struct solo5_record){ .type = SOLO5_DEVICE_NET, .host_fd = NET, .is_attached = 1 };
    d.manifest.record[2] = (struct solo5_record){ .type = SOLO5_DEVICE_BLOCK, .host_fd = DISK, .is_attached = 1,
                                                  .block = { CAPACITY_BYTES, SECTOR_BYTES } };
    d.extension[2].block_max_transfer_bytes = TRANSFER_MAX_BYTES;
    filter_morgana(&filter, &d, &fds, SPT_VECTORS);
    print("spt");
    filter_morgana(&filter, &d, &fds, 0);
    print("spt, discarding");
    filter_solo5(&filter, &d, &fds);
    print("spt, Solo5 images");
    filter_hvt(&filter, &d, EPOLL, &(struct hvt_rights){ &vm, -1, -1, -1 });
    print("hvt");
    filter_hvt(&filter, &d, EPOLL, &(struct hvt_rights){ &vm, DEBUGGER, -1, -1 });
    print("hvt --gdb");
    filter_hvt(&filter, &d, EPOLL, &(struct hvt_rights){ &vm, -1, CORE, CORE_FOLDER });
    print("hvt --dumpcore");
    return 0;
}
