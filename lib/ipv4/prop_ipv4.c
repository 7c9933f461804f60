// SPDX-License-Identifier: ISC
#include "lib/ipv4/ipv4.h"
#include "check/any.h"

PROPERTY(prop_ipv4_decode, 64)
{
    struct ipv4_header h;
    enum wire_err e = ipv4_decode(in, in.n, &h);
    CHECK((e == WIRE_OK) == (h.header_bytes >= IPV4_HEADER_BYTES));
    CHECK(h.total_bytes <= in.n);
    CHECK_FUZZED(h.header_bytes <= h.total_bytes);
    (void)ipv4_options_are_sound(in);
}
