// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "platform/platform.h"
#include "runtime/bootarg.h"
#include "runtime/bootarg_standard.h"
#include "runtime/clock.h"
#include "runtime/log.h"

static uint8_t console[8192];
static struct wr console_writer;
static int exit_status;
static jmp_buf exited;

void platform_console_write(struct span text)
{
    wr_bytes(&console_writer, text);
}
nanos clock_now(void)
{
    return 0;
}
void platform_exit(int status)
{
    exit_status = status;
    longjmp(exited, 1);
}

enum { COMPARED_MAX = 32 };      /* bytes of names that are compared for a suggestion */
enum { PORT, VERBOSE, GATEWAY, IPV4, IDLE, ROOT, LOGS, DELAY, NAME, NUM };
static const struct bootarg fresh_args[NUM] = {
    [PORT] = { .name = "https-port", .letter = 'p', .value_name = "PORT", .doc = "port to listen on", .fallback = "443",
               .kind = BOOTARG_UINT, .min = 1, .max = 65535 },
    [VERBOSE] = { .name = "verbose", .doc = "say more", .kind = BOOTARG_FLAG },
    [GATEWAY] = { .name = "gateway", .doc = "next hop", .kind = BOOTARG_IP, .fallback = "10.0.0.1", .section = "Network" },
    [IPV4] = { .name = "ipv4", .doc = "own address", .kind = BOOTARG_PREFIX, .fallback = "10.0.0.2/24", .section = "Network" },
    [IDLE] = { .name = "idle", .doc = "close after", .kind = BOOTARG_DURATION, .fallback = "1m", .section = "Network" },
    [ROOT] = { .name = "root", .doc = "folder that is served", .kind = BOOTARG_STRING, .fallback = "", .section = "Network" },
    [LOGS] = BOOTARG_STANDARD_LOGS,
    [DELAY] = BOOTARG_STANDARD_DELAY,
    [NAME] = BOOTARG_STANDARD_NAME,
};
static struct bootarg args[NUM];
static struct bootarg_table table = { .program = "website", .about = "serves a folder", .args = { args, NUM } };

/* 0: it was accepted; else the status that it ended with. */
static int parse_span(struct span line)
{
    memcpy(args, fresh_args, sizeof args);
    console_writer = wr_of(MSPAN(console));
    exit_status = 0;
    if (setjmp(exited) == 0)
        bootargs_parse(&table, line);
    return exit_status;
}
static int parse(const char *line)
{
    return parse_span(span_of_str(line));
}
static struct span said(void)
{
    return wr_done(&console_writer);
}
#define REFUSED(line, message)                  \
    do {                                        \
        EQ(parse(line), BOOTARG_STATUS_BAD);    \
        SPAN_EQ(said(), "website: " message "\n"); \
    } while (0)

