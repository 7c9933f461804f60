// SPDX-License-Identifier: ISC
/* watch.h - a parent that outlives the guest, for what has to be undone when it ends. */
#ifndef TENDER_WATCH_H
#define TENDER_WATCH_H
#include "tender/devices.h"

/* Splits the process: returns in the child, which is to become the guest. The parent passes signals on, resets the
 * devices when the child has ended, and ends as it did: with its status, or by its signal. If the parent is killed the
 * child is too. Where there may be no second process the devices lose their offloads instead. */
MUST_CHECK err watch_guest(struct devices *d, struct message *why);
/* The kernel forgets that the child dies with its parent when it changes its user: says it again. */
void watch_die_with_it(void);

#endif
