// SPDX-License-Identifier: ISC
/* options.h - the command lines of the tenders, which are those of solo5-spt and solo5-hvt with `passt:` networks. */
#ifndef TENDER_OPTIONS_H
#define TENDER_OPTIONS_H
#include "abi/solo5.h"
#include "base/span.h"
#include "tender/message.h"

/* What the command line says about the device with the same index in the manifest. */
struct device_option {
    struct span where;          /* --net: or --block:; empty: not given */
    uint8_t mac[6];             /* zero: not given */
    uint16_t sector_bytes;      /* 0: not given */
};
enum option_set {               /* beyond those of every tender */
    OPTIONS_SPT = 1,            /* --x-exec-heap */
    OPTIONS_HVT = 2,            /* --gdb, --gdb-port, --dumpcore, --stats */
};
struct options {
    enum { RUN_IMAGE, SHOW_HELP, SHOW_VERSION } what;
    uint64_t mem_bytes;
    bool exec_heap;
    bool gdb;
    uint16_t gdb_port;
    const char *dump_folder;    /* NULL: no core dumps */
    bool stats;
    const char *image_path;
    SLICE(char *) given;        /* options as they stand, for options_devices */
    SLICE(char *) arguments;    /* the guest's */
};

/* First pass: everything that needs no manifest. Borrows argv for good. */
MUST_CHECK err options_parse(int argc, char **argv, unsigned sets, struct options *out, struct message *why);
/* Second pass: the devices, by the manifest of the image. */
MUST_CHECK err options_devices(const struct options *options, const struct solo5_manifest *manifest,
                               struct device_option devices[SOLO5_RECORDS_MAX], struct message *why);
/* Unsigned decimal; false: something else, or it does not fit. */
MUST_CHECK bool parse_decimal(struct span text, uint64_t *out);

#endif
