// SPDX-License-Identifier: ISC
/* stream.c - bulk TCP for a while, by this kernel: to a discard service (port 9) or from a source (port 19).
 *
 *     stream ADDRESS in|out CONGESTION-CONTROL SECONDS
 *
 * "in" sends to the server, "out" receives from it. Prints the octets and the microseconds. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DISCARD = 9, SOURCE = 19, BUFFER_BYTES = 128 << 10 };

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    static char buffer[BUFFER_BYTES];
    struct sockaddr_in to = { .sin_family = AF_INET };
    int is_in = argc == 5 && strcmp(argv[2], "in") == 0, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 5 || inet_aton(argv[1], &to.sin_addr) == 0) {
        fprintf(stderr, "usage: stream ADDRESS in|out CONGESTION-CONTROL SECONDS\n");
        return 2;
    }
    to.sin_port = htons(is_in ? DISCARD : SOURCE);
    if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, argv[3], (socklen_t)strlen(argv[3])) != 0 ||
        connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || (!is_in && write(fd, "", 1) != 1)) {
        perror("stream");
        return 1;
    }
    int64_t begun = now_us(), end = begun + 1000000ll * atoi(argv[4]), now, octets = 0;
    do {
        ssize_t n = is_in ? write(fd, buffer, sizeof buffer) : read(fd, buffer, sizeof buffer);
        if (n <= 0) {
            perror("stream");
            return 1;
        }
        octets += n;
        now = now_us();
    } while (now < end);
    printf("%lld %lld\n", (long long)octets, (long long)(now - begun));
    return 0;
}
