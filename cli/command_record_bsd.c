// SPDX-License-Identifier: ISC
/* command_record_bsd.c - morgana record, where there is no AF_PACKET: tcpdump, which these systems have, does it. */
#include "cli/commands.h"
#include "cli/file.h"
#include <errno.h>
#include <unistd.h>

static int record(struct words args)
{
    struct words argv = { 0 };
    if (args.n != 2)
        fail_usage("record takes an interface and a file");
    ADD(&argv, "tcpdump");
    ADD(&argv, "-i");
    ADD(&argv, AT(args, 0));
    ADD(&argv, "-w");
    ADD(&argv, AT(args, 1));
    execvp("tcpdump", argv_of(&argv));
    fail("--pcap: cannot start tcpdump: %s", strerror(errno));
}

const struct command command_record = {
    .name = "record", .synopsis = "record INTERFACE FILE",
    .about = "records the frames of an interface", .run = record, .is_internal = true,
};
