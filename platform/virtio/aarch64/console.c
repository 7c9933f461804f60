// SPDX-License-Identifier: ISC
/* console.c - a PL011 (Arm DDI 0183), written to by asking. Without one, text is dropped. */
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

static bool is_there;

void console_init(void)
{
    is_there = region_is_there(tree.uart);
    if (!is_there)
        return;
    pages_map_device(tree.uart.begin, PAGE_BYTES);
    mmio_write32(tree.uart.begin + LINE, LINE_8N1_FIFO);
    mmio_write32(tree.uart.begin + CONTROL, CONTROL_ON);
}

static void put(uint8_t c)
{
    for (unsigned i = 0; i < LOOKS_MAX; i++)
        if ((mmio_read32(tree.uart.begin + FLAGS) & IS_FULL) == 0) {
            mmio_write32(tree.uart.begin + DATA, c);
            return;
        }
}

void platform_console_write(struct span text)
{
    for (size_t i = 0; is_there && i < text.n; i++) {
        if (span_at(text, i) == '\n')
            put('\r');
        put(span_at(text, i));
    }
}
