// SPDX-License-Identifier: ISC
/* flow.c - a capture as a stream, for a tshark that reads it live. */
#include "lib/capture/inside.h"

static err stream(struct capture *c, struct flow *f)
{
    struct span packet;
    TRY(flow_write(f, capture_head(c), NEVER));
    for (;;) {
        while (capture_next(c, &packet))
            TRY(flow_write(f, packet, NEVER));
        TRY(waitq_wait(&c->reader, NEVER));
    }
}

err capture_to_flow(struct capture *c, struct flow *f)
{
    TRY(capture_begin(c));
    err e = stream(c, f);
    capture_end(c);
    return e;
}
