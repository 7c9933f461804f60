// SPDX-License-Identifier: ISC
/* unix.h - what the files of the unix target share. Devices are attached while the command line is read, before
 * anything of the unikernel runs; a mistake of the user ends the process with one line. */
#ifndef PLATFORM_UNIX_UNIX_H
#define PLATFORM_UNIX_UNIX_H
#include "base/writer.h"
#include "platform/platform.h"
#include <stdio.h>

#define UNIX_COMMAND_LINE_MAX 65536
#define UNIX_MEMORY_MB_DEFAULT 512
#define UNIX_HANDLES 64

/* What main does. */
NORETURN void unix_main(int argc, char **argv);

struct unix_options {
    uint64_t memory_mb;
    struct span command_line;       /* what is left for the unikernel */
};
/* Reads the options of the target, attaches the devices that they name, and joins the other words. */
void unix_options_read(struct unix_options *o, int argc, char **argv);
/* The words with blanks between; a word that holds blanks or quotes, or nothing, is put in quotes. false: it does not
 * fit, or a word holds quotes of both kinds, which boot arguments cannot express. */
MUST_CHECK bool unix_join_words(struct wr *w, int num, char **words);

/* One line on stderr, then status 1: the user's mistake. */
NORETURN PRINTF_LIKE(1, 2) void unix_refuse(const char *format, ...);
/* Handle of a device of the manifest; refuses where the program has none such. */
unsigned unix_handle(struct span name, bool is_net);
/* Refuses: the program asks for a device that was not attached. */
NORETURN void unix_refuse_missing(struct span name, bool is_net);

/* Attaches: "tap0", "@3", "passt:/path". */
void unix_net_attach(unsigned handle, const char *what);
void unix_net_set_mac(unsigned handle, const char *mac);
void unix_block_attach(unsigned handle, const char *file);
void unix_block_set_sector(unsigned handle, const char *num_bytes);
/* After all options: refuses a MAC or sector size without a device, a file of a bad size. */
void unix_net_ready(void);
void unix_block_ready(void);

/* For platform_wait: the descriptor to poll and for what; -1: none. */
int unix_net_poll(unsigned handle, short *events);
/* A poll said that it can be written or has failed. */
void unix_net_polled(unsigned handle, short revents);
/* Something can be taken without asking the kernel. */
bool unix_net_is_ready(unsigned handle);
bool unix_block_is_ready(unsigned handle);
/* Leaves TAP devices as they were found. Safe in a signal handler. */
void unix_net_restore(void);

/* Ready to be waited for: SIGINT and SIGTERM become PLATFORM_READY_STOP; a second one kills. */
void unix_signals_init(void);

#endif
