// SPDX-License-Identifier: ISC
/* serial.c - the console: a 16550 at COM1, 115200 8N1, written to by asking (National Semiconductor PC16550D). Without one, text is
 * dropped. */
#include "platform/platform.h"
#include "platform/virtio/x86_64/pc.h"

enum {
    COM1 = 0x3f8,
    INTERRUPTS = COM1 + 1,
    FIFO = COM1 + 2,
    LINE = COM1 + 3,
    MODEM = COM1 + 4,
    STATUS = COM1 + 5,
};
#define FIFO_ON 0x07u
#define FIFO_BYTES 16u
#define LINE_8N1 0x03u
#define DIVISOR_FOLLOWS 0x80u
#define READY 0x03u                 /* DTR, RTS */
#define ROOM 0x20u                  /* the whole FIFO is empty */
#define NO_PORT 0xffu
#define LOOKS_MAX 1000000u          /* at a port that never gets room */

static bool is_there;

void serial_init(void)
{
    out8(INTERRUPTS, 0);
    out8(LINE, DIVISOR_FOLLOWS);
    out8(COM1, 1);
    out8(COM1 + 1, 0);
    out8(LINE, LINE_8N1);
    out8(FIFO, FIFO_ON);
    out8(MODEM, READY);
    is_there = in8(STATUS) != NO_PORT;
}

static bool wait_for_room(void)
{
    for (unsigned i = 0; i < LOOKS_MAX; i++)
        if (in8(STATUS) & ROOM)
            return true;
    return false;
}

static void put(uint8_t c)
{
    static unsigned room;
    if (room == 0) {
        if (!wait_for_room())
            return;
        room = FIFO_BYTES;
    }
    room--;
    out8(COM1, c);
}

void platform_console_write(struct span text)
{
    for (size_t i = 0; is_there && i < text.n; i++) {
        if (span_at(text, i) == '\n')
            put('\r');
        put(span_at(text, i));
    }
}
