// SPDX-License-Identifier: ISC
/* lock.h - morgana.lock: exactly what an image is built from besides the project's own sources. A line for each input,
 *
 *     TARGET KIND NAME SHA256 [PACKAGE VERSION]
 *
 * sorted; lines of other targets are kept. Where the file exists, builds refuse other inputs. */
#ifndef CLI_LOCK_H
#define CLI_LOCK_H
#include "cli/project.h"

#define LOCK_FILE "morgana.lock"

void lock_write(const struct project *p);
/* Ends the command at the first input that is not what the lock says. */
void lock_check(const struct project *p);

#endif
