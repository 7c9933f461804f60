// SPDX-License-Identifier: ISC
/* plain TAP COMMAND... - runs the command with the TAP as descriptor 3: without IFF_VNET_HDR, hence without offloads. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (argc < 3 || fd < 0) {
        fprintf(stderr, "usage: plain TAP COMMAND...\n");
        return 2;
    }
    strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
    if (ioctl(fd, TUNSETIFF, &request) != 0 || (fd != 3 && dup2(fd, 3) != 3)) {
        perror("plain");
        return 1;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 1;
}
