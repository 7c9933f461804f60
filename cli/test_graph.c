// SPDX-License-Identifier: ISC
/* The graph as config.c writes it: what the plan makes of it. Refusals end the command, so each is tried in a process of its own. */
#include "check/test.h"
#include "cli/graph.h"
#include <sys/wait.h>
#include <unistd.h>

/* The command is short-lived and frees nothing. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

#define HEAD "unikernel u\nfibers 8\nstack-bytes 8192\n"
#define DEVICE(id, what) "device " id "\n what " what "\n type struct d *\n header d.h\n connect d_open(&$out)\n"
#define NET(id, name) DEVICE(id, "network") " name " name "\n kind net\n line 7\n"

static struct plan *plan_of(const char *text, const char *target, const char *key)
{
    struct choices c = { .target = target };
    if (key)
        ADD(&c.keys, key);
    return graph_plan(graph_read(span_of_str(text)), &c);
}

/* What planning says before it ends; empty where it does not. */
static const char *refusal(const char *text)
{
    static char said[512];
    int ends[2], status;
    if (pipe(ends) != 0)
        TEST_FAIL("no pipe");
    pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)plan_of(text, "unix", NULL);
        _exit(0);
    }
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got; n < sizeof said - 1 && (got = read(ends[0], &said[n], sizeof said - 1 - n)) > 0;)
        n += (size_t)got;
    said[n] = 0;
    close(ends[0]);
    TRUE(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == (n > 0));
    return said;
}

TEST(devices_come_behind_those_that_they_need)
{
    struct plan *p = plan_of(HEAD DEVICE("1", "a") DEVICE("2", "b") " needs 1\n" DEVICE("3", "c") " needs 2\n needs 1\n"
                             "job main\n needs 3\n needs 1\n", "unix", NULL);
    EQ(p->devices.n, 3);
    TRUE(same(AT(p->devices, 0)->what, "a") && same(AT(p->devices, 1)->what, "b") && same(AT(p->devices, 2)->what, "c"));
    EQ(p->job_devices.n, 2);
    TRUE(AT(p->job_devices, 1) == AT(p->devices, 0));
}

TEST(devices_that_nobody_needs_are_left_out)
{
    struct plan *p = plan_of(HEAD DEVICE("1", "a") DEVICE("2", "b") "job main\n needs 2\n", "unix", NULL);
    EQ(p->devices.n, 1);
}

TEST(two_devices_of_a_kind_have_two_names_in_main_c)
{
    struct plan *p = plan_of(HEAD NET("1", "one") NET("2", "two") "job main\n needs 1\n needs 2\n", "unix", NULL);
    TRUE(same(AT(p->devices, 0)->variable, "network") && same(AT(p->devices, 1)->variable, "network_2"));
}

TEST(a_target_chooses)
{
    static const char graph[] = HEAD NET("1", "one") NET("2", "two") "choice 3\n when 1 spt hvt\n else 2\njob main\n needs 3\n";
    TRUE(same(AT(plan_of(graph, "hvt", NULL)->devices, 0)->name, "one"));
    TRUE(same(AT(plan_of(graph, "unix", NULL)->devices, 0)->name, "two"));
}

TEST(a_key_chooses_and_its_first_value_is_the_default)
{
    static const char graph[] = HEAD "key k\n kind word\n values x y\n default x\n doc d\n" NET("1", "one") NET("2", "two")
                                "choice 3\n key k\n when 1 y\n else 2\njob main\n needs 3\n";
    TRUE(same(AT(plan_of(graph, "unix", NULL)->devices, 0)->name, "two"));
    TRUE(same(AT(plan_of(graph, "unix", "k=y")->devices, 0)->name, "one"));
}

TEST(names_become_identifiers)
{
    TRUE(same(identifier("ipv4-gateway"), "ipv4_gateway"));
    TRUE(same(identifier("404.html"), "_404_html"));
}

TEST(escapes_are_undone)
{
    struct graph *g = graph_read(TEXT(HEAD "about one\\ntwo \\\\ three\njob main\n"));
    TRUE(same(g->about, "one\ntwo \\ three"));
}

TEST(mistakes_name_their_line)
{
    TRUE(same(refusal(HEAD NET("1", "one") NET("2", "one") "job main\n needs 1\n needs 2\n"),
              "morgana: config.c:7: two devices are called \"one\": give one of them another name\n"));
    TRUE(same(refusal(HEAD NET("1", "o-e") "job main\n needs 1\n"),
              "morgana: config.c:7: device \"o-e\": choose a name of 1 to 67 letters and digits\n"));
}

TEST(a_name_of_67_bytes_is_taken_and_one_of_68_refused)
{
    const char *name = "x";
    for (size_t i = 1; i < 67; i++)
        name = text("%sx", name);
    TRUE(same(refusal(text(HEAD DEVICE("1", "network") " name %s\n kind net\njob main\n needs 1\n", name)), ""));
    TRUE(!same(refusal(text(HEAD DEVICE("1", "network") " name %sx\n kind net\njob main\n needs 1\n", name)), ""));
}

TEST(a_cycle_is_refused)
{
    TRUE(same(refusal(HEAD DEVICE("1", "a") " needs 2\n" DEVICE("2", "b") " needs 1\njob main\n needs 1\n"),
              "morgana: the device a needs itself, by way of those that it needs\n"));
}

TEST(arguments_of_every_unikernel_cannot_be_taken)
{
    TRUE(same(refusal(HEAD "arg delay\n kind uint\n doc d\n line 4\njob main\n arg delay\n"),
              "morgana: config.c:4: every unikernel has a boot argument --delay: give this one another name\n"));
}

TEST_MAIN
