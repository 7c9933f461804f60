// SPDX-License-Identifier: ISC
/* privilege.h - what a process gives away before it runs a guest, or waits for one. */
#ifndef TENDER_PRIVILEGE_H
#define TENDER_PRIVILEGE_H
#include "base/span.h"

typedef SLICE(const int) descriptors;

/* Closes every descriptor above 2 but these, which ascend. */
void privilege_close_others(descriptors kept);
/* Every capability, core dumps, being traced by others, more files and processes. */
void privilege_drop(void);

#endif
