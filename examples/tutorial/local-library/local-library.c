// SPDX-License-Identifier: ISC
/* local-library.c - calls a library in a folder beside it. */
#include "local-library.h"
#include "greeting/greeting.h"
#include "runtime/log.h"

err local_library_main(void)
{
    uint8_t line[80];
    struct wr w = wr_of(MSPAN(line));

    greeting_write(&w, arg_whom());
    struct span greeting = wr_done(&w);
    print("%b\n", &greeting);
    return OK;
}
