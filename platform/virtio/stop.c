// SPDX-License-Identifier: ISC
/* stop.c - a machine that is not fit for us. */
#include "base/writer.h"
#include "platform/platform.h"
#include "platform/virtio/machine.h"

#define STATUS_ERROR 1

void machine_stop(const char *what)
{
    uint8_t text[256];
    struct wr w = wr_of(MSPAN(text));
    wr_bytes(&w, TEXT("virtio: "));
    wr_bytes(&w, span_first(span_of_str(what), sizeof text - 16));
    wr_u8(&w, '\n');
    platform_console_write(wr_done(&w));
    platform_exit(STATUS_ERROR);
}
