// SPDX-License-Identifier: ISC
/* checksum.c - lib/checksum for Frama-C, for bytes in pieces of even length. */
#include "check/prove/plain_checksum.h"
#include "lib/checksum/checksum.h"

static uint16_t add(uint16_t a, uint16_t b)
{
    uint32_t sum = (uint32_t)a + b;
    return (uint16_t)((sum & 0xffff) + (sum >> 16));
}
void checksum_add(struct checksum *c, struct span bytes)
{
    c->sum = add((uint16_t)c->sum, plain_sum(bytes));
}
uint16_t checksum_sum(const struct checksum *c)
{
    return (uint16_t)c->sum;
}
uint16_t checksum_updated(uint16_t field, uint16_t before, uint16_t after)
{
    return (uint16_t)~add(add((uint16_t)~field, (uint16_t)~before), after);
}
