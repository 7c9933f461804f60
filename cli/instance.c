// SPDX-License-Identifier: ISC
#include "cli/instance.h"
#include "cli/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int started_fd = -1;

static const char *folder(void)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    const char *path = runtime && *runtime ? text("%s/morgana", runtime) : text("/tmp/morgana-%u", getuid());
    struct stat st;
    (void)mkdir(path, 0700);
    if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != getuid())
        fail("cannot use the folder %s: it is not yours", path);
    return path;
}

static const char *file_of(const char *name, const char *what)
{
    return text("%s/%s/%s", folder(), name, what);
}

static bool is_running(const char *name)
{
    int fd = open(file_of(name, "pid"), O_RDONLY | O_CLOEXEC);
    bool is_locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0)
        close(fd);
    return is_locked;
}

struct words instance_names(void)
{
    struct words names = { 0 };
    DIR *d = opendir(folder());
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (!begins(e->d_name, "."))
            ADD(&names, text("%s", e->d_name));
    if (d)
        closedir(d);
    return names;
}

struct instance instance_find(const char *name)
{
    struct words names = instance_names();
    if (!words_have(&names, name))
        fail("no unikernel %s was started with run --detach: %s", name, words_hint(&names, name));
    struct span pid = { 0 }, image = TEXT("?");
    (void)file_try_read(file_of(name, "pid"), &pid);
    (void)file_try_read(file_of(name, "image"), &image);
    return (struct instance){ name, text_of_span(image), file_of(name, "log"),
                              is_running(name) ? (pid_t)strtol(text_of_span(pid), NULL, 10) : 0 };
}

/* ---- Into the background */

static void write_file(const char *path, const char *bytes)
{
    struct file f;
    file_begin(&f, path);
    fputs(bytes, f.to);
    file_end(&f);
}

/* The lock is held until this process ends: the descriptor is never closed. */
static void take_name(const char *name, const char *image)
{
    char *path = realpath(image, NULL);
    write_file(file_of(name, "image"), path ? path : image);
    int fd = open(file_of(name, "pid"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 || ftruncate(fd, 0) != 0 || dprintf(fd, "%d\n", getpid()) < 0)
        fail("cannot take the name %s: %s", name, strerror(errno));
}

static void redirect(const char *log)
{
    int to = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600), from = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (to < 0 || from < 0 || dup2(from, 0) < 0 || dup2(to, 1) < 0 || dup2(to, 2) < 0)
        fail("cannot write %s: %s", log, strerror(errno));
}

static void name_check(const char *name)
{
    struct span s = span_of_str(name);
    if (s.n == 0 || span_at(s, 0) == '.' || span_find(s, '/') < s.n)
        fail("--as %s: choose a name without '/' that does not begin with '.'", name);
}

bool instance_detach(const char *name, const char *image)
{
    int ends[2];
    char byte;
    name_check(name);
    if (is_running(name))
        fail("%s runs already: morgana stop %s, or give this one another name with --as", name, name);
    folder_make(text("%s/%s", folder(), name));
    if (!pipe_pair(&ends[0], &ends[1]))
        fail("cannot make a pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid < 0)
        fail("cannot go into the background: %s", strerror(errno));
    if (pid == 0) {
        close(ends[0]);
        (void)setsid();
        started_fd = ends[1];
        redirect(file_of(name, "log"));
        take_name(name, image);
        return false;
    }
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 1) {
        struct span said = file_read(file_of(name, "log"));
        (void)fwrite(said.p, 1, said.n, stderr);
        exit(1);
    }
    tell("%s runs in the background: morgana logs %s, morgana stop %s", name, name, name);
    return true;
}

void instance_tell_started(void)
{
    if (started_fd >= 0 && write(started_fd, "", 1) == 1)
        close(started_fd);
}
