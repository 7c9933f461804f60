// SPDX-License-Identifier: ISC
/* echo-server.c - one fiber makes up lines, with pauses; another echoes them. A channel is between them. */
#include "echo-server.h"
#include "lib/random/random.h"
#include "runtime/channel.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

struct line {
    uint8_t letter[16];
};

static err make_up(void *arg)
{
    struct channel *lines = arg;
    for (uint64_t i = 0; i < arg_lines(); i++) {
        struct line line;
        TRY(sleep_until(nanos_add(clock_now(), random_u64() % (arg_pause() + 1))));
        for (size_t k = 0; k < NUM_OF(line.letter); k++)
            line.letter[k] = (uint8_t)('a' + random_below(26));
        TRY(channel_send(lines, SPAN_OF(line), NEVER));
    }
    channel_close(lines);
    return OK;
}

static err echo(void *arg)
{
    struct channel *lines = arg;
    struct line line;
    err e;
    while ((e = channel_receive(lines, MSPAN_OF(line), NEVER)) == OK)
        print("%.*s\n", (int)sizeof line.letter, (const char *)line.letter);
    return e == E_EOF ? OK : e;
}

err echo_server_main(void)
{
    struct line room[4];
    struct channel lines = CHANNEL_OVER(room);
    struct scope scope CLEANUP(scope_cancel);

    scope_open(&scope);
    TRY(fiber_go(&scope, make_up, &lines, "make up"));
    TRY(fiber_go(&scope, echo, &lines, "echo"));
    return scope_join(&scope);
}
