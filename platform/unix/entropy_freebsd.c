// SPDX-License-Identifier: ISC
/* entropy_freebsd.c - where the system declares getentropy. */
#include "platform/unix/host_bsd.h"
#include <sys/random.h>

bool unix_system_entropy(struct mspan piece)
{
    return getentropy(piece.p, piece.n) == 0;
}
