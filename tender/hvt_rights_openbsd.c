// SPDX-License-Identifier: ISC
/* hvt_rights_openbsd.c - the promises: standard input and output, and the requests of vmm(4). */
#include "tender/bsd_host.h"
#include "tender/hvt_system.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

err bsd_give_up_rights(const struct hvt_rights *r, struct message *why)
{
    const char *promises = r->debugger >= 0 ? "stdio vmm inet" : r->core >= 0 ? "stdio vmm cpath" : "stdio vmm";
    if (pledge(promises, NULL) == 0)
        return OK;
    return refuse(why, E_UNSUPPORTED, "pledge: %s", strerror(errno));
}
