// SPDX-License-Identifier: ISC
/* The unix target: disks, the command line, and whole images in processes of their own. */
#include "check/test.h"
#include "platform/unix/unix.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

PLATFORM_STACK_POOL(3, 16384);
static const struct platform_manifest_entry entries[] = {
    { "packets", true }, { "disk", false }, { "small-disk", false }, { "spare", true },
};
const struct platform_manifest platform_manifest = { { entries, NUM_OF(entries) } };

/* What the started image does, for those tests that start one. */
static void (*image)(const struct platform_start *start);

void platform_main(const struct platform_start *start)
{
    image(start);
    platform_exit(0);
}

/* ---- Disks */

static char disk_path[] = "/tmp/morgana-disk-XXXXXX";

static void make_disk(void)
{
    static bool is_made;
    int fd = is_made ? -1 : mkstemp(disk_path);
    if (is_made)
        return;
    REQUIRE(fd >= 0 && ftruncate(fd, 64 << 10) == 0);
    (void)close(fd);
    unix_block_attach(unix_handle(TEXT("disk"), false), disk_path);
    unix_block_set_sector(unix_handle(TEXT("small-disk"), false), "4096");
    unix_block_attach(unix_handle(TEXT("small-disk"), false), disk_path);
    unix_block_ready();
    (void)unlink(disk_path);
    is_made = true;
}
static err do_block(enum platform_block_op op, uint64_t offset, struct mspan bytes)
{
    static struct platform_block_request r;
    unsigned disk;
    struct platform_block_info i;
    make_disk();
    REQUIRE(platform_block_find(TEXT("disk"), &disk, &i) == OK);
    r = (struct platform_block_request){ .op = op, .offset_bytes = offset, .bytes = bytes, .result = E_NUM };
    TRY(platform_block_submit(disk, &r));
    REQUIRE(platform_wait(NEVER) == 1u << disk && platform_block_complete(disk) == &r);
    REQUIRE(platform_block_complete(disk) == NULL && r.next_done == NULL);
    return r.result;
}
TEST(what_was_written_is_read_back_and_what_was_discarded_is_zero)
{
    static uint8_t in[8192], out[8192];
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 5 + 1);
    EQ(do_block(PLATFORM_BLOCK_WRITE, 4096, MSPAN(in)), OK);
    EQ(do_block(PLATFORM_BLOCK_FLUSH, 0, (struct mspan){ 0 }), OK);
    EQ(do_block(PLATFORM_BLOCK_READ, 4096, MSPAN(out)), OK);
    TRUE(memcmp(in, out, sizeof in) == 0);
    EQ(do_block(PLATFORM_BLOCK_DISCARD, 4096, mspan_first(MSPAN(in), 4096)), OK);
    EQ(do_block(PLATFORM_BLOCK_READ, 4096, MSPAN(out)), OK);
    TRUE(out[0] == 0 && out[4095] == 0 && out[4096] == in[4096]);
}
TEST(a_request_outside_the_disk_or_off_its_sectors_is_not_begun)
{
    static uint8_t in[1024];
    EQ(do_block(PLATFORM_BLOCK_READ, 100, MSPAN(in)), E_INVALID);
    EQ(do_block(PLATFORM_BLOCK_READ, 0, mspan_first(MSPAN(in), 100)), E_INVALID);
    EQ(do_block(PLATFORM_BLOCK_READ, (64 << 10) - 512, MSPAN(in)), E_RANGE);
    EQ(do_block(PLATFORM_BLOCK_WRITE, UINT64_MAX - 511, MSPAN(in)), E_RANGE);
    EQ(do_block(PLATFORM_BLOCK_READ, (64 << 10) - 1024, MSPAN(in)), OK);
}
TEST(completed_requests_come_in_order)
{
    static uint8_t in[512];
    struct platform_block_request r[3];
    unsigned disk;
    struct platform_block_info i;
    make_disk();
    EQ(platform_block_find(TEXT("small-disk"), &disk, &i), OK);
    EQ(i.sector_bytes, 4096);
    EQ(i.capacity_bytes, 64 << 10);
    EQ(platform_block_find(TEXT("disk"), &disk, &i), OK);
    for (size_t k = 0; k < 3; k++) {
        r[k] = (struct platform_block_request){ .op = PLATFORM_BLOCK_READ, .bytes = MSPAN(in) };
        EQ(platform_block_submit(disk, &r[k]), OK);
    }
    TRUE(platform_block_complete(disk) == &r[0] && r[0].next_done == &r[1] && r[1].next_done == &r[2]);
    EQ(platform_block_find(TEXT("packets"), &disk, &i), E_NOT_FOUND);
}

