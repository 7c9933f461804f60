// SPDX-License-Identifier: ISC
/* ports.h - ports of 127.0.0.1: those that lead to ports of a guest, as -p says, and free ones. */
#ifndef CLI_PORTS_H
#define CLI_PORTS_H
#include "cli/say.h"

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
/* A port of 127.0.0.1 for TCP that was free a moment ago. */
uint16_t port_free(void);

#endif
