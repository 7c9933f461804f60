// SPDX-License-Identifier: ISC
#include "greeting/greeting.h"

void greeting_write(struct wr *w, struct span whom)
{
    wr_bytes(w, TEXT("Good morning, "));
    wr_bytes(w, whom);
    wr_bytes(w, TEXT("!"));
}
