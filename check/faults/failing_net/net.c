// SPDX-License-Identifier: ISC
/* net.c - a service that lives on a network device: each round it sends a few frames, and then takes what came. */
#include "net.h"
#include "interface/net.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

#define FRAMES 16u
#define FRAME_BYTES 1000u
#define BUFFERS FRAME_PARTS_MAX          /* enough for a frame of any size */

static uint8_t sent[FRAME_BYTES], memory[BUFFERS][2048];
static const char *state = "";

static void say(const char *now)
{
    if (span_eq(span_of_str(now), span_of_str(state)))
        return;
    print("%s\n", now);
    state = now;
}
static size_t send_some(struct net *n)
{
    struct tx_frame frames[FRAMES] = { 0 };
    for (size_t i = 0; i < FRAMES; i++) {
        frames[i].part[0] = SPAN(sent);
        frames[i].num_parts = 1;
    }
    return net_send(n, frames, FRAMES);
}
/* Echoes are counted; a frame never has more bytes than its buffers. */
static unsigned receive_some(struct net *n)
{
    struct mspan buffers[BUFFERS];
    struct rx_frame frames[FRAMES];
    for (size_t i = 0; i < BUFFERS; i++)
        buffers[i] = MSPAN(memory[i]);
    size_t num = net_receive(n, buffers, BUFFERS, frames, FRAMES);
    REQUIRE(num <= FRAMES);
    for (size_t i = 0; i < num; i++)
        REQUIRE(frames[i].num_bytes <= sizeof memory);
    return (unsigned)num;
}

err net_main(struct net *n)
{
    unsigned num_received = 0;
    mspan_put(MSPAN(sent), 0, 0xff);
    for (;;) {
        say(send_some(n) == FRAMES ? "all frames are taken" : "the device is full");
        unsigned num = receive_some(n);
        if (num_received == 0 && num > 0)
            print("the first frame has come\n");
        num_received += num;
        if (sleep_until(nanos_add(clock_now(), arg_every())) != OK)
            break;
        if (net_wait(n, nanos_add(clock_now(), arg_every())) == E_CANCELED)
            break;
    }
    print("ended well\n");
    return OK;
}