TEST(nothing_given_leaves_the_defaults)
{
    EQ(parse(""), 0);
    EQ(args[PORT].value.uint, 443);
    EQ(args[VERBOSE].value.flag, false);
    EQ(ip_v4(&args[GATEWAY].value.ip), 0x0a000001);
    EQ(args[IPV4].value.prefix.length, 24);
    EQ(args[IDLE].value.duration, from_s(60));
    EQ(args[NAME].value.string.n, 0);
    EQ(args[PORT].is_given, false);
    EQ(said().n, 0);
}
TEST(every_kind_of_argument_in_every_spelling)
{
    EQ(parse("  --https-port=8443 --verbose\t--gateway 192.168.0.1 --ipv4=fd00::2/64 --idle=250ms --name=web "), 0);
    EQ(args[PORT].value.uint, 8443);
    EQ(args[VERBOSE].value.flag, true);
    EQ(ip_v4(&args[GATEWAY].value.ip), 0xc0a80001);
    EQ(args[IPV4].value.prefix.length, 64);
    EQ(args[IDLE].value.duration, from_ms(250));
    SPAN_EQ(args[NAME].value.string, "web");
    EQ(args[PORT].is_given, true);
    EQ(parse("-p 1 --name a=b"), 0);
    EQ(args[PORT].value.uint, 1);
    SPAN_EQ(args[NAME].value.string, "a=b");
    EQ(parse("-p=65535 --name= --"), 0);
    EQ(args[PORT].value.uint, 65535);
    EQ(args[NAME].is_given, true);
    EQ(args[NAME].value.string.n, 0);
}
TEST(quotes_keep_blanks_together)
{
    EQ(parse("--name=\"a b\" --root '-- c \" d'"), BOOTARG_STATUS_BAD);
    EQ(parse("--name=\"a b\" --root='-- c \" d'"), 0);
    SPAN_EQ(args[NAME].value.string, "a b");
    SPAN_EQ(args[ROOT].value.string, "-- c \" d");
    EQ(parse("'--name=x y' --root \"z z\""), 0);
    SPAN_EQ(args[NAME].value.string, "x y");
    SPAN_EQ(args[ROOT].value.string, "z z");
    EQ(parse("--name=it's"), 0);
    SPAN_EQ(args[NAME].value.string, "it's");
    REFUSED("--name='a b", "the quote that begins with 'a b is not closed");
    REFUSED("--name=\"a\"b", "a blank is missing behind the closing quote of a");
}
TEST(durations_have_units_and_do_not_overflow)
{
    const struct {
        const char *text;
        nanos want;
    } good[] = { { "7", from_s(7) }, { "3us", 3000 }, { "0s", 0 }, { "5m", from_s(300) }, { "2h", from_s(7200) },
        { "213503d", 213503ull * 86400 * NS_PER_S } };
    for (size_t i = 0; i < NUM_OF(good); i++) {
        uint8_t line[64];
        struct wr w = wr_of(MSPAN(line));
        format(&w, "--idle=%s", good[i].text);
        EQ(parse_span(wr_done(&w)), 0);
        EQ(args[IDLE].value.duration, good[i].want);
    }
    static const char *const bad[] = { "--idle=", "--idle=s", "--idle=1.5s", "--idle=-1", "--idle=1 s", "--idle=1w",
        "--idle=213504d", "--idle=18446744073709551616" };
    for (size_t i = 0; i < NUM_OF(bad); i++)
        if (parse(bad[i]) != BOOTARG_STATUS_BAD)
            TEST_FAIL("%s is accepted", bad[i]);
}
TEST(a_misspelt_name_gets_a_suggestion)
{
    REFUSED("--htps-port=1", "unknown argument --htps-port; did you mean --https-port?");
    REFUSED("--https", "unknown argument --https; did you mean --https-port?");
    REFUSED("--hlep", "unknown argument --hlep; did you mean --help?");
    REFUSED("--delya 3", "unknown argument --delya; did you mean --delay?");
    REFUSED("--frobnicate", "unknown argument --frobnicate; --help lists those that there are");
    REFUSED("-x", "unknown argument -x; --help lists those that there are");
    REFUSED("--a-name-that-is-longer-than-any-that-is-compared", "unknown argument "
            "--a-name-that-is-longer-than-any-that-is-compared; --help lists those that there are");
    REFUSED("--=3", "unknown argument --; --help lists those that there are");
}
TEST(of_equal_suggestions_the_first_is_made_and_none_for_what_is_too_far)
{
    REFUSED("--i", "unknown argument --i; did you mean --ipv4?");
    REFUSED("--rotx", "unknown argument --rotx; did you mean --root?");
    REFUSED("--rotxy", "unknown argument --rotxy; --help lists those that there are");
}
TEST(names_as_long_as_they_may_be_are_suggested_and_longer_ones_are_not)
{
    char name[COMPARED_MAX + 2] = "", line[COMPARED_MAX + 8];
    struct bootarg one[] = { { .name = name, .doc = "long", .kind = BOOTARG_FLAG } };
    struct bootarg_table table_of_one = { .program = "website", .about = "serves a folder", .args = { one, 1 } };
    for (size_t n = COMPARED_MAX; n <= COMPARED_MAX + 1; n++) {
        memset(name, 'n', n);
        (void)snprintf(line, sizeof line, "--x%s", name + 1);
        console_writer = wr_of(MSPAN(console));
        if (setjmp(exited) == 0)
            bootargs_parse(&table_of_one, span_of_str(line));
        bool is_suggested = strstr((const char *)console, "did you mean") != NULL;
        memset(console, 0, sizeof console);
        EQ(is_suggested, n == COMPARED_MAX);
    }
    console_writer = wr_of(MSPAN(console));
    if (setjmp(exited) == 0)
        bootargs_parse(&table_of_one, TEXT("--nnnnn"));
    TRUE(strstr((const char *)console, "did you mean") == NULL);
}
TEST(a_complaint_is_one_line_however_long_the_argument_is)
{
    static char line[2 * PRINT_BYTES] = "--";
    memset(line + 2, 'a', sizeof line - 3);
    EQ(parse(line), BOOTARG_STATUS_BAD);
    EQ(said().n, PRINT_BYTES);
    EQ(span_find(said(), '\n'), PRINT_BYTES - 1);
}
TEST(lines_and_returns_are_blanks_and_an_option_may_stand_in_quotes)
{
    EQ(parse("--verbose\n--https-port=99\r\n"), 0);
    TRUE(args[VERBOSE].value.flag);
    EQ(args[PORT].value.uint, 99);
    EQ(parse("\"--verbose\""), 0);
    TRUE(args[VERBOSE].value.flag);
}
TEST(a_wrong_value_is_told_with_what_would_be_right)
{
    REFUSED("--https-port=0", "argument --https-port: \"0\" is not a number from 1 to 65535");
    REFUSED("--https-port=65536", "argument --https-port: \"65536\" is not a number from 1 to 65535");
    REFUSED("--https-port 80x", "argument --https-port: \"80x\" is not a number from 1 to 65535");
    REFUSED("--https-port=99999999999999999999", "argument --https-port: \"99999999999999999999\" is not a number from 1 to 65535");
    REFUSED("--gateway=10.0.0", "argument --gateway: \"10.0.0\" is not an IP address, like 10.0.0.2");
    REFUSED("--ipv4 10.0.0.2", "argument --ipv4: \"10.0.0.2\" is not an IP address with the length of its network, like 10.0.0.2/24");
    REFUSED("--idle=soon", "argument --idle: \"soon\" is not a duration, like 250ms, 10s, 5m or 1h");
    REFUSED("-l loud", "argument --logs: \"loud\" is not log levels, like *:info,tcp:debug; "
            "there are quiet, app, error, warning, info, debug");
    REFUSED("--gateway=\x1b", "argument --gateway: \"\\x1b\" is not an IP address, like 10.0.0.2");
}
TEST(missing_superfluous_and_repeated_things_are_refused)
{
    REFUSED("--https-port", "argument --https-port needs a value: --https-port=VALUE");
    REFUSED("--https-port --verbose", "argument --https-port needs a value: --https-port=VALUE");
    REFUSED("--verbose=yes", "argument --verbose is a flag and takes no value");
    REFUSED("-p 1 --https-port=2", "argument --https-port is given twice");
    REFUSED("8080", "unexpected \"8080\"; arguments begin with --");
    REFUSED("-- --verbose", "unexpected \"--verbose\"; arguments begin with --");
    REFUSED("-", "unknown argument -; --help lists those that there are");
}
TEST(a_required_argument_must_be_given)
{
    struct bootarg one[] = { { .name = "peer", .kind = BOOTARG_IP, .doc = "whom to ask" } };
    struct bootarg_table t = { .program = "ask", .about = "asks", .args = { one, 1 } };
    console_writer = wr_of(MSPAN(console));
    exit_status = 0;
    if (setjmp(exited) == 0)
        bootargs_parse(&t, TEXT(""));
    EQ(exit_status, BOOTARG_STATUS_BAD);
    SPAN_EQ(said(), "ask: argument --peer is required: whom to ask\n");
}
TEST(a_default_that_cannot_be_read_is_our_own_bug)
{
    struct bootarg one[] = { { .name = "peer", .kind = BOOTARG_IP, .doc = "whom to ask", .fallback = "nobody" } };
    struct bootarg_table t = { .program = "ask", .about = "asks", .args = { one, 1 } };
    PANICS(bootargs_parse(&t, TEXT("")));
}
TEST(levels_reach_the_log)
{
    LOG_SOURCE(somebody);
    EQ(parse("-l '*:quiet,somebody:debug'"), 0);
    log_debug(somebody, "heard");
    SPAN_EQ(said(), "    0.000000 DEBUG somebody: heard\n");
    EQ(parse(""), 0);
    log_debug(somebody, "no more");
    EQ(said().n, 0);
}
TEST(an_argument_is_found_by_its_name)
{
    EQ(parse("--delay=2s"), 0);
    EQ(bootarg_find(&table, TEXT("delay"))->value.duration, from_s(2));
    TRUE(bootarg_find(&table, TEXT("dela")) == NULL);
}
TEST(help_is_aligned_under_its_headings_and_ends_with_its_status)
{
    EQ(parse("--https-port=1 --help --nonsense"), BOOTARG_STATUS_HELP);
    SPAN_EQ(said(),
            "website - serves a folder\n"
            "\n"
            "Usage: website [--ARGUMENT=VALUE | --FLAG]...\n"
            "\n"
            "Arguments:\n"
            "  -p, --https-port=PORT          port to listen on (1 to 65535, default 443)\n"
            "      --verbose                  say more\n"
            "\n"
            "Network:\n"
            "      --gateway=ADDRESS          next hop (default 10.0.0.1)\n"
            "      --ipv4=ADDRESS/LENGTH      own address (default 10.0.0.2/24)\n"
            "      --idle=DURATION            close after (default 1m)\n"
            "      --root=TEXT                folder that is served (default empty)\n"
            "\n"
            "Arguments of every unikernel:\n"
            "  -l, --logs=[SOURCE:]LEVEL,...  what is logged: quiet, app, error, warning, info or debug, for a source or for all"
            " (default *:info)\n"
            "      --delay=DURATION           wait this long before the start (default 0s)\n"
            "      --name=NAME                name of this instance; empty is the program's (default empty)\n"
            "  -h, --help                     show this and end\n");
    EQ(parse("-h"), BOOTARG_STATUS_HELP);
}
TEST(every_truncation_of_a_line_is_accepted_or_refused_in_one_line)
{
    struct span line = TEXT("--https-port=8443 -l '*:info,tcp:debug' --name \"a b\" --ipv4=10.0.0.2/24 --verbose --idle 5m");
    for (size_t n = 0; n <= line.n; n++) {
        int status = parse_span(span_first(line, n));
        TRUE(status == 0 || status == BOOTARG_STATUS_BAD);
        EQ(status == 0, said().n == 0);
        EQ(span_find(said(), '\n'), said().n > 0 ? said().n - 1 : 0);
    }
}
TEST_MAIN
