// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "interface/address.h"

/* The other texts: a prefix is an address with a length that its family has; what is written fits. */
static void other_texts(struct span in)
{
    struct ip_prefix prefix;
    uint8_t text[64];
    struct wr w = wr_of(MSPAN(text));
    enum wire_err e = ip_prefix_parse(in, &prefix);
    CHECK(e == WIRE_OK || (ip_eq(&prefix.ip, &(struct ip){ 0 }) && prefix.length == 0));
    CHECK(prefix.length <= (ip_is_v4(&prefix.ip) ? 32 : 128));
    struct endpoint to = { prefix.ip, prefix.length };
    struct mac mac = { { 0 } };
    (void)span_copy(MSPAN(mac.byte), in);
    endpoint_write(&w, &to);
    wr_u8(&w, ' ');
    mac_write(&w, &mac);
    CHECK(wr_len(&w) >= 17 + 1 + 4);
}

PROPERTY(prop_ip_text, 48)
{
    struct ip ip, again;
    other_texts(in);
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
