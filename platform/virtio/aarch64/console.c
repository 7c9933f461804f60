// SPDX-License-Identifier: ISC
/* console.c - a PL011 (Arm DDI 0183), written to by asking. Without one, text is dropped. What is wrong with a device tree is told where
 * QEMU's machine has it. */
#include "platform/platform.h"
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/io.h"

enum {
    DATA = 0x00,
    FLAGS = 0x18,
    LINE = 0x2c,
    CONTROL = 0x30,
};
#define IS_FULL 0x20u
#define LINE_8N1_FIFO 0x70u
#define CONTROL_ON 0x301u
#define LOOKS_MAX 1000000u              /* at a port that never gets room */

#define EARLY_AT 0x09000000u

static uintptr_t uart = EARLY_AT;       /* 0: there is none */

void console_init(void)
{
    uart = tree.uart.begin;
    if (uart == 0)
        return;
    pages_map_device(uart, PAGE_BYTES);
    mmio_write32(uart + LINE, LINE_8N1_FIFO);
    mmio_write32(uart + CONTROL, CONTROL_ON);
}

static void put(uint8_t c)
{
    for (unsigned i = 0; i < LOOKS_MAX; i++)
        if ((mmio_read32(uart + FLAGS) & IS_FULL) == 0) {
            mmio_write32(uart + DATA, c);
            return;
        }
}

void platform_console_write(struct span text)
{
    for (size_t i = 0; uart != 0 && i < text.n; i++) {
        if (span_at(text, i) == '\n')
            put('\r');
        put(span_at(text, i));
    }
}
