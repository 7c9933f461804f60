// SPDX-License-Identifier: ISC
#include "cli/debug.h"
#include "cli/file.h"
#include "cli/sdk.h"
#include <unistd.h>

enum { LISTENS_WITHIN_MS = 10000, LOOK_EVERY_MS = 10 };

static void add_command(struct words *argv, const char *command)
{
    ADD(argv, "-ex");
    ADD(argv, command);
}

/* Debian's gdb knows the host's CPU alone. */
static void begin(struct words *argv, bool is_of_host)
{
    ADD(argv, is_of_host || !program_exists("gdb-multiarch") ? "gdb" : "gdb-multiarch");
    ADD(argv, "-q");
    add_command(argv, text("set substitute-path morgana %s/share/morgana/source", sdk_folder()));
}

void debug_add_gdb(struct words *argv, const char *image, bool is_loaded)
{
    begin(argv, true);
    if (is_loaded) {
        add_command(argv, text("add-symbol-file %s.debug", image));
        add_command(argv, "catch syscall seccomp");     /* by then the image is loaded, and takes breakpoints */
    }
    ADD(argv, "--args");
}

const char *debug_socket(void)
{
    return text("%s/socket", manner.is_dry ? "." : folder_temporary());
}

static void remove_socket(const char *socket)
{
    struct span s = span_of_str(socket);
    (void)unlink(socket);
    (void)rmdir(text_of_span(span_first(s, s.n - strlen("/socket"))));
}

/* gdb in the foreground, for a guest that waits for it; the guest ends with it. */
static int debug_remote(struct running *r, const char *image, const char *target)
{
    struct words argv = { 0 };
    begin(&argv, sdk_arch_is_host());
    add_command(&argv, text("target remote %s", target));
    ADD(&argv, text("%s.debug", image));
    int status = run_in_front(&argv);
    running_end(r);
    return status;
}

int debug_machine(struct running *r, const char *image, const char *socket)
{
    int status;
    running_start(r);
    for (unsigned waited = 0; !file_exists(socket); waited += LOOK_EVERY_MS)
        if (ends_within_ms(r->guest, LOOK_EVERY_MS, &status) || waited > LISTENS_WITHIN_MS) {
            remove_socket(socket);
            fail("QEMU does not wait for a debugger: the lines above say why");
        }
    status = debug_remote(r, image, socket);
    remove_socket(socket);
    return status;
}

int debug_cpu(struct running *r, const char *image, uint16_t port)
{
    int status;
    running_start(r);
    if (ends_within_ms(r->guest, LOOK_EVERY_MS, &status))
        fail("the tender does not wait for a debugger: the lines above say why");
    return debug_remote(r, image, text("127.0.0.1:%u", port));      /* gdb tries again until it listens */
}
