// SPDX-License-Identifier: ISC
/* options.c - the options of a header: none changes what a host does, but they have to be what they say. */
#include "lib/ipv4/ipv4.h"

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_LOOSE_ROUTE = 0x83, OPTION_STRICT_ROUTE = 0x89, POINTER_MIN = 4 };

/* A route of the sender's choice that does not end here: its pointer is not behind it. */
static bool leads_elsewhere(uint8_t type, size_t length, struct span body)
{
    if (type != OPTION_LOOSE_ROUTE && type != OPTION_STRICT_ROUTE)
        return false;
    uint8_t pointer = body.n > 0 ? span_at(body, 0) : 0;
    return pointer < POINTER_MIN || pointer <= length;
}

bool ipv4_options_are_sound(struct span options)
{
    struct cur c = cur_of(options);
    while (cur_more(&c)) {
        uint8_t type = cur_u8(&c);
        if (type == OPTION_END)
            return true;
        if (type == OPTION_NOP)
            continue;
        size_t length = cur_u8(&c);
        cur_want(&c, length >= 2, WIRE_BAD_VALUE);
        if (leads_elsewhere(type, length, cur_bytes(&c, length - 2)))
            return false;
    }
    return c.err == WIRE_OK;
}
