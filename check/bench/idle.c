// SPDX-License-Identifier: ISC
/* idle.c - opens many connections and leaves them alone.
 *
 *     idle FROM ADDRESS PORT CONNECTIONS [PATH] <PIPE
 *
 * from an address of this machine. With a path each of them gets one page first. Says "open" when they all are, and ends when its
 * standard input does. One address has no more than some 60,000 ports, and one process perhaps no more than 20,000 files. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RESPONSE_MAX = 65536 };

static void ask(int fd, const char *path)
{
    char text[RESPONSE_MAX];
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: idle\r\n\r\n", path);
    if (write(fd, text, (size_t)n) != n || read(fd, text, sizeof text) <= 0) {
        perror("idle: no response");
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in from = { .sin_family = AF_INET }, to = from;
    int num = argc >= 5 ? atoi(argv[4]) : 0, on = 1;
    struct rlimit files;
    if (num < 1 || inet_aton(argv[1], &from.sin_addr) == 0 || inet_aton(argv[2], &to.sin_addr) == 0) {
        fprintf(stderr, "usage: idle FROM ADDRESS PORT CONNECTIONS [PATH]\n");
        return 2;
    }
    to.sin_port = htons((uint16_t)atoi(argv[3]));
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    for (int i = 0; i < num; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0 ||
            bind(fd, (struct sockaddr *)&from, sizeof from) != 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
            fprintf(stderr, "idle: connection %d: ", i);
            perror("");
            return 1;
        }
        if (argc > 5)
            ask(fd, argv[5]);
    }
    puts("open");
    fflush(stdout);
    char c;
    return read(0, &c, 1) < 0;
}
