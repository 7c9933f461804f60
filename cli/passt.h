// SPDX-License-Identifier: ISC
/* passt.h - a network for a guest without root: passt at the other end of a socket pair. Its connections from
 * the host's ports listen on 127.0.0.1 only. The guest cannot reach services of the host, unless a port of UDP is led to
 * it: then its gateway stands for the host's loopback. */
#ifndef CLI_PASST_H
#define CLI_PASST_H
#include "cli/ports.h"
#include <sys/types.h>

/* The plan of addresses on that network: the guest's own, and passt as its gateway. */
#define PASST_GUEST "10.0.2.15"
#define PASST_LENGTH "24"
#define PASST_GATEWAY "10.0.2.2"
#define PASST_STATION_BYTES 6

struct passt {
    pid_t pid;
    int guest_fd;           /* for the guest: closed here once it was started */
    int said_fd;            /* what passt wrote */
    uint8_t station[PASST_STATION_BYTES];   /* hardware address that the guest has to take */
};
/* Returns when its ports are open. pcap: a file for its frames, or NULL. */
void passt_start(struct passt *p, const struct port_mappings *m, const char *pcap);
/* Waits for its end, which comes when the guest's end of the pair closes; kills it after a second. */
void passt_finish(struct passt *p);
/* passt ended by itself: one line that says why. */
NORETURN void passt_fail(struct passt *p);

#endif
