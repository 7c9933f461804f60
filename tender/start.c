// SPDX-License-Identifier: ISC
/* start.c - main, and the steps that every tender takes. Nothing in the image is trusted: not its headers, not its notes, not
 * its addresses.
 *
 * An image that asks for Morgana's extension gets it; any other is run as Solo5's own tender would. */
#include "base/writer.h"
#include "tender/system.h"
#include "tender/tender.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ABI_VERSION "2"
#define KEPT_FDS_MAX (SOLO5_RECORDS_MAX + 8)

/* ---- Words */

void say(int fd, struct span text)
{
    while (text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);
        if (n <= 0)
            return;
        text = span_skip(text, (size_t)n);
    }
}

static void say_name(struct wr *w)
{
    wr_bytes(w, span_of_str(tender_name));
    wr_bytes(w, TEXT(": "));
}

void say_refusal(const struct message *why)
{
    uint8_t text[sizeof why->text + 32];
    struct wr w = wr_of(MSPAN(text));
    say_name(&w);
    wr_bytes(&w, span_of_str(why->text));
    wr_u8(&w, '\n');
    say(STDERR_FILENO, wr_done(&w));
}

void panic(const char *file, int line, const char *what)
{
    uint8_t text[256];
    struct wr w = wr_of(MSPAN(text));
    say_name(&w);
    wr_bytes(&w, TEXT("a fault of its own, please report: "));
    wr_bytes(&w, span_of_str(file));
    wr_u8(&w, ':');
    wr_dec(&w, (uint64_t)line);
    wr_bytes(&w, TEXT(": "));
    wr_bytes(&w, span_of_str(what));
    wr_u8(&w, '\n');
    say(STDERR_FILENO, wr_done(&w));
    _exit(1);
}

static void show_version(void)      /* where Solo5's tenders write it, for programs that read it */
{
    say(STDERR_FILENO, span_of_str(tender_name));
    say(STDERR_FILENO, TEXT(" v0.1.0\nABI version " ABI_VERSION "\n"));
}

static void show_help(void)
{
    say(STDOUT_FILENO, TEXT("usage: "));
    say(STDOUT_FILENO, span_of_str(tender_name));
    say(STDOUT_FILENO, TEXT(" [OPTIONS] [--] IMAGE [ARGUMENTS]\n"));
    say(STDOUT_FILENO, span_of_str(tender_kind.about));
    say(STDOUT_FILENO, TEXT(
        "  --net:NAME=TAP               network NAME by a TAP interface\n"
        "  --net:NAME=@FD               ... by an open descriptor of a TAP or a socket\n"
        "  --net:NAME=passt:PATH        ... by the socket of passt\n"
        "  --net-mac:NAME=ADDRESS       its hardware address (random)\n"
        "  --block:NAME=PATH            block device NAME by a file or a device\n"
        "  --block-sector-size:NAME=N   its sectors, a power of two from 512 (512)\n"
        "  --version, --help\n"));
}

/* ---- The image */

/* An extension of another shape, or not in writable data, is one that this tender does not have. */
static bool is_usable(const struct image *image, const struct extension_request *r)
{
    if (r->version != tender_kind.extension_version || r->extension_bytes != tender_kind.extension_bytes)
        return false;
    for (size_t i = 0; i < image->segments.n; i++) {
        const Elf64_Phdr *p = &AT(image->segments, i);
        if (p->p_type == PT_LOAD && (p->p_flags & PF_W) && r->extension >= p->p_vaddr &&
            p->p_filesz >= r->extension_bytes && r->extension - p->p_vaddr <= p->p_filesz - r->extension_bytes)
            return true;
    }
    return false;
}

static err find_extension(struct tender *t, struct message *why)
{
    const struct note_kind kind = { EXTENSION_NOTE_NAME, EXTENSION_NOTE_NAME_BYTES, tender_kind.note_type, 8 };
    struct extension_request request;
    size_t request_bytes;
    err e = image_note(&t->image, &kind, MSPAN_OF(request), &request_bytes, why);
    if (e != OK && e != E_NOT_FOUND)
        return e;
    if (e == OK && request_bytes == sizeof request && is_usable(&t->image, &request))
        t->extension = request.extension;
    t->devices.has_extension = t->extension != 0;
    return OK;
}

