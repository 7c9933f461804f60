// SPDX-License-Identifier: ISC
/* clock.c - time from the CPU's counter. How fast it counts says KVM's clock (Linux, Documentation/virt/kvm/x86/msr.rst), CPUID (leaf 0x15,
 * VMware's 0x40000010), or else the timer chip (Intel 8254), measured twice for 40 microseconds at the start and, better, after
 * the first sleep. The time of day is KVM's, or that of the battery-backed clock (MC146818), to a second. */
#include "arch/arch.h"
#include "platform/platform.h"
#include "platform/virtio/x86_64/pc.h"
#include <cpuid.h>

#define CPUID_TSC 0x15u
#define CPUID_MHZ 0x16u
#define CPUID_HYPERVISOR 0x40000000u
#define CPUID_KVM_FEATURES 0x40000001u
#define CPUID_HYPERVISOR_TSC 0x40000010u
#define KVM_HAS_CLOCK (1u << 3)
#define MSR_KVM_WALL_CLOCK 0x4b564d00u
#define MSR_KVM_SYSTEM_TIME 0x4b564d01u

enum {
    PIT_COUNTER = 0x42,
    PIT_COMMAND = 0x43,
    PIT_COUNT_DOWN = 0xb0,          /* counter 2, both bytes, mode 0 */
    PIT_LATCH = 0x80,
    PIT_GATE = 0x61,
    PIT_HZ = 1193182,
    PIT_WINDOW = 48,                /* ticks: 40 microseconds */
    PIT_LOOKS_MAX = 100000,
    PIT_TRIES = 20,
};
#define PIT_WRAPS_NS (50 * NS_PER_MS)

/* ---- Counting: ns = base_ns + (cycles - base_cycles) * rate / 2^32 */

static struct {
    uint64_t base_cycles, rate, hz;
    nanos base_ns;
    bool is_exact;
} counter;

static void set_rate(uint64_t hz)
{
    counter.hz = hz;
    counter.rate = mul_div(NS_PER_S, UINT64_C(1) << 32, hz);
}

static nanos counted_ns(void)
{
    uint64_t cycles = arch_cycles() - counter.base_cycles;
    return counter.base_ns + (uint64_t)((unsigned __int128)cycles * counter.rate >> 32);
}

uint64_t clock_cycles(nanos duration)
{
    return mul_div(duration, counter.hz, NS_PER_S);
}

/* ---- KVM's clock */

struct kvm_time {
    uint32_t version, padding0;
    uint64_t cycles;
    nanos ns;
    uint32_t factor;                /* of 2^32 */
    int8_t shift;                   /* of cycles, before */
    uint8_t flags, padding1[2];
};
struct kvm_wall {
    uint32_t version, s, ns;
};
static volatile struct kvm_time kvm_time __attribute__((aligned(64)));
static volatile struct kvm_wall kvm_wall __attribute__((aligned(16)));
static bool has_kvm_clock;

static nanos kvm_ns(void)
{
    for (;;) {
        uint32_t version = kvm_time.version;
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        uint64_t cycles = arch_cycles() - kvm_time.cycles;
        int shift = kvm_time.shift;
        cycles = shift < 0 ? cycles >> -shift : cycles << shift;
        nanos ns = kvm_time.ns + (uint64_t)((unsigned __int128)cycles * kvm_time.factor >> 32);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (version % 2 == 0 && version == kvm_time.version)
            return ns;
    }
}

static bool kvm_clock_init(void)
{
    unsigned a, b, c, d;
    __cpuid(CPUID_HYPERVISOR, a, b, c, d);
    bool is_kvm = b == 0x4b4d564bu && c == 0x564b4d56u && d == 0x4du;      /* "KVMKVMKVM" */
    if (!is_kvm)
        return false;
    __cpuid(CPUID_KVM_FEATURES, a, b, c, d);
    if ((a & KVM_HAS_CLOCK) == 0)
        return false;
    msr_write(MSR_KVM_SYSTEM_TIME, (uintptr_t)&kvm_time | 1);
    if (kvm_time.factor == 0)
        return false;
    uint64_t hz = (NS_PER_S << 32) / kvm_time.factor;
    int shift = kvm_time.shift;
    set_rate(shift < 0 ? hz << -shift : hz >> shift);
    return true;
}

