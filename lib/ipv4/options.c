// SPDX-License-Identifier: ISC
/* options.c - the options of a header: none changes what a host does, but they have to be what they say. */
#include "lib/ipv4/ipv4.h"

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_LOOSE_ROUTE = 0x83, OPTION_STRICT_ROUTE = 0x89, POINTER_MIN = 4 };

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
        struct cur body = cur_of(cur_bytes(&c, length - 2));
        bool is_route = type == OPTION_LOOSE_ROUTE || type == OPTION_STRICT_ROUTE;
        uint8_t pointer = is_route ? cur_u8(&body) : 0;
        if (is_route && (pointer < POINTER_MIN || pointer <= length))
            return false;
    }
    return c.err == WIRE_OK;
}
