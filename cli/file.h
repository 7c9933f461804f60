// SPDX-License-Identifier: ISC
/* file.h - reading and writing whole files, running programs. Failures end the command with one line. */
#ifndef CLI_FILE_H
#define CLI_FILE_H
#include "cli/say.h"
#include <stdio.h>
#include <sys/types.h>

bool file_exists(const char *path);
const char *path_name(const char *path);        /* behind the last '/' */
bool folder_exists(const char *path);
void folder_make(const char *path);             /* and those above it */
const char *folder_temporary(void);             /* a new one of ours, in TMPDIR or /tmp */
void file_remove(const char *path);             /* where there is one */
void folder_remove(const char *path);           /* with all that is in it */
struct span file_read(const char *path);        /* "cannot read PATH: why" */
bool file_try_read(const char *path, struct span *out);

/* A file under way: written with fprintf, and put in its place by file_end, whole, and only where that changes
 * it, so that make sees the truth. */
struct file {
    FILE *to;
    const char *path;
    char *bytes;
    size_t num_bytes;
};
void file_begin(struct file *f, const char *path);
/* From now on file_end writes no file: it prints the one of this path to standard output, or with "" the paths alone. */
void files_show(const char *path);
bool files_shown(void);                         /* one was printed */
void file_end(struct file *f);

bool program_exists(const char *name);          /* in PATH */
/* Runs a program found in PATH and waits; its status, 127 where there is none, 128 + N after signal N. output: where
 * not NULL, gets what it wrote. */
int run_program(const struct words *argv, struct span *output);
/* The same, with what it says on standard error kept from the user. */
int run_quietly(const struct words *argv, struct span *output);
/* Two ends, both closed in programs that are started; false: errno says why. */
MUST_CHECK bool pipe_pair(int *reader, int *writer);
MUST_CHECK bool socket_pair(int *one, int *other);
/* A descriptor of ours, and its number in a program that is started. */
struct handed {
    int fd, as;
};
/* Starts it without waiting, in a process group of its own and with no signal blocked. */
pid_t start_program_with(const struct words *argv, const struct handed *fds, size_t num_fds);
/* Runs it in the foreground, with its signals, while those that are blocked here stay blocked; its status. */
int run_in_front(const struct words *argv);
int wait_program(pid_t pid);
/* Waits a limited time; true: it ended, *status is waitpid's. */
bool ends_within_ms(pid_t pid, unsigned ms, int *status);
/* argv as execvp wants it. */
char *const *argv_of(const struct words *words);

#endif
