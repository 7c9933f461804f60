// SPDX-License-Identifier: ISC
#include "lib/udp/udp.h"

enum { EPHEMERAL_NUM = 65536 - UDP_EPHEMERAL_MIN };
_Static_assert(EPHEMERAL_NUM > UDP_PORTS_MAX, "some dynamic port is always free");

enum wire_err udp_decode(struct span first, size_t datagram_bytes, struct udp_header *out)
{
    struct cur c = cur_of(first);
    struct udp_header h = { 0 };

    h.source_port = cur_u16(&c);
    h.destination_port = cur_u16(&c);
    h.length_bytes = cur_u16(&c);
    h.checksum = cur_u16(&c);
    cur_want(&c, h.length_bytes >= UDP_HEADER_BYTES && h.destination_port != 0, WIRE_BAD_VALUE);
    cur_want(&c, h.length_bytes <= datagram_bytes, WIRE_SHORT);
    (void)cur_rest(&c);

    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? h : (struct udp_header){ 0 };
    return e;
}

void udp_encode(struct mspan out, const struct udp_header *h)
{
    REQUIRE(h->length_bytes <= UINT16_MAX);
    mspan_u16(out, 0, h->source_port);
    mspan_u16(out, 2, h->destination_port);
    mspan_u16(out, 4, (uint16_t)h->length_bytes);
    mspan_u16(out, UDP_CHECKSUM_AT, h->checksum);
}

size_t udp_ports_find(const struct udp_ports *t, uint16_t port)
{
    for (size_t i = 0; i < t->num_places; i++)
        if (t->port[i] == port && port != 0)
            return i;
    return UDP_NO_PLACE;
}

size_t udp_ports_open(struct udp_ports *t, uint16_t port)
{
    REQUIRE(port != 0 && udp_ports_find(t, port) == UDP_NO_PLACE);
    for (size_t i = 0; i < UDP_PORTS_MAX; i++) {
        if (t->port[i] != 0)
            continue;
        t->port[i] = port;
        t->num_places = i < t->num_places ? t->num_places : i + 1;
        return i;
    }
    return UDP_NO_PLACE;
}

void udp_ports_close(struct udp_ports *t, size_t place)
{
    REQUIRE(place < UDP_PORTS_MAX);
    t->port[place] = 0;
    while (t->num_places > 0 && t->port[t->num_places - 1] == 0)
        t->num_places--;
}

uint16_t udp_ports_ephemeral(const struct udp_ports *t, uint32_t random)
{
    for (;; random++) {
        uint16_t port = (uint16_t)(UDP_EPHEMERAL_MIN + random % EPHEMERAL_NUM);
        if (udp_ports_find(t, port) == UDP_NO_PLACE)
            return port;
    }
}
