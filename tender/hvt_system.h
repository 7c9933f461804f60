// SPDX-License-Identifier: ISC
/* hvt_system.h - what of morgana-hvt differs between the systems that it runs on, besides the CPU: waiting, and confinement.
 * hvt_linux.c, hvt_bsd.c. */
#ifndef TENDER_HVT_SYSTEM_H
#define TENDER_HVT_SYSTEM_H
#include "base/nanos.h"
#include "tender/hvt_vm.h"
#include "tender/tender.h"
#include <limits.h>

/* Network devices, and the operator's signals: with the extension they are waited for as handle 0, otherwise they end the
 * tender. Keeps the devices. */
MUST_CHECK err hvt_wait_open(const struct devices *d, struct message *why);
/* Sleeps; 1 << handle of what can be received from. EPOLLOUT's like only ends the sleep. */
uint64_t hvt_wait(uint64_t timeout_ns);
/* The time of a poll: rounded up, so that no wait ends just before its time. */
static inline int hvt_timeout_ms(uint64_t timeout_ns)
{
    uint64_t ms = timeout_ns / NS_PER_MS + (timeout_ns % NS_PER_MS != 0);
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

/* What the tender keeps beyond what every guest needs. */
struct hvt_rights {
    const struct vm *vm;
    int debugger;                   /* -1: none */
    int core, core_folder;          /* -1: no dumps */
};
/* Takes everything else from the process, for good. */
MUST_CHECK err hvt_confine(const struct tender *t, const struct hvt_rights *r, struct message *why);

#endif
