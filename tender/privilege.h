// SPDX-License-Identifier: ISC
/* privilege.h - what a process gives away before it runs a guest, or waits for one. */
#ifndef TENDER_PRIVILEGE_H
#define TENDER_PRIVILEGE_H
#include "base/span.h"

/* The file system: the root becomes an empty folder. Before the guest runs, and when nothing will be opened any more. */
void privilege_leave_files(void);
/* Every capability, core dumps, being traced by others, more files and processes; with_user: the user as well, for nobody, if
 * it was root. */
void privilege_drop(bool with_user);

#endif
