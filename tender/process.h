// SPDX-License-Identifier: ISC
/* process.h - what the tenders' main files share: their words, the extension's note, the command line, descriptors. */
#ifndef TENDER_PROCESS_H
#define TENDER_PROCESS_H
#include "abi/extension.h"
#include "tender/devices.h"
#include "tender/image.h"
#include "tender/options.h"
#include "tender/privilege.h"

extern const char tender_name[];        /* "morgana-spt": each main file says its own */

void say(int fd, struct span text);
void say_refusal(const struct message *why);
void show_version(void);

/* The address of the image's struct for this extension; 0 where it does not ask, or for one of another shape. */
MUST_CHECK err find_extension(const struct image *image, uint32_t note_type, uint32_t version, uint32_t num_bytes,
                              uint64_t *address, struct message *why);
/* The arguments, joined by single blanks, with a NUL. */
MUST_CHECK err write_command_line(const struct options *options, struct mspan out, struct message *why);

#define KEPT_FDS_MAX (SOLO5_RECORDS_MAX + 4)
struct kept_fds {                       /* ascending */
    int fd[KEPT_FDS_MAX];
    size_t num;
};
void keep_fd(struct kept_fds *s, int fd);
void keep_device_fds(struct kept_fds *s, const struct solo5_manifest *m);
void close_other_fds(const struct kept_fds *s);

#endif
