// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "interface/address.h"

static enum wire_err parse(const char *text, struct ip *out)
{
    return ip_parse(span_of_str(text), out);
}
#define WRITTEN(write, value)                        \
    ({                                               \
        static uint8_t text_[64];                    \
        struct wr w_ = wr_of(MSPAN(text_));          \
        write(&w_, (value));                         \
        wr_done(&w_);                                \
    })

TEST(a_dotted_address_is_read_and_written)
{
    struct ip ip;
    EQ(parse("10.0.255.2", &ip), WIRE_OK);
    TRUE(ip_is_v4(&ip));
    EQ(ip_v4(&ip), 0x0a00ff02);
    SPAN_EQ(WRITTEN(ip_write, &ip), "10.0.255.2");
    EQ(parse("0.0.0.0", &ip), WIRE_OK);
    EQ(parse("255.255.255.255", &ip), WIRE_OK);
}
TEST(malformed_dotted_addresses_are_refused_and_leave_zero)
{
    static const char *const bad[] = { "", "1", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.00",
        "1..2.3", ".1.2.3", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "1.2.3.0x4", "1.2.3.99999999999", "a.b.c.d", "1.2.3.4/8", "1.2.3.a" };
    for (size_t i = 0; i < NUM_OF(bad); i++) {
        struct ip ip = ip_from_v4(7);
        enum wire_err e = parse(bad[i], &ip);
        if (e != WIRE_SHORT && e != WIRE_BAD_VALUE)
            TEST_FAIL("\"%s\" gives %d", bad[i], e);
        TRUE(ip_eq(&ip, &(struct ip){ 0 }));
    }
}
TEST(an_address_that_ends_too_early_is_short)
{
    static const char *const cut[] = { "", "1.2", "1.2.3.", "1:", "1:2:3:4:5:6:7:" };
    struct ip ip;
    for (size_t i = 0; i < NUM_OF(cut); i++)
        EQ(parse(cut[i], &ip), WIRE_SHORT);
    EQ(parse("1:g::", &ip), WIRE_BAD_VALUE);
    EQ(parse("1::g", &ip), WIRE_BAD_VALUE);
}
TEST(every_truncation_of_an_address_is_refused_or_another_address)
{
    struct span text = TEXT("192.168.100.200");
    struct ip ip;
    for (size_t n = 0; n < text.n; n++)
        EQ(ip_parse(span_first(text, n), &ip) == WIRE_OK, n > text.n - 3);
}
TEST(ipv6_text_is_written_as_rfc_5952_wants)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },        /* the first of two equal runs, section 4.2.3 */
        { "2001:0db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },    /* no :: for one group, section 4.2.2 */
        { "2001:DB8::AbCd", "2001:db8::abcd" },                 /* lower case, section 4.3 */
        { "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
        { "::", "::" },
        { "::1", "::1" },
        { "1::", "1::" },
        { "fe80::1:2:3:4", "fe80::1:2:3:4" },
        { "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
        { "0:2:3:4:5:6:7:0", "0:2:3:4:5:6:7:0" },
        { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
        { "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
        { "::ffff:192.0.2.1", "192.0.2.1" },
        { "0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1" },
        { "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
    };
    for (size_t i = 0; i < NUM_OF(cases); i++) {
        struct ip ip;
        if (parse(cases[i].in, &ip) != WIRE_OK)
            TEST_FAIL("%s is not read", cases[i].in);
        struct span got = WRITTEN(ip_write, &ip);
        if (!span_eq(got, span_of_str(cases[i].out)))
            TEST_FAIL("%s is written %.*s", cases[i].in, (int)got.n, (const char *)got.p);
    }
}
TEST(malformed_ipv6_text_is_refused)
{
    static const char *const bad[] = { ":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:", "1::2::3",
        "::1::", "12345::", "g::", "::1%eth0", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4:5", "1.2.3.4::", "::1 ", "[::1]",
        "1:2:3:4::5:6:7:8", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8" };
    for (size_t i = 0; i < NUM_OF(bad); i++) {
        struct ip ip;
        if (parse(bad[i], &ip) == WIRE_OK)
            TEST_FAIL("%s is read", bad[i]);
        TRUE(ip_eq(&ip, &(struct ip){ 0 }));
    }
}
TEST(a_prefix_needs_its_length_in_the_range_of_its_family)
{
    struct ip_prefix p;
    EQ(ip_prefix_parse(TEXT("10.0.0.2/24"), &p), WIRE_OK);
    EQ(p.length, 24);
    EQ(ip_v4(&p.ip), 0x0a000002);
    EQ(ip_prefix_parse(TEXT("0.0.0.0/0"), &p), WIRE_OK);
    EQ(ip_prefix_parse(TEXT("fd00::1/128"), &p), WIRE_OK);
    EQ(p.length, 128);
    static const char *const bad[] = { "10.0.0.2", "10.0.0.2/", "10.0.0.2/33", "10.0.0.2/024", "10.0.0.2/8x", "/8", "10.0.0/8",
        "fd00::1/129", "10.0.0.2/8/8", "10.0.0.2//8" };
    for (size_t i = 0; i < NUM_OF(bad); i++) {
        if (ip_prefix_parse(span_of_str(bad[i]), &p) == WIRE_OK)
            TEST_FAIL("%s is read", bad[i]);
        EQ(p.length, 0);
        TRUE(ip_eq(&p.ip, &(struct ip){ 0 }));
    }
}
TEST(endpoints_and_hardware_addresses_are_written)
{
    struct endpoint e = { ip_from_v4(0x0a000002), 80 };
    SPAN_EQ(WRITTEN(endpoint_write, &e), "10.0.0.2:80");
    EQ(parse("2001:db8::1", &e.ip), WIRE_OK);
    e.port = 65535;
    SPAN_EQ(WRITTEN(endpoint_write, &e), "[2001:db8::1]:65535");
    struct mac mac = { { 0x02, 0, 0xab, 0xcd, 0x0f, 0xff } };
    SPAN_EQ(WRITTEN(mac_write, &mac), "02:00:ab:cd:0f:ff");
}
TEST(an_address_that_does_not_fit_writes_nothing)
{
    uint8_t text[9];
    struct ip ip = ip_from_v4(0x0a00ff02);
    struct wr w = wr_of(MSPAN(text));
    ip_write(&w, &ip);
    EQ(wr_len(&w), 0);
}
TEST_MAIN
