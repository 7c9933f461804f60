// SPDX-License-Identifier: ISC
/* passt.h - a network for a guest without root: passt at the other end of a socket pair. Its connections from
 * the host's ports listen on 127.0.0.1 only, and the guest cannot reach services of the host. */
#ifndef CLI_PASST_H
#define CLI_PASST_H
#include "cli/say.h"
#include <sys/types.h>

/* The plan of addresses on that network: the guest's own, and passt as its gateway. */
#define PASST_GUEST "10.0.2.15"
#define PASST_LENGTH "24"
#define PASST_GATEWAY "10.0.2.2"

struct port_mapping {
    uint16_t host_port, guest_port;
    bool is_udp;
};
struct port_mappings {
    struct port_mapping *p;
    size_t n;
};
/* "8080:80" or "53:53/udp"; a wrong one, and a host port that is taken, end the command. */
struct port_mappings port_mappings_read(const struct words *given);
void port_mappings_print(const struct port_mappings *m, const char *unikernel);

struct passt {
    pid_t pid;
    int guest_fd;           /* for the guest: closed here once it was started */
    int said_fd;            /* what passt wrote */
};
/* pcap: a file for its frames, or NULL. */
void passt_start(struct passt *p, const struct port_mappings *m, const char *pcap);
/* Waits for its end, which comes when the guest's end of the pair closes; kills it after a second. */
void passt_finish(struct passt *p);
/* passt ended by itself: one line that says why. */
NORETURN void passt_fail(struct passt *p);

#endif
