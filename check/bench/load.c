// SPDX-License-Identifier: ISC
/* load.c - an HTTP load that costs the client little, so that the server is what is measured: one GET after the other on each of
 * some kept connections, with no more work on a response than to see its status and count its bytes.
 *
 *     load [-p] ADDRESS PORT PATH CONNECTIONS SECONDS [REQUESTS]
 *
 * -p: polls for responses rather than to sleep until they come, so that its own waking is not measured. It ends after the seconds, or
 * sooner after so many responses; prints "RESPONSES MICROSECONDS". Every response has to be a
 * 200 as long as the first one. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1024, REQUEST_MAX = 256, RESPONSE_MAX = 65536 };

static char request[REQUEST_MAX];
static size_t request_bytes, response_bytes;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}
static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
static void ask(int fd)
{
    if (write(fd, request, request_bytes) != (ssize_t)request_bytes)
        fail("a request was not taken");
}
/* How many bytes a whole response has: its head and the Content-Length in it. */
static size_t length_of(const char *response)
{
    const char *length = strstr(response, "Content-Length: "), *end = strstr(response, "\r\n\r\n");
    if (!length || !end || length > end)
        fail("no Content-Length");
    return (size_t)(end + 4 - response) + strtoul(length + strlen("Content-Length: "), NULL, 10);
}
/* true: a response is whole. */
static int receive(int fd, size_t *missing)
{
    static char got[RESPONSE_MAX + 1];
    ssize_t n = read(fd, got, RESPONSE_MAX);
    if (n <= 0)
        fail("the server closed a connection");
    if (*missing == 0) {
        got[n] = '\0';
        if (strncmp(got, "HTTP/1.1 200 ", 13) != 0)
            fail("not a 200");
        if (response_bytes == 0)
            response_bytes = length_of(got);
        *missing = response_bytes;
    }
    if ((size_t)n > *missing)
        fail("a response is longer than the others");
    return (*missing -= (size_t)n) == 0;
}

int main(int argc, char **argv)
{
    static size_t missing[CONNECTIONS_MAX];
    static struct epoll_event ready[CONNECTIONS_MAX];
    struct sockaddr_in to = { .sin_family = AF_INET };
    int patience_ms = 1000;
    if (argc > 1 && strcmp(argv[1], "-p") == 0) {
        patience_ms = 0;
        argv++, argc--;
    }
    int num = argc >= 6 ? atoi(argv[4]) : 0, epoll = epoll_create1(0), on = 1;
    if (num < 1 || num > CONNECTIONS_MAX || inet_aton(argv[1], &to.sin_addr) == 0) {
        fprintf(stderr, "usage: load [-p] ADDRESS PORT PATH CONNECTIONS SECONDS [REQUESTS]\n");
        return 2;
    }
    to.sin_port = htons((uint16_t)atoi(argv[2]));
    request_bytes = (size_t)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", argv[3], argv[1]);
    if (request_bytes >= sizeof request)
        fail("the path is too long");
    int fds[CONNECTIONS_MAX];
    for (int i = 0; i < num; i++) {
        struct epoll_event e = { .events = EPOLLIN, .data.u32 = (uint32_t)i };
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fds[i], (struct sockaddr *)&to, sizeof to) != 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &e) != 0)
            fail("cannot connect");
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    int64_t begun = now_us(), end = begun + 1000000ll * atoi(argv[5]), now = begun;
    long most = argc > 6 ? atol(argv[6]) : INT64_MAX, done = 0;
    for (int i = 0; i < num; i++)
        ask(fds[i]);
    for (; now < end && done < most; now = now_us()) {
        int n = epoll_wait(epoll, ready, num, patience_ms);
        for (int i = 0; i < n; i++) {
            uint32_t c = ready[i].data.u32;
            if (!receive(fds[c], &missing[c]))
                continue;
            done++;
            ask(fds[c]);
        }
    }
    printf("%ld %lld\n", done, (long long)(now - begun));
    return done == 0;
}