/* ---- A host that fails: linked with --wrap for its calls on files (mk/part-faults.mk) */

static struct {
    size_t piece;                   /* no call moves more; 0: any number */
    unsigned num_interrupted;       /* every second call, so many times yet */
    int error;                      /* of every call; 0: none */
} host;

static bool host_fails(void)
{
    int e = host.error;
    if (e == 0 && host.num_interrupted > 0 && host.num_interrupted-- % 2 == 0)
        e = EINTR;
    if (e != 0)
        errno = e;
    return e != 0;
}
static size_t host_piece(size_t n)
{
    return host.piece > 0 && host.piece < n ? host.piece : n;
}
ssize_t __real_pread(int fd, void *p, size_t n, off_t at);
ssize_t __real_pwrite(int fd, const void *p, size_t n, off_t at);
int __real_fdatasync(int fd);
ssize_t __wrap_pread(int fd, void *p, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *p, size_t n, off_t at);
int __wrap_fdatasync(int fd);
ssize_t __wrap_pread(int fd, void *p, size_t n, off_t at)
{
    return host_fails() ? -1 : __real_pread(fd, p, host_piece(n), at);
}
ssize_t __wrap_pwrite(int fd, const void *p, size_t n, off_t at)
{
    return host_fails() ? -1 : __real_pwrite(fd, p, host_piece(n), at);
}
int __wrap_fdatasync(int fd)
{
    return host_fails() ? -1 : __real_fdatasync(fd);
}
TEST(a_host_that_moves_bytes_in_pieces_and_is_interrupted_is_asked_until_all_are_moved)
{
    static uint8_t in[8192], out[8192];
    static const size_t pieces[] = { 1, 511, 512, 4095, 8191 };
    for (size_t i = 0; i < NUM_OF(pieces); i++) {
        host.piece = pieces[i];
        host.num_interrupted = 20;
        memset(in, (int)(i + 1), sizeof in);
        memset(out, 0, sizeof out);
        EQ(do_block(PLATFORM_BLOCK_WRITE, 4096, MSPAN(in)), OK);
        EQ(do_block(PLATFORM_BLOCK_READ, 4096, MSPAN(out)), OK);
        TRUE(memcmp(in, out, sizeof in) == 0);
        TRUE(host.num_interrupted < 20);
    }
    memset(&host, 0, sizeof host);
}
TEST(an_error_of_the_host_is_told_and_the_next_request_is_tried_again)
{
    static uint8_t bytes[4096];
    static const int errors[] = { EIO, ENOSPC, EAGAIN, ENODEV, EBADF };
    for (size_t i = 0; i < NUM_OF(errors); i++) {
        host.error = errors[i];
        EQ(do_block(PLATFORM_BLOCK_READ, 0, MSPAN(bytes)), E_IO);
        EQ(do_block(PLATFORM_BLOCK_WRITE, 0, MSPAN(bytes)), E_IO);
        EQ(do_block(PLATFORM_BLOCK_FLUSH, 0, (struct mspan){ 0 }), E_IO);
        host.error = 0;
        EQ(do_block(PLATFORM_BLOCK_READ, 0, MSPAN(bytes)), OK);
    }
}

/* ---- The command line, and whole images in processes of their own */

static char said[512];          /* what the last image wrote */

