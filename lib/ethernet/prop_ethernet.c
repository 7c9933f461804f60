// SPDX-License-Identifier: ISC
#include "lib/ethernet/ethernet.h"
#include "check/any.h"

PROPERTY(prop_ethernet_decode, 20)
{
    struct ethernet_header h;
    uint8_t out[ETHERNET_HEADER_BYTES];
    struct wr w = wr_of(MSPAN(out));
    enum wire_err e = ethernet_decode(in, &h);
    CHECK((e == WIRE_OK) == (h.type != 0));
    CHECK(e != WIRE_SHORT || in.n < ETHERNET_HEADER_BYTES);
    ethernet_encode(&w, &h);
    CHECK_FUZZED(e != WIRE_OK || span_starts(in, wr_done(&w)));
}
