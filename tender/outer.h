// SPDX-License-Identifier: ISC
/* outer.h - a filter of system calls that is in force before the tender starts, as urunc's is. What it answers with SIGSYS
 * fails with ENOSYS while the tender starts, so that the tender does without. */
#ifndef TENDER_OUTER_H
#define TENDER_OUTER_H
#include <stdbool.h>

void outer_expect(void);
/* To be called before the guest runs, one of these: SIGSYS ends the process as it does by itself; after a line that says why. */
void outer_expect_no_more(void);
void outer_speak(void);
/* Whether something was answered so: somebody else's filter confines this process. */
bool outer_is_there(void);

#endif
