// SPDX-License-Identifier: ISC
/* Classes of octets and searches for them, against loops over all of them. */
#include "check/test.h"
#include "lib/http/octet.h"
#include <ctype.h>

#define SPAN_MAX 27             /* three times what a search looks at, and some more */

static bool is_token(uint8_t c)     /* RFC 9110 section 5.6.2 */
{
    return c < 0x80 && (isalnum(c) || (c != 0 && strchr("!#$%&'*+-.^_`|~", c)));
}
static bool is_target(uint8_t c)
{
    return c > ' ' && c != '#' && c < 0x7f;
}
static bool is_value(uint8_t c)     /* RFC 9110 section 5.5, and octets above, which are opaque */
{
    return c == '\t' || (c >= ' ' && c != 0x7f);
}
static size_t plain_end(struct span s, size_t at, bool (*is_in)(uint8_t))
{
    while (at < s.n && is_in(span_at(s, at)))
        at++;
    return at;
}
static void check_searches(struct span s)
{
    for (size_t at = 0; at <= s.n; at += 3) {
        EQ(token_end(s, at), plain_end(s, at, is_token));
        EQ(target_end(s, at), plain_end(s, at, is_target));
        EQ(value_end(s, at), plain_end(s, at, is_value));
    }
}
TEST(searches_end_where_loops_over_octets_do)
{
    for (size_t n = 1; n <= SPAN_MAX; n++)
        for (size_t at = 0; at < n; at++)
            for (unsigned c = 0; c < 256; c++) {
                uint8_t bytes[SPAN_MAX];
                memset(bytes, at % 2 ? 'a' : '!', sizeof bytes);
                bytes[at] = (uint8_t)c;
                bytes[(at + 5) % n] = bytes[(at + 5) % n] == c ? (uint8_t)c : (uint8_t)(c + 3);
                check_searches(span_first(SPAN(bytes), n));
            }
    check_searches((struct span){ 0 });
}
TEST(classes_are_those_of_the_alphabet)
{
    for (unsigned c = 0; c < 256; c++) {
        uint8_t octet = (uint8_t)c;
        EQ(octet_is(octet, OCTET_TOKEN), is_token(octet));
        EQ(octet_is_blank(octet), c == ' ' || c == '\t');
        EQ(octet_is_digit(octet), c < 0x80 && isdigit((int)c));
        EQ(octet_lower(octet), c < 0x80 ? (unsigned)tolower((int)c) : c);
        if (c < 0x80 && isxdigit((int)c))
            EQ(octet_hex(octet), strtoul((char[]){ (char)c, 0 }, NULL, 16));
        else
            EQ(octet_hex(octet), 16);
    }
}
TEST(blanks_are_taken_off_both_ends)
{
    SPAN_EQ(trimmed(TEXT("")), "");
    SPAN_EQ(trimmed(TEXT(" \t ")), "");
    SPAN_EQ(trimmed(TEXT("a")), "a");
    SPAN_EQ(trimmed(TEXT("\ta b \t")), "a b");
    SPAN_EQ(trimmed(TEXT("  a")), "a");
}
TEST(elements_of_a_list_come_one_by_one)
{
    struct span list = TEXT("a, b\t,,c"), element;
    static const char *const want[] = { "a", "b", "", "c" };
    for (size_t i = 0; i < NUM_OF(want); i++) {
        TRUE(list_next_element(&list, &element));
        TRUE(span_eq(element, span_of_str(want[i])));
    }
    TRUE(!list_next_element(&list, &element));
    list = TEXT("x");
    TRUE(list_next_element(&list, &element) && span_eq(element, TEXT("x")));
    TRUE(!list_next_element(&list, &element));
}
TEST(decimal_numbers_have_one_to_eighteen_digits)
{
    uint64_t v = 7;
    TRUE(!decimal(TEXT(""), &v) && !decimal(TEXT("1a"), &v) && !decimal(TEXT("-1"), &v) && !decimal(TEXT(":"), &v));
    TRUE(!decimal(TEXT("1000000000000000000"), &v));
    EQ(v, 7);
    TRUE(decimal(TEXT("999999999999999999"), &v));
    EQ(v, 999999999999999999);
    TRUE(decimal(TEXT("0"), &v));
    EQ(v, 0);
    TRUE(decimal(TEXT("0190"), &v));
    EQ(v, 190);
}
TEST_MAIN
