// SPDX-License-Identifier: ISC
/* fast_open.c - what both sides of fast open share: the engine's memory for it. */
#include "lib/stack/host.h"

bool host_is_ours_to_open(const struct stack *s)
{
    return s->ops->tcp_listen == host_tcp_listen;
}

err host_use_fast_open(struct stack_host *h)
{
    void *memory;
    if (h->fast_open)
        return OK;
    TRY(heap_alloc(sizeof *h->fast_open, &memory));
    h->fast_open = memory;
    *h->fast_open = (struct tcp_fast_open){ 0 };
    tcp_use_fast_open(h->tcp, h->fast_open);
    return OK;
}

const struct tcp_fast_open_stats *stack_fast_open_stats(const struct stack *s)
{
    const struct stack_host *h = host_is_ours_to_open(s) ? LINKED(s, struct stack_host, stack)->whole : NULL;
    return h && h->fast_open ? &h->fast_open->stats : NULL;
}
