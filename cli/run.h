// SPDX-License-Identifier: ISC
/* run.h - a guest that runs, with its network and its recorder. */
#ifndef CLI_RUN_H
#define CLI_RUN_H
#include "cli/passt.h"

struct running {
    struct words argv;
    pid_t guest, recorder;          /* 0: none */
    struct passt passt;
    bool has_passt;
    bool is_machine;                /* of QEMU's: its monitor presses the power button, its status is translated */
    int monitor;
};
/* Signals are waited for from now on: before anything is started. */
void running_block_signals(void);
/* Starts argv in a process group of its own. */
void running_start(struct running *r);
/* Ends the guest, where it has not ended, and what was started with it. */
void running_end(struct running *r);
/* Until the guest ends; its status. What the operator types is passed on in order: first as the wish for an orderly end,
 * then as the end. again: where not NULL, the folder is watched; a change of its files that can be built ends the guest and
 * sets *again. */
int running_wait(struct running *r, bool *again);

#endif
