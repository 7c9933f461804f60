// SPDX-License-Identifier: ISC
/* program.c - runs other programs. */
#include "cli/file.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

char *const *argv_of(const struct words *words)
{
    struct words ended = { 0 };
    for (size_t i = 0; i < words->n; i++)
        ADD(&ended, AT(*words, i));
    ADD(&ended, NULL);
    return (char *const *)(uintptr_t)ended.p;
}

bool program_exists(const char *name)
{
    const char *path = getenv("PATH");
    struct span left = span_of_str(path ? path : "");
    while (left.n > 0) {
        size_t n = span_find(left, ':');
        if (access(text("%.*s/%s", (int)n, (const char *)left.p, name), X_OK) == 0)
            return true;
        left = span_skip(left, n + 1);
    }
    return false;
}

static bool kept_from_programs(int got, int a, int b, int *first, int *second)
{
    *first = a;
    *second = b;
    return got == 0 && fcntl(a, F_SETFD, FD_CLOEXEC) == 0 && fcntl(b, F_SETFD, FD_CLOEXEC) == 0;
}

bool pipe_pair(int *reader, int *writer)
{
    int ends[2] = { -1, -1 }, got = pipe(ends);
    return kept_from_programs(got, ends[0], ends[1], reader, writer);
}

bool socket_pair(int *one, int *other)
{
    int ends[2] = { -1, -1 }, got = socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    return kept_from_programs(got, ends[0], ends[1], one, other);
}

static pid_t spawn(const struct words *argv, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes)
{
    pid_t pid;
    fflush(stdout);
    int e = posix_spawnp(&pid, AT(*argv, 0), actions, attributes, argv_of(argv), environ);
    if (e != 0)
        fail("cannot start %s: %s%s", AT(*argv, 0), strerror(e), e == ENOENT ? ": install it" : "");
    return pid;
}

pid_t start_program_with(const struct words *argv, const struct handed *fds, size_t num_fds)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t none;
    SLICE(const struct handed) handed = { fds, num_fds };
    posix_spawn_file_actions_init(&actions);
    for (size_t i = 0; i < handed.n; i++)
        posix_spawn_file_actions_adddup2(&actions, AT(handed, i).fd, AT(handed, i).as);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    pid_t pid = spawn(argv, &actions, &attributes);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

int run_in_front(const struct words *argv)
{
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t pid = spawn(argv, NULL, &attributes);
    posix_spawnattr_destroy(&attributes);
    return wait_program(pid);
}

int wait_program(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            fail("cannot wait for a program: %s", strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool ends_within_ms(pid_t pid, unsigned ms, int *status)
{
    const struct timespec pause = { .tv_nsec = 5000000 };
    for (unsigned waited = 0; waitpid(pid, status, WNOHANG) == 0; waited += 5) {
        if (waited >= ms)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static struct span read_all(int fd)
{
    struct { uint8_t *p; size_t n; } bytes = { 0 };
    size_t filled = 0;
    for (;;) {
        if (filled == bytes.n)
            grow_((void **)&bytes.p, bytes.n += 65536);
        struct mspan room = mspan_skip((struct mspan){ bytes.p, bytes.n }, filled);
        ssize_t n = read(fd, room.p, room.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return (struct span){ bytes.p, filled };
        filled += (size_t)n;
    }
}

static int run_piped(const struct words *argv, struct span *output, bool is_quiet)
{
    int ends[2];
    if (pipe(ends) != 0)
        fail("cannot make a pipe: %s", strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    if (is_quiet)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    pid_t pid = spawn(argv, &actions, NULL);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    *output = read_all(ends[0]);
    close(ends[0]);
    return wait_program(pid);
}

int run_program(const struct words *argv, struct span *output)
{
    return output ? run_piped(argv, output, false) : wait_program(spawn(argv, NULL, NULL));
}

int run_quietly(const struct words *argv, struct span *output)
{
    return run_piped(argv, output, true);
}
