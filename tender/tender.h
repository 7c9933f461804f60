// SPDX-License-Identifier: ISC
/* tender.h - what the tenders share: one start, in one order. What is a tender's own, its main file says by a table. */
#ifndef TENDER_TENDER_H
#define TENDER_TENDER_H
#include "tender/devices.h"
#include "tender/image.h"
#include "tender/options.h"

struct tender {
    struct options options;
    struct image image;
    struct devices devices;
    struct guest_memory memory;
    uint64_t extension;         /* guest address, 0: the image does not ask */
    uint64_t kernel_end;
};
struct tender_kind {
    const char *about;          /* for --help, with the options that differ */
    unsigned options;           /* enum option_set */
    enum solo5_target target;
    uint32_t version;
    uint32_t note_type, extension_version, extension_bytes;
    /* Maps memory, loads the image, confines the process, and runs the guest until it ends. */
    err (*start)(struct tender *t, int *status, struct message *why);
};
/* Each main file says its own. */
extern const char tender_name[];
extern const struct tender_kind tender_kind;

/* Puts manifest and command line behind boot_bytes of boot information at this address, which is left to the caller. */
MUST_CHECK err tender_write_tables(const struct tender *t, uint64_t boot, size_t boot_bytes, uint64_t *manifest,
                                   uint64_t *command_line, struct message *why);
MUST_CHECK err tender_entropy(struct mspan out, struct message *why);
/* Closes every descriptor above 2 but these and those of the devices. */
void tender_close_others(const struct tender *t, const int *fds, size_t num);

void say(int fd, struct span text);
void say_refusal(const struct message *why);

#endif