/* The status of an image started with these words; 1000 + N: it died of signal N. */
static int start(void (*body)(const struct platform_start *), char **words, int num)
{
    int out[2], status;
    size_t n = 0;
    REQUIRE(pipe(out) == 0);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(out[1], STDOUT_FILENO);
        (void)dup2(out[1], STDERR_FILENO);
        (void)signal(SIGSEGV, SIG_DFL);     /* AddressSanitizer would turn it into a report */
        image = body;
        unix_main(num, words);
    }
    (void)close(out[1]);
    for (ssize_t k; n < sizeof said - 1 && (k = read(out[0], &said[n], sizeof said - 1 - n)) > 0;)
        n += (size_t)k;
    said[n] = 0;
    (void)close(out[0]);
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}
#define START(body, ...)                                        \
    ({                                                          \
        char *words_[] = { "image", ##__VA_ARGS__, NULL };      \
        start(body, words_, (int)NUM_OF(words_) - 1);           \
    })
static void say_command_line(const struct platform_start *start)
{
    platform_console_write(start->command_line);
}
TEST(options_of_the_target_are_taken_and_the_rest_is_the_unikernels)
{
    EQ(START(say_command_line, "--mem=64", "--name=x", "--mem=1"), 0);
    SPAN_EQ(span_of_str(said), "--name=x --mem=1");
    EQ(START(say_command_line, "--mem=64", "--", "--mem=1", "--", "a b", "", "it's", "\"x\"", "c"), 0);
    SPAN_EQ(span_of_str(said), "--mem=1 -- \"a b\" \"\" \"it's\" '\"x\"' c");
    EQ(START(say_command_line), 0);
    SPAN_EQ(span_of_str(said), "");
}
static bool refused_with_one_line(int status)
{
    size_t n = strlen(said);
    return status == 1 && n > 1 && strchr(said, '\n') == &said[n - 1];
}
TEST(a_mistake_on_the_command_line_gets_one_line_and_status_1)
{
    static char both[] = "'\"";
    TRUE(refused_with_one_line(START(say_command_line, "--net:nobody=tap0")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:disk=tap0")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:packets")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:packets=")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:packets=@77")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:packets=@1")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:packets=@x")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:packets=a-name-too-long-for-it")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:packets=no-such-tap")));
    TRUE(refused_with_one_line(START(say_command_line, "--net:packets=passt:/nowhere")));
    TRUE(refused_with_one_line(START(say_command_line, "--net-mac:packets=02:00:00:00:00:01")));
    TRUE(refused_with_one_line(START(say_command_line, "--net-mac:packets=03:00:00:00:00:01")));
    TRUE(refused_with_one_line(START(say_command_line, "--net-mac:packets=2:0:0:0:0:1")));
    TRUE(refused_with_one_line(START(say_command_line, "--block:disk=/nowhere")));
    TRUE(refused_with_one_line(START(say_command_line, "--block:disk=/dev/null")));
    TRUE(refused_with_one_line(START(say_command_line, "--block-sector-size:disk=1000")));
    TRUE(refused_with_one_line(START(say_command_line, "--mem=0")));
    TRUE(refused_with_one_line(START(say_command_line, "--mem=x")));
    TRUE(refused_with_one_line(START(say_command_line, both)));
}
static void find_spare(const struct platform_start *start)
{
    unsigned handle;
    struct platform_net_info info;
    (void)start;
    (void)!platform_net_find(TEXT("spare"), &handle, &info);
}
TEST(a_device_that_was_not_attached_is_named)
{
    TRUE(refused_with_one_line(START(find_spare)));
    TRUE(strstr(said, "--net:spare=") != NULL);
}
static void look_at_memory(const struct platform_start *start)
{
    if (start->memory.n == 3 << 20 && *start->memory.p == 0)
        platform_console_write(TEXT("3 MB"));
}
TEST(memory_is_as_large_as_asked_for)
{
    EQ(START(look_at_memory, "--mem=3"), 0);
    SPAN_EQ(span_of_str(said), "3 MB");
}
__attribute__((noinline)) static unsigned dig(unsigned depth)
{
    volatile uint8_t frame[256];
    frame[0] = (uint8_t)depth;
    return depth == 0 ? 0 : dig(depth - 1) + frame[0];
}
static void overrun(const struct platform_start *start)
{
    (void)start;
    if (dig(1000) > 0)
        platform_console_write(TEXT("survived"));
}
TEST(a_stack_that_overruns_hits_its_guard)
{
    EQ(START(overrun), 1000 + SIGSEGV);
    SPAN_EQ(span_of_str(said), "");
}
static void stop_twice(const struct platform_start *start)
{
    (void)start;
    (void)raise(SIGTERM);
    uint64_t first = platform_wait(NEVER), second = platform_wait(platform_clock_monotonic() + 1);
    if (first == PLATFORM_READY_STOP && second == PLATFORM_READY_STOP)
        platform_console_write(TEXT("stop "));
    (void)raise(SIGTERM);
}
TEST(the_first_signal_asks_for_the_end_and_the_second_one_ends)
{
    EQ(START(stop_twice), 1000 + SIGTERM);
    SPAN_EQ(span_of_str(said), "stop ");
}
static void end_badly(const struct platform_start *start)
{
    (void)start;
    platform_abort();
}
TEST(an_abort_is_a_signal_that_a_debugger_sees)
{
    EQ(START(end_badly), 1000 + SIGABRT);
}
TEST(clocks_and_entropy_are_the_systems)
{
    uint8_t a[32] = { 0 }, b[32] = { 0 };
    nanos t = platform_clock_monotonic();
    EQ(platform_entropy(MSPAN(a)), OK);
    EQ(platform_entropy(MSPAN(b)), OK);
    TRUE(memcmp(a, b, sizeof a) != 0);
    TRUE(platform_clock_monotonic() >= t);
    TRUE(platform_clock_wall() > 1700000000 * (nanos)NS_PER_S);
    TRUE(platform_wait(t + 5 * NS_PER_MS) == 0 && platform_clock_monotonic() >= t + 5 * NS_PER_MS);
}
TEST_MAIN