static err open_image(struct tender *t, struct message *why)
{
    TRY(image_open(t->options.image_path, &t->image, why));
    TRY(image_check_abi(&t->image, tender_kind.target, tender_kind.version, why));
    TRY(image_manifest(&t->image, &t->devices.manifest, why));
    return find_extension(t, why);
}

/* ---- What the guest is told */

static err write_command_line(const struct options *options, struct mspan out, struct message *why)
{
    struct wr w = wr_of(out);
    for (size_t i = 0; i < options->arguments.n; i++) {
        if (i > 0)
            wr_u8(&w, ' ');
        wr_bytes(&w, span_of_str(AT(options->arguments, i)));
    }
    wr_u8(&w, 0);
    if (w.full)
        return refuse(why, E_RANGE, "the image's arguments are longer than %u bytes: give fewer", SOLO5_COMMAND_LINE_BYTES - 1);
    return OK;
}

err tender_write_tables(const struct tender *t, uint64_t boot, size_t boot_bytes, uint64_t *manifest, uint64_t *command_line,
                        struct message *why)
{
    const struct solo5_manifest *m = &t->devices.manifest;
    size_t manifest_bytes = SOLO5_MANIFEST_HEAD_BYTES + m->entries * sizeof(struct solo5_record);
    *manifest = boot + boot_bytes;
    *command_line = *manifest + manifest_bytes;
    (void)span_copy(guest_bytes(&t->memory, *manifest, manifest_bytes), SPAN_OF(*m));
    return write_command_line(&t->options, guest_bytes(&t->memory, *command_line, SOLO5_COMMAND_LINE_BYTES), why);
}

err tender_entropy(struct mspan out, struct message *why)
{
    if (getentropy(out.p, out.n) == 0)
        return OK;
    return refuse(why, E_IO, "the host has no random numbers: %s", strerror(errno));
}

/* ---- Descriptors */

struct kept_fds {                       /* ascending */
    int fd[KEPT_FDS_MAX];
    size_t num;
};

static void keep(struct kept_fds *s, int fd)
{
    size_t i = s->num;
    if (fd < 0)
        return;
    REQUIRE(i < KEPT_FDS_MAX);
    s->num++;
    for (; i > 0 && s->fd[i - 1] > fd; i--)
        s->fd[i] = s->fd[i - 1];
    s->fd[i] = fd;
}

void tender_close_others(const struct tender *t, const int *fds, size_t num)
{
    SLICE(const int) list = { fds, num };
    struct kept_fds kept = { .num = 0 };
    for (size_t i = 0; i < num; i++)
        keep(&kept, AT(list, i));
    for (size_t i = 1; i < t->devices.manifest.entries; i++)
        if (t->devices.manifest.record[i].is_attached)
            keep(&kept, t->devices.manifest.record[i].host_fd);
    system_close_others((descriptors){ kept.fd, kept.num });
}

/* ---- The start */

static err run(struct tender *t, int argc, char **argv, int *status, struct message *why)
{
    static struct device_option devices[SOLO5_RECORDS_MAX];
    TRY(options_parse(argc, argv, tender_kind.options, &t->options, why));
    if (t->options.what == SHOW_HELP)
        show_help();
    if (t->options.what == SHOW_VERSION)
        show_version();
    if (t->options.what != RUN_IMAGE)
        return OK;
    TRY(open_image(t, why));
    TRY(options_devices(&t->options, &t->devices.manifest, devices, why));
    TRY(devices_attach(&t->devices, devices, why));
    TRY(system_outlive(&t->devices, why));
    return tender_kind.start(t, status, why);
}

int main(int argc, char **argv)
{
    static struct tender tender;
    static struct message why;
    int status = 0;
    system_start();
    if (run(&tender, argc, argv, &status, &why) == OK)
        return status;
    say_refusal(&why);
    return 1;
}