/* ---- The timer chip */

struct pit_reading {
    uint64_t cycles;
    uint16_t count;                 /* downwards */
};
static struct pit_reading pit_start;

static struct pit_reading pit_read(void)
{
    struct pit_reading r = { .cycles = arch_cycles() };
    out8(PIT_COMMAND, PIT_LATCH);
    r.cycles += (arch_cycles() - r.cycles) / 2;
    r.count = in8(PIT_COUNTER);
    r.count = (uint16_t)(r.count | in8(PIT_COUNTER) << 8);
    return r;
}

/* Just when the count has changed. false: it does not count. */
static bool pit_read_edge(struct pit_reading *r)
{
    struct pit_reading before = pit_read();
    for (unsigned i = 0; i < PIT_LOOKS_MAX; i++) {
        *r = pit_read();
        if (r->count != before.count)
            return true;
    }
    return false;
}

static uint64_t pit_hz(const struct pit_reading *a, const struct pit_reading *b)
{
    uint16_t ticks = (uint16_t)(a->count - b->count);
    return ticks == 0 ? 0 : mul_div(b->cycles - a->cycles, PIT_HZ, ticks);
}

static uint64_t pit_measure_once(void)
{
    struct pit_reading now;
    if (!pit_read_edge(&pit_start))
        return 0;
    do
        if (!pit_read_edge(&now))
            return 0;
    while ((uint16_t)(pit_start.count - now.count) < PIT_WINDOW);
    return pit_hz(&pit_start, &now);
}

static bool are_near(uint64_t a, uint64_t b)
{
    uint64_t difference = a > b ? a - b : b - a;
    return difference < a / 16;
}

/* A host that leaves us in the middle of it makes a measurement worthless, so two in turn must agree. */
static uint64_t pit_measure(void)
{
    out8(PIT_GATE, 1);
    out8(PIT_COMMAND, PIT_COUNT_DOWN);
    out8(PIT_COUNTER, 0xff);
    out8(PIT_COUNTER, 0xff);
    uint64_t last = pit_measure_once(), hz = 0;
    for (unsigned i = 0; i < PIT_TRIES && last != 0; i++) {
        hz = pit_measure_once();
        if (are_near(hz, last))
            break;
        last = hz;
    }
    return hz;
}

bool clock_wants_refining(void)
{
    return !counter.is_exact;
}

void clock_refine(void)
{
    struct pit_reading now;
    if (counter.is_exact || !pit_read_edge(&now))
        return;
    uint64_t elapsed = now.cycles - pit_start.cycles;
    uint64_t hz = pit_hz(&pit_start, &now);
    counter.is_exact = elapsed >= clock_cycles(CLOCK_REFINE_AFTER_NS / 2) && elapsed < clock_cycles(PIT_WRAPS_NS) &&
                       are_near(hz, counter.hz);
    if (counter.is_exact) {
        counter.base_ns = counted_ns();
        counter.base_cycles = arch_cycles();
        set_rate(hz);
    }
    pit_start = now;
}

/* ---- What CPUID says */

static uint64_t cpuid_hz(void)
{
    unsigned a, b, c, d;
    __cpuid(CPUID_HYPERVISOR, a, b, c, d);
    if (a >= CPUID_HYPERVISOR_TSC && a < CPUID_HYPERVISOR + 0x10000) {
        __cpuid(CPUID_HYPERVISOR_TSC, a, b, c, d);
        if (a != 0)
            return a * UINT64_C(1000);
    }
    if (__get_cpuid(CPUID_TSC, &a, &b, &c, &d) && a != 0 && b != 0 && c != 0)
        return (uint64_t)c * b / a;
    return 0;
}

