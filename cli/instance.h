// SPDX-License-Identifier: ISC
/* instance.h - unikernels in the background. Each has a folder under $XDG_RUNTIME_DIR/morgana (or /tmp/morgana-UID) with its
 * log, the pid of the command that watches over it, and its image's path. That command holds a lock on the file `pid` as
 * long as it lives, so that a pid is never taken for that of another program. */
#ifndef CLI_INSTANCE_H
#define CLI_INSTANCE_H
#include "cli/say.h"
#include <sys/types.h>

/* Goes on in the background, true in the command that the user started: it returns once the guest runs, and ends the
 * command with what was said where that fails. A name that is in use ends the command. */
bool instance_detach(const char *name, const char *image);
void instance_tell_started(void);

struct words instance_names(void);                      /* those that there are, running or ended */
struct instance {
    const char *name, *image, *log;
    pid_t pid;                                          /* 0: it has ended */
};
struct instance instance_find(const char *name);        /* an unknown one ends the command */

#endif
