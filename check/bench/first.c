// SPDX-License-Identifier: ISC
/* first.c - starts a server and measures the time to its first HTTP response, whole status line in hand.
 *
 *     first ROUNDS ADDRESS PORT -- COMMAND...
 *
 * prints the median in milliseconds. The client knocks from the first moment on, with a new connection
 * whenever one stays unanswered for a while, and the server is told to end (SIGTERM) after each round. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KNOCK_US = 300, GIVE_UP_US = 5000000, MAX_ROUNDS = 1000 };
extern char **environ;

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int ready(int fd, short what, double wait_us)
{
    struct timespec t = { 0, (long)(wait_us * 1000) };
    struct pollfd p = { .fd = fd, .events = what };
    return ppoll(&p, 1, &t, NULL) == 1 && (p.revents & what);
}

/* One try: connect, ask, see "HTTP/1.1 ". */
static int answered(const struct sockaddr_in *to)
{
    static const char ask[] = "GET / HTTP/1.1\r\nHost: first\r\n\r\n";
    char got[9];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), error = 0, ok = 0;
    socklen_t n = sizeof error;
    if (connect(fd, (const struct sockaddr *)to, sizeof *to) == 0 || errno == EINPROGRESS) {
        if (ready(fd, POLLOUT, KNOCK_US) && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 && error == 0)
            ok = write(fd, ask, sizeof ask - 1) == sizeof ask - 1 && ready(fd, POLLIN, 100000) &&
                 read(fd, got, sizeof got) == sizeof got && memcmp(got, "HTTP/1.1 ", 9) == 0;
    }
    close(fd);
    return ok;
}

static double once_ms(char **command, const struct sockaddr_in *to)
{
    pid_t pid;
    int status;
    double start = now_us(), took;
    if (posix_spawnp(&pid, command[0], NULL, NULL, command, environ) != 0) {
        fprintf(stderr, "first: cannot start %s\n", command[0]);
        exit(1);
    }
    while (!answered(to) && now_us() - start < GIVE_UP_US && waitpid(pid, &status, WNOHANG) == 0)
        ;
    took = now_us() - start;
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    if (took >= GIVE_UP_US) {
        fprintf(stderr, "first: no answer\n");
        exit(1);
    }
    return took / 1000;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static double ms[MAX_ROUNDS];
    int rounds = argc > 5 ? atoi(argv[1]) : 0;
    struct sockaddr_in to = { .sin_family = AF_INET };
    if (rounds < 1 || rounds > MAX_ROUNDS || strcmp(argv[4], "--") != 0 || inet_aton(argv[2], &to.sin_addr) == 0) {
        fprintf(stderr, "usage: first ROUNDS ADDRESS PORT -- COMMAND...\n");
        return 2;
    }
    to.sin_port = htons((uint16_t)atoi(argv[3]));
    for (int i = 0; i < rounds; i++)
        ms[i] = once_ms(argv + 5, &to);
    qsort(ms, (size_t)rounds, sizeof *ms, by_value);
    printf("%.2f\n", ms[rounds / 2]);
    return 0;
}
