// SPDX-License-Identifier: ISC
/* fast_open.c - what both sides of fast open have in common. */
#include "lib/tcp/engine.h"

void tcp_use_fast_open(struct tcp *t, struct tcp_fast_open *memory)
{
    t->fast_open = memory;
}
