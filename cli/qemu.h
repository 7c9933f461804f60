// SPDX-License-Identifier: ISC
/* qemu.h - a virtual machine of QEMU's for an image of the target virtio: its smallest machine, with QEMU's own network without root
 * unless a TAP is given. */
#ifndef CLI_QEMU_H
#define CLI_QEMU_H
#include "cli/passt.h"

struct qemu_run {
    const char *arch, *image, *mem, *pcap;     /* mem in MB, or NULL */
    const char *gdb_socket;             /* where a debugger connects, before the first instruction; NULL: none */
    bool is_traced;                     /* the traffic of its devices is shown */
    struct port_mappings ports;
    struct words nets, blocks;          /* TAPs ("": QEMU's own network) and files, in the order of the manifest */
    struct words boot_args;             /* quoted where they have blanks */
};
/* What cannot be ends the command. The machine's monitor is to be descriptor 3. */
void qemu_arguments(struct words *argv, const struct qemu_run *q);

/* A pair of sockets: the end that QEMU gets is returned, ours is *monitor. */
int qemu_monitor(int *monitor);
/* false: such a machine has none. */
MUST_CHECK bool qemu_press_power_button(const char *arch, int monitor);
/* The guest's status, from QEMU's. */
int qemu_status(const char *arch, int status);

#endif
