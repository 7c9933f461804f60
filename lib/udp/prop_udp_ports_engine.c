// SPDX-License-Identifier: ISC
/* Ports that open and close: one is found where it was opened and nowhere else, and the dynamic one is free. */
#include "lib/udp/udp.h"
#include "check/any.h"

PROPERTY(prop_udp_ports, 300)
{
    static bool is_open[256];
    struct udp_ports t = { 0 };
    struct cur c = cur_of(in);
    for (size_t i = 0; i < 256; i++)
        is_open[i] = false;
    while (cur_more(&c)) {
        uint8_t which = cur_u8(&c);
        uint16_t port = which < 128 ? which + 1u : (uint16_t)(UDP_EPHEMERAL_MIN + which);
        size_t place = udp_ports_find(&t, port);
        CHECK((place != UDP_NO_PLACE) == is_open[which] && udp_ports_find(&t, 0) == UDP_NO_PLACE);
        if (place != UDP_NO_PLACE) {
            udp_ports_close(&t, place);
            is_open[which] = false;
        } else {
            is_open[which] = udp_ports_open(&t, port) != UDP_NO_PLACE;
            CHECK(is_open[which] || t.num_places == UDP_PORTS_MAX);
        }
        uint16_t free = udp_ports_ephemeral(&t, which);
        CHECK(free >= UDP_EPHEMERAL_MIN && udp_ports_find(&t, free) == UDP_NO_PLACE);
    }
}
