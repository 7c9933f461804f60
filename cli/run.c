// SPDX-License-Identifier: ISC
/* run.c - waits for a guest, for its network and for the operator. */
#include "cli/run.h"
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/qemu.h"
#include "cli/sdk.h"
#include "cli/watch.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 200, PAUSE_MS = 20, END_WITHIN_MS = 3000 };

static const int watched_signals[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP };
static sigset_t signals;

void running_block_signals(void)
{
    sigemptyset(&signals);
    for (size_t i = 0; i < NUM_OF(watched_signals); i++)
        sigaddset(&signals, watched_signals[i]);
    sigprocmask(SIG_BLOCK, &signals, NULL);
}

void running_start(struct running *r)
{
    int guest_fd = r->is_machine ? qemu_monitor(&r->monitor) : r->has_passt ? r->passt.guest_fd : -1;
    const struct handed fds[] = { { guest_fd, 3 } };
    r->guest = start_program_with(&r->argv, fds, guest_fd >= 0);
    if (guest_fd >= 0)
        close(guest_fd);
}

static int status_of(int wait_status)
{
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

static int finish(struct running *r, int wait_status)
{
    if (r->has_passt && r->passt.pid != 0)
        passt_finish(&r->passt);
    if (r->recorder != 0) {
        kill(r->recorder, SIGTERM);
        (void)wait_program(r->recorder);
    }
    if (r->is_machine)
        close(r->monitor);
    return r->is_machine ? qemu_status(sdk_arch(), status_of(wait_status)) : status_of(wait_status);
}

/* As a wish: by a signal, or the power button of a machine. */
static void ask_to_end(const struct running *r)
{
    if (!r->is_machine || !qemu_press_power_button(sdk_arch(), r->monitor))
        kill(r->guest, SIGTERM);
}

void running_end(struct running *r)
{
    int wait_status;
    if (!ends_within_ms(r->guest, LOOK_EVERY_MS, &wait_status)) {
        kill(r->guest, SIGKILL);
        (void)waitpid(r->guest, &wait_status, 0);
    }
    (void)finish(r, wait_status);
}

static void end_guest(const struct running *r, int *wait_status)
{
    ask_to_end(r);
    if (ends_within_ms(r->guest, END_WITHIN_MS, wait_status))
        return;
    kill(r->guest, SIGKILL);
    (void)waitpid(r->guest, wait_status, 0);
}

static bool is_pending(void)
{
    sigset_t pending;
    sigpending(&pending);
    for (size_t i = 0; i < NUM_OF(watched_signals); i++)
        if (sigismember(&pending, watched_signals[i]))
            return true;
    return false;
}

/* The next signal; 0 after a while, where there is a folder to look at. Not every host has a sigwait with a limit. */
static int next_signal(bool has_folder)
{
    const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000l };
    int signal = 0;
    for (unsigned waited = 0; has_folder && !is_pending(); waited += PAUSE_MS) {
        if (waited >= LOOK_EVERY_MS)
            return 0;
        nanosleep(&pause, NULL);
    }
    (void)sigwait(&signals, &signal);
    return signal;
}

static bool passt_has_ended(struct running *r, int *wait_status)
{
    if (!r->has_passt || waitpid(r->passt.pid, NULL, WNOHANG) != r->passt.pid)
        return false;
    r->passt.pid = 0;
    if (ends_within_ms(r->guest, 1000, wait_status))        /* then its end was why passt ended */
        return true;
    kill(r->guest, SIGKILL);
    (void)wait_program(r->guest);
    passt_fail(&r->passt);
}

/* Waits for a change that can be built, after a guest that ended by itself; false: the operator ended it. */
static bool wait_for_change(struct watched *w)
{
    for (;;) {
        int signal = next_signal(true);
        if (signal != 0 && signal != SIGCHLD)
            return false;
        if (watched_has_changed(w) && make_goal("build") == 0)
            return true;
    }
}

int running_wait(struct running *r, bool *again)
{
    int wait_status;
    struct watched folder = { 0 };
    if (again)
        (void)watched_has_changed(&folder);
    for (unsigned wishes = 0;;) {
        int signal = next_signal(again);
        if (signal != SIGCHLD && signal != 0 && wishes++ > 0)
            kill(r->guest, SIGKILL);
        else if (signal != SIGCHLD && signal != 0)
            ask_to_end(r);
        if (waitpid(r->guest, &wait_status, WNOHANG) == r->guest) {
            int status = finish(r, wait_status);
            if (again && wishes == 0) {
                tell("it ended with status %d; waiting for a change", status);
                *again = wait_for_change(&folder);
            }
            return status;
        }
        if (passt_has_ended(r, &wait_status))
            return finish(r, wait_status);
        if (again && wishes == 0 && watched_has_changed(&folder) && make_goal("build") == 0) {
            end_guest(r, &wait_status);
            *again = true;
            return finish(r, wait_status);
        }
    }
}
