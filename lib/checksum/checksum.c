// SPDX-License-Identifier: ISC
/* checksum.c - RFC 1071. The sum does not depend on the order of bytes within words (section 2 B), so words are
 * added as they lie in memory, four at a time in each of two lanes, and swapped once at the end. */
#include "lib/checksum/checksum.h"

typedef uint64_t lanes __attribute__((vector_size(16)));

static inline lanes next_lanes(struct span *s)
{
    lanes v = { 0 };
    (void)span_copy(MSPAN_OF(v), span_first(*s, sizeof v));
    *s = span_skip(*s, sizeof v);
    return v;
}

/* 32-bit halves into 64-bit lanes: no carry is lost before 4 GiB. */
static inline lanes halves(lanes v)
{
    return (v & 0xffffffff) + (v >> 32);
}

static uint64_t sum_of_blocks(struct span *s)
{
    lanes even = { 0 }, odd = { 0 };
    while (s->n >= 4 * sizeof(lanes)) {
        lanes a = next_lanes(s), b = next_lanes(s), c = next_lanes(s), d = next_lanes(s);
        even += halves(a) + halves(c);
        odd += halves(b) + halves(d);
    }
    even += odd;
    return even[0] + even[1];
}

static uint16_t fold(uint64_t sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

static uint64_t sum_of(struct span s)
{
    uint64_t sum = sum_of_blocks(&s);
    for (; s.n >= 8; s = span_skip(s, 8)) {
        uint64_t word = span_le64(s, 0);
        sum += (word & 0xffffffff) + (word >> 32);
    }
    for (; s.n >= 2; s = span_skip(s, 2))
        sum += __builtin_bswap16(span_u16(s, 0));
    return s.n == 1 ? sum + span_at(s, 0) : sum;
}

void checksum_add(struct checksum *c, struct span bytes)
{
    uint64_t sum = sum_of(bytes);
    c->sum += c->is_odd ? __builtin_bswap16(fold(sum)) : fold(sum);
    c->is_odd ^= bytes.n & 1;
}

static uint64_t sum_of_address(struct span s)
{
    uint64_t high = span_le64(s, 0), low = span_le64(s, 8);
    return (high & 0xffffffff) + (high >> 32) + (low & 0xffffffff) + (low >> 32);
}

struct checksum checksum_pseudo(struct span source, struct span destination, uint8_t protocol, size_t transport_bytes)
{
    REQUIRE(transport_bytes <= 0xffff);
    uint64_t words = sum_of_address(source) + sum_of_address(destination) + __builtin_bswap16(protocol) +
                     __builtin_bswap16((uint16_t)transport_bytes);
    return (struct checksum){ .sum = words };
}

uint16_t checksum_sum(const struct checksum *c)
{
    return __builtin_bswap16(fold(c->sum));
}

uint16_t checksum_updated(uint16_t field, uint16_t before, uint16_t after)
{
    return (uint16_t)~fold((uint64_t)(uint16_t)~field + (uint16_t)~before + after);
}
