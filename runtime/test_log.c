// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "interface/address.h"
#include "platform/platform.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include <limits.h>

static uint8_t console[65536];
static struct wr console_writer;
static unsigned num_writes;
static nanos now;

void platform_console_write(struct span text)
{
    wr_bytes(&console_writer, text);
    num_writes++;
}
nanos clock_now(void)
{
    return now;
}
static void fresh(nanos time)
{
    console_writer = wr_of(MSPAN(console));
    num_writes = 0;
    now = time;
    log_init(0);
    EQ(log_set_levels(TEXT("*:info")), OK);
}
static struct span written(void)
{
    return wr_done(&console_writer);
}
#define FORMATTED(...)                              \
    ({                                              \
        static uint8_t text_[512];                  \
        struct wr w_ = wr_of(MSPAN(text_));         \
        format(&w_, __VA_ARGS__);                   \
        wr_done(&w_);                               \
    })

TEST(numbers_of_every_length_and_sign)
{
    SPAN_EQ(FORMATTED("%d %d %d", 0, -1, INT_MIN), "0 -1 -2147483648");
    SPAN_EQ(FORMATTED("%ld %lld", LONG_MIN, LLONG_MAX), "-9223372036854775808 9223372036854775807");
    SPAN_EQ(FORMATTED("%u %lu %llu", UINT_MAX, ULONG_MAX, 7ull), "4294967295 18446744073709551615 7");
    SPAN_EQ(FORMATTED("%zu %zd %x %lx", SIZE_MAX, (ptrdiff_t)-5, 0xbeefu, ULONG_MAX), "18446744073709551615 -5 beef ffffffffffffffff");
    SPAN_EQ(FORMATTED("%p", (void *)0x1f), "0x1f");
}
TEST(widths_pad_on_either_side_and_with_zeros)
{
    SPAN_EQ(FORMATTED("[%5d|%-5d|%05d|%05d|%2d]", 42, 42, 42, -42, 12345), "[   42|42   |00042|-0042|12345]");
    SPAN_EQ(FORMATTED("[%4x|%04x|%3s|%-4s|%2c]", 10u, 10u, "ab", "ab", 'z'), "[   a|000a| ab|ab  | z]");
    EQ(FORMATTED("%999999999999d", 1).n, 64);
}
TEST(strings_spans_and_addresses)
{
    struct span s = TEXT("two");
    struct ip ip = ip_from_v4(0x0a000001);
    char unterminated[2] = { 'a', 'b' };
    SPAN_EQ(FORMATTED("%s %b %.*s %c %I 100%%", "one", &s, 2, unterminated, 'x', &ip), "one two ab x 10.0.0.1 100%");
    SPAN_EQ(FORMATTED("%s %.*s|", (char *)NULL, -1, "none"), "(null) |");
    SPAN_EQ(FORMATTED("[%12I]", &ip), "[    10.0.0.1]");
}
TEST(hostile_bytes_are_escaped)
{
    struct span s = TEXT("a\0b\x1b[31m\x7f\xc3\xa9");
    SPAN_EQ(FORMATTED("%s|%b|%c", "a\r\nb", &s, '\n'), "a\\x0d\\x0ab|a\\x00b\\x1b[31m\\x7f\\xc3\\xa9|\\x0a");
    SPAN_EQ(FORMATTED("[%6s]\n", "\t"), "[  \\x09]\n");
}
TEST(an_unknown_conversion_is_our_own_bug)
{
    PANICS((void)FORMATTED("%f", 1.0));
    PANICS((void)FORMATTED("%"));
    PANICS((void)FORMATTED("%.3s", "abcdef"));
}
TEST(what_does_not_fit_is_cut_off_and_the_writer_is_full)
{
    uint8_t text[6];
    struct wr w = wr_of(MSPAN(text));
    format(&w, "%s", "\n\n");
    TRUE(w.full);
    EQ(w.room.n, 0);
    TRUE(memcmp(text, "\\x0a\\x", 6) == 0);
}
LOG_SOURCE(tcp);
LOG_SOURCE(dns);
TEST(a_line_shows_time_level_and_source_and_is_one_write)
{
    fresh(1234 * NS_PER_US);
    log_info(tcp, "listens on %u", 80u);
    SPAN_EQ(written(), "    0.001234 INFO  tcp: listens on 80\n");
    EQ(num_writes, 1);
    fresh(from_s(123456789));
    log_error(dns, "gone");
    SPAN_EQ(written(), "123456789.000000 ERROR dns: gone\n");
}
TEST(thresholds_go_by_source_and_the_last_rule_wins)
{
    fresh(from_s(10));
    log_debug(tcp, "unseen");
    EQ(written().n, 0);
    EQ(log_set_levels(TEXT("tcp:debug,*:error")), OK);
    log_debug(tcp, "a");
    log_warning(dns, "unseen");
    log_error(dns, "b");
    SPAN_EQ(written(), "   10.000000 DEBUG tcp: a\n   10.000000 ERROR dns: b\n");
    fresh(from_s(20));
    EQ(log_set_levels(TEXT("quiet,dns:app")), OK);
    log_app(tcp, "unseen");
    log_app(dns, "c");
    log_error(dns, "unseen");
    SPAN_EQ(written(), "   20.000000 APP   dns: c\n");
}
TEST(a_source_that_is_first_used_later_obeys_the_rules)
{
    static struct log_source late = { .name = "late" };
    fresh(from_s(30));
    EQ(log_set_levels(TEXT("late:debug")), OK);
    log_line(&late, LOG_DEBUG, "x");
    SPAN_EQ(written(), "   30.000000 DEBUG late: x\n");
}
TEST(malformed_levels_change_nothing)
{
    static const char *const bad[] = { "", "loud", "tcp:", ":info", "tcp:info,", ",info", "tcp:info,dns", "tcp info", "INFO", "a:b:info" };
    fresh(from_s(40));
    for (size_t i = 0; i < NUM_OF(bad); i++)
        if (log_set_levels(span_of_str(bad[i])) != E_INVALID)
            TEST_FAIL("\"%s\" is accepted", bad[i]);
    log_info(tcp, "x");
    EQ(num_writes, 1);
}
TEST(more_rules_than_the_table_holds_are_refused)
{
    uint8_t spec[8 * (LOG_RULES_MAX + 1)];
    struct wr w = wr_of(MSPAN(spec));
    fresh(from_s(50));
    for (int i = 0; i < LOG_RULES_MAX; i++)
        format(&w, i ? ",s:info" : "s:info");
    EQ(log_set_levels(wr_done(&w)), OK);
    format(&w, ",s:info");
    EQ(log_set_levels(wr_done(&w)), E_INVALID);
}
TEST(a_flood_is_swallowed_counted_and_told_once)
{
    static struct log_source flood = { .name = "flood" };
    fresh(from_s(60));
    for (int i = 0; i < LOG_LINES_PER_S + 100; i++)
        log_line(&flood, LOG_INFO, "x");
    EQ(num_writes, LOG_LINES_PER_S);
    log_info(tcp, "another source still speaks");
    EQ(num_writes, LOG_LINES_PER_S + 1);
    fresh(from_s(61));
    log_line(&flood, LOG_INFO, "y");
    log_line(&flood, LOG_INFO, "z");
    SPAN_EQ(written(), "   61.000000 WARN  flood: 100 lines were swallowed\n   61.000000 INFO  flood: y\n   61.000000 INFO  flood: z\n");
}
TEST(a_long_line_is_cut_off_and_still_ends)
{
    static char text[1000];
    memset(text, 'x', sizeof text - 1);
    fresh(from_s(70));
    log_info(tcp, "%s", text);
    EQ(written().n, LOG_LINE_BYTES);
    EQ(span_at(written(), LOG_LINE_BYTES - 1), '\n');
    EQ(span_at(written(), LOG_LINE_BYTES - 2), 'x');
}
TEST(printing_has_no_head_and_no_threshold)
{
    fresh(from_s(80));
    EQ(log_set_levels(TEXT("quiet")), OK);
    print("%s %u\n", "hello", 1u);
    SPAN_EQ(written(), "hello 1\n");
}
TEST_MAIN
