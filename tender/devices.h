// SPDX-License-Identifier: ISC
/* devices.h - opens what the command line names and enters it into the manifest and the extension. */
#ifndef TENDER_DEVICES_H
#define TENDER_DEVICES_H
#include "abi/extension.h"
#include "tender/message.h"
#include "tender/options.h"

/* What is attached; image and command line agree by now. */
struct devices {
    struct solo5_manifest manifest;
    struct extension_device extension[SOLO5_RECORDS_MAX];
    bool has_extension;         /* the image can use it */
};
/* Attaches every declared device. With the extension TAPs get offloads; their state outlives the tender, see
 * devices_reset. */
MUST_CHECK err devices_attach(struct devices *d, const struct device_option options[SOLO5_RECORDS_MAX],
                              struct message *why);
/* A TAP with offloads is attached: somebody has to outlive the guest and reset it. */
bool devices_need_reset(const struct devices *d);
void devices_reset(const struct devices *d);
/* Switches the offloads off for good, where nobody can outlive the guest. */
void devices_forgo_offloads(struct devices *d);

/* One device each, in net.c and block_file.c. */
MUST_CHECK err net_attach(const struct device_option *option, bool has_extension, struct solo5_record *record,
                          struct extension_device *extension, struct message *why);
void net_reset(int fd);
MUST_CHECK err block_attach(const struct device_option *option, struct solo5_record *record,
                            struct extension_device *extension, struct message *why);

#endif
