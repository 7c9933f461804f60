// SPDX-License-Identifier: ISC
/* outer.h - a filter of system calls that is in force before the tender starts, as urunc's is. What it answers with SIGSYS
 * fails with ENOSYS while the tender starts, so that the tender does without; the guest runs with SIGSYS as it was. */
#ifndef TENDER_OUTER_H
#define TENDER_OUTER_H
#include <stdbool.h>

void outer_expect(void);
/* To be called before the guest runs. */
void outer_expect_no_more(void);
/* Whether something was answered so: somebody else's filter confines this process. */
bool outer_is_there(void);

#endif
