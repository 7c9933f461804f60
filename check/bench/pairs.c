// SPDX-License-Identifier: ISC
/* pairs.c - starts two commands in turn, many times, and compares the medians of their wall-clock times.
 *
 *     pairs ROUNDS NAME PEER -- COMMAND... -- PEER'S COMMAND...
 *
 * prints "NAME RATIO x PEER (OURS us, PEER'S us)". Both write to /dev/null; a command that fails ends it. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_ROUNDS = 10000 };
extern char **environ;

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double run_us(char **command)
{
    static posix_spawn_file_actions_t quiet;
    static int ready;
    if (!ready) {
        posix_spawn_file_actions_init(&quiet);
        posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
        ready = 1;
    }
    pid_t pid;
    int status;
    double start = now_us();
    if (posix_spawnp(&pid, command[0], &quiet, NULL, command, environ) != 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "pairs: %s failed\n", command[0]);
        exit(1);
    }
    return now_us() - start;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, by_value);
    return v[n / 2];
}

int main(int argc, char **argv)
{
    static double ours[MAX_ROUNDS], theirs[MAX_ROUNDS];
    int second = 5;
    while (second < argc && strcmp(argv[second], "--") != 0)
        second++;
    int rounds = argc > 5 ? atoi(argv[1]) : 0;
    if (second >= argc - 1 || rounds < 1 || rounds > MAX_ROUNDS || strcmp(argv[4], "--") != 0) {
        fprintf(stderr, "usage: pairs ROUNDS NAME PEER -- COMMAND... -- COMMAND...\n");
        return 2;
    }
    argv[second] = NULL;
    for (int i = 0; i < rounds; i++) {
        ours[i] = run_us(argv + 5);
        theirs[i] = run_us(argv + second + 1);
    }
    double a = median(ours, rounds), b = median(theirs, rounds);
    printf("%s %.2f x %s (%.0f us, %.0f us)\n", argv[2], a / b, argv[3], a, b);
    return 0;
}
