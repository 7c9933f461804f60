// SPDX-License-Identifier: ISC
/* hvt_rights_freebsd.c - capability mode: no name is reached any more, and the CPU's descriptor takes the requests that a guest
 * needs alone. */
#include "tender/hvt_system.h"
#include "tender/bsd_host.h"
#include <errno.h>
#include <string.h>
#include <sys/capsicum.h>

err bsd_give_up_rights(const struct hvt_rights *r, struct message *why)
{
    bool inspects = r->debugger >= 0 || r->core >= 0;
    size_t num = inspects ? r->vm->num_requests : r->vm->num_run;
    unsigned long requests[VM_REQUESTS_MAX];
    for (size_t i = 0; i < num && i < VM_REQUESTS_MAX; i++)
        requests[i] = r->vm->request[i];
    if (cap_ioctls_limit(r->vm->fd, requests, num) == 0 && cap_enter() == 0)
        return OK;
    return refuse(why, E_UNSUPPORTED, "capsicum: %s: the tender needs a kernel that has it", strerror(errno));
}
