// SPDX-License-Identifier: ISC
#include "lib/arp/arp.h"
#include "check/any.h"

PROPERTY(prop_arp_decode, 32)
{
    struct arp_message m;
    uint8_t out[ARP_MESSAGE_BYTES];
    struct wr w = wr_of(MSPAN(out));
    enum wire_err e = arp_decode(in, &m);
    CHECK((e == WIRE_OK) == (m.operation == ARP_REQUEST || m.operation == ARP_REPLY));
    CHECK(e != WIRE_OK || in.n >= ARP_MESSAGE_BYTES);
    arp_encode(&w, &m);
    CHECK_FUZZED(e != WIRE_OK || span_starts(in, wr_done(&w)));
}
