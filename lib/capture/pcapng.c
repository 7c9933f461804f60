// SPDX-License-Identifier: ISC
/* pcapng.c - section header, interface description, enhanced packet and custom block. */
#include "lib/capture/pcapng.h"

enum {
    SECTION_HEADER = 0x0a0d0d0a,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    INTERFACE_DESCRIPTION = 1,
    ENHANCED_PACKET = 6,
    CUSTOM_BLOCK = 0x40000bad,          /* not to be copied by tools that change the file */
    EXAMPLE_ENTERPRISE = 32473,         /* RFC 5612 */
    LINKTYPE_ETHERNET = 1,
    OPTION_END = 0,
    OPTION_TIME_RESOLUTION = 9,
    OPTION_FLAGS = 2,
    OPTION_DROPPED = 4,
    NANOSECONDS = 9,
    SECTION_BYTES = 28,
    INTERFACE_BYTES = 32,
    PACKET_HEAD_BYTES = 28,
};
_Static_assert(SECTION_BYTES + INTERFACE_BYTES == PCAPNG_HEAD_BYTES, "the head is these two");

static void write_u64(struct wr *w, uint64_t v)
{
    wr_u32(w, (uint32_t)(v >> 32));
    wr_u32(w, (uint32_t)v);
}

static void write_option(struct wr *w, uint16_t code, uint16_t length)
{
    wr_u16(w, code);
    wr_u16(w, length);
}

void pcapng_write_head(struct wr *w, uint32_t snap_bytes)
{
    wr_u32(w, SECTION_HEADER);
    wr_u32(w, SECTION_BYTES);
    wr_u32(w, BYTE_ORDER_MAGIC);
    wr_u16(w, 1);                       /* version 1.0 */
    wr_u16(w, 0);
    write_u64(w, UINT64_MAX);           /* the section's length is not known */
    wr_u32(w, SECTION_BYTES);

    wr_u32(w, INTERFACE_DESCRIPTION);
    wr_u32(w, INTERFACE_BYTES);
    wr_u16(w, LINKTYPE_ETHERNET);
    wr_u16(w, 0);
    wr_u32(w, snap_bytes);
    write_option(w, OPTION_TIME_RESOLUTION, 1);
    wr_u8(w, NANOSECONDS);
    wr_zeros(w, 3);
    write_option(w, OPTION_END, 0);
    wr_u32(w, INTERFACE_BYTES);
}

void pcapng_write_packet(struct wr *w, const struct pcapng_packet *p)
{
    size_t padding = -p->bytes.n % 4, options = 8 + (p->num_dropped > 0 ? 12 : 0) + 4;
    uint32_t total = (uint32_t)(PACKET_HEAD_BYTES + p->bytes.n + padding + options + 4);
    wr_u32(w, ENHANCED_PACKET);
    wr_u32(w, total);
    wr_u32(w, 0);                       /* interface */
    write_u64(w, p->time);
    wr_u32(w, (uint32_t)p->bytes.n);
    wr_u32(w, p->whole_bytes);
    wr_bytes(w, p->bytes);
    wr_zeros(w, padding);
    write_option(w, OPTION_FLAGS, 4);
    wr_u32(w, p->direction);
    if (p->num_dropped > 0) {
        write_option(w, OPTION_DROPPED, 8);
        write_u64(w, p->num_dropped);
    }
    write_option(w, OPTION_END, 0);
    wr_u32(w, total);
}

void pcapng_write_padding(struct wr *w, uint32_t total_bytes)
{
    wr_u32(w, CUSTOM_BLOCK);
    wr_u32(w, total_bytes);
    wr_u32(w, EXAMPLE_ENTERPRISE);
}