static uint64_t cpuid_rough_hz(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(CPUID_MHZ, &a, &b, &c, &d) ? (a & 0xffff) * UINT64_C(1000000) : 0;
}

void clock_init(void)
{
    counter.base_cycles = virtio_entry_cycles;
    counter.is_exact = true;
    has_kvm_clock = kvm_clock_init();
    if (has_kvm_clock)
        return;
    uint64_t hz = cpuid_hz();
    if (hz == 0) {
        hz = pit_measure();
        counter.is_exact = hz == 0;
    }
    if (hz == 0)
        hz = cpuid_rough_hz();
    if (hz == 0)
        machine_stop("nothing says how fast the CPU counts: KVM's clock, CPUID leaf 0x15 or a PIT is needed");
    set_rate(hz);
}

nanos platform_clock_monotonic(void)
{
    return has_kvm_clock ? kvm_ns() : counted_ns();
}

/* ---- The time of day */

enum {
    CMOS_INDEX = 0x70,
    CMOS_DATA = 0x71,
    CMOS_STATUS_A = 10,
    CMOS_STATUS_B = 11,
    CMOS_UPDATING = 0x80,
    CMOS_BINARY = 4,
    CMOS_24_HOURS = 2,
    CMOS_AFTERNOON = 0x80,
    CMOS_LOOKS_MAX = 100000,
};
struct cmos_time {
    uint8_t second, minute, hour, day, month, year;
};

static uint8_t cmos(uint8_t index)
{
    out8(CMOS_INDEX, index);
    return in8(CMOS_DATA);
}

static struct cmos_time cmos_read(void)
{
    return (struct cmos_time){ cmos(0), cmos(2), cmos(4), cmos(7), cmos(8), cmos(9) };
}

static uint8_t from_bcd(uint8_t v, bool is_binary)
{
    return is_binary ? v : (uint8_t)((v >> 4) * 10 + (v & 15));
}

/* Days since 1970-01-01 of a day from 2000 on: years begin in March, so that the leap day is the last. */
static uint64_t days_of(unsigned year, unsigned month, unsigned day)
{
    unsigned y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    return 365u * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static nanos cmos_ns(void)
{
    struct cmos_time t, again = cmos_read();
    for (unsigned i = 0; i < CMOS_LOOKS_MAX; i++) {
        t = again;
        if (cmos(CMOS_STATUS_A) & CMOS_UPDATING)
            continue;
        again = cmos_read();
        if (span_eq(SPAN_OF(t), SPAN_OF(again)))
            break;
    }
    uint8_t form = cmos(CMOS_STATUS_B);
    bool is_binary = form & CMOS_BINARY, is_afternoon = !(form & CMOS_24_HOURS) && (t.hour & CMOS_AFTERNOON);
    unsigned hour = from_bcd((uint8_t)(t.hour & ~CMOS_AFTERNOON), is_binary);
    if (!(form & CMOS_24_HOURS))
        hour = hour % 12 + (is_afternoon ? 12 : 0);
    uint64_t days = days_of(2000u + from_bcd(t.year, is_binary), from_bcd(t.month, is_binary), from_bcd(t.day, is_binary));
    return (((days * 24 + hour) * 60 + from_bcd(t.minute, is_binary)) * 60 + from_bcd(t.second, is_binary)) * NS_PER_S;
}

/* The time of day when the monotonic clock was at its origin; asked for once. */
static nanos wall_origin(void)
{
    if (!has_kvm_clock)
        return nanos_sub(cmos_ns(), platform_clock_monotonic());
    msr_write(MSR_KVM_WALL_CLOCK, (uintptr_t)&kvm_wall);
    return kvm_wall.s * NS_PER_S + kvm_wall.ns;
}

nanos platform_clock_wall(void)
{
    static nanos origin;
    if (origin == 0)
        origin = wall_origin();
    return nanos_add(origin, platform_clock_monotonic());
}
