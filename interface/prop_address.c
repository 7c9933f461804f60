// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "interface/address.h"

PROPERTY(prop_ip_text, 48)
{
    struct ip ip, again;
    if (ip_parse(in, &ip) != WIRE_OK) {
        CHECK(ip_eq(&ip, &(struct ip){ 0 }));
        return;
    }
    uint8_t text[40];
    struct wr w = wr_of(MSPAN(text));
    ip_write(&w, &ip);
    CHECK(wr_len(&w) > 0);
    CHECK(ip_parse(wr_done(&w), &again) == WIRE_OK && ip_eq(&ip, &again));
}
