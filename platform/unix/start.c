// SPDX-License-Identifier: ISC
/* The start of a unix image: memory, guards, signals, and over to stack 0 of the pool. main itself is in main.c, so
 * that tests can have their own. */
#include "arch/arch.h"
#include "platform/unix/unix.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

static struct mspan map_memory(uint64_t memory_mb)
{
    size_t num_bytes = (size_t)memory_mb << 20;
    void *p = mmap(NULL, num_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        unix_refuse("--mem: %s", strerror(errno));
    return (struct mspan){ p, num_bytes };
}

static void close_guards(void)
{
    const struct platform_stack_pool *pool = &platform_stack_pool;
    size_t stride = PLATFORM_GUARD_BYTES + pool->stack_bytes;
    for (unsigned i = 0; i < pool->num; i++) {
        struct mspan guard = mspan_sub(pool->memory, i * stride, PLATFORM_GUARD_BYTES);
        if (mprotect(guard.p, guard.n, PROT_NONE) != 0)
            unix_refuse("cannot protect the guard of a stack: %s", strerror(errno));
    }
}

/* A crash must not leave a TAP changed either. The fault happens again with its former effect. */
static struct sigaction former[NSIG];

static void restore_and_crash(int signal)
{
    unix_net_restore();
    (void)sigaction(signal, &former[signal], NULL);
}

static void watch_crashes(void)
{
    static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
    static uint8_t handler_stack[16384];    /* the fault may be a full stack */
    stack_t alternative = { .ss_sp = handler_stack, .ss_size = sizeof handler_stack };
    struct sigaction action = { .sa_handler = restore_and_crash, .sa_flags = SA_ONSTACK };
    (void)sigaltstack(&alternative, NULL);
    for (size_t i = 0; i < NUM_OF(crashes); i++)
        (void)sigaction(crashes[i], &action, &former[crashes[i]]);
}

static void run(void *start)
{
    platform_main(start);
}

void unix_main(int argc, char **argv)
{
    static struct platform_start start = { .target = "unix" };
    static struct arch_context process, stack_0;
    struct unix_options o;
    unix_signals_init();
    unix_options_read(&o, argc, argv);
    watch_crashes();
    close_guards();
    start.command_line = o.command_line;
    start.memory = map_memory(o.memory_mb);
    arch_context_init(&stack_0, platform_stack(0), run, &start);
    arch_context_leave(&process, &stack_0);
}
