// SPDX-License-Identifier: ISC
/* alert.c - a header with a router alert (RFC 2113). */
#include "lib/checksum/checksum.h"
#include "lib/ipv4/ipv4.h"

enum { VERSION_AND_LENGTH = 4 << 4 | IPV4_ALERT_HEADER_BYTES / 4, CHECKSUM_AT = 10 };

void ipv4_encode_alert(struct mspan out, const struct ipv4_header *h)
{
    struct checksum c = { 0 };
    ipv4_encode(out, h);
    mspan_put(out, 0, VERSION_AND_LENGTH);
    mspan_u32(out, IPV4_HEADER_BYTES, 0x94040000);
    mspan_u16(out, CHECKSUM_AT, 0);
    checksum_add(&c, span_of(mspan_first(out, IPV4_ALERT_HEADER_BYTES)));
    mspan_u16(out, CHECKSUM_AT, checksum_field(&c));
}
