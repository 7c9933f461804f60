// SPDX-License-Identifier: ISC
/* console.c - the firmware's, a byte a call, which every firmware has. */
#include "platform/platform.h"
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/riscv64/sbi.h"

void console_init(void)
{
}

static void put(uint8_t c)
{
    (void)sbi_call(SBI_PUTCHAR, 0, c, 0);
}

void platform_console_write(struct span text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (span_at(text, i) == '\n')
            put('\r');
        put(span_at(text, i));
    }
}
