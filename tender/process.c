// SPDX-License-Identifier: ISC
#include "tender/process.h"
#include "base/writer.h"
#include <unistd.h>

#define ABI_VERSION "2"

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

void show_version(void)     /* where Solo5's tenders write it, for programs that read it */
{
    say(STDERR_FILENO, span_of_str(tender_name));
    say(STDERR_FILENO, TEXT(" v0.1.0\nABI version " ABI_VERSION "\n"));
}

/* An extension of another shape, or not in writable data, is one that this tender does not have. */
static bool is_usable(const struct image *image, const struct extension_request *r, uint32_t version, uint32_t num_bytes)
{
    if (r->version != version || r->extension_bytes != num_bytes)
        return false;
    for (size_t i = 0; i < image->segments.n; i++) {
        const Elf64_Phdr *p = &AT(image->segments, i);
        if (p->p_type == PT_LOAD && (p->p_flags & PF_W) && r->extension >= p->p_vaddr &&
            p->p_filesz >= r->extension_bytes && r->extension - p->p_vaddr <= p->p_filesz - r->extension_bytes)
            return true;
    }
    return false;
}

err find_extension(const struct image *image, uint32_t note_type, uint32_t version, uint32_t num_bytes, uint64_t *address,
                   struct message *why)
{
    const struct note_kind kind = { EXTENSION_NOTE_NAME, EXTENSION_NOTE_NAME_BYTES, note_type, 8 };
    struct extension_request request;
    size_t request_bytes;
    *address = 0;
    err e = image_note(image, &kind, MSPAN_OF(request), &request_bytes, why);
    if (e != OK && e != E_NOT_FOUND)
        return e;
    if (e == OK && request_bytes == sizeof request && is_usable(image, &request, version, num_bytes))
        *address = request.extension;
    return OK;
}

err write_command_line(const struct options *options, struct mspan out, struct message *why)
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

void keep_fd(struct kept_fds *s, int fd)
{
    size_t i = s->num++;
    REQUIRE(i < KEPT_FDS_MAX);
    for (; i > 0 && s->fd[i - 1] > fd; i--)
        s->fd[i] = s->fd[i - 1];
    s->fd[i] = fd;
}

void keep_device_fds(struct kept_fds *s, const struct solo5_manifest *m)
{
    for (size_t i = 1; i < m->entries; i++)
        if (m->record[i].is_attached)
            keep_fd(s, m->record[i].host_fd);
}

void close_other_fds(const struct kept_fds *s)
{
    privilege_close_others((descriptors){ s->fd, s->num });
}
