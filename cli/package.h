// SPDX-License-Identifier: ISC
/* package.h - what is written beside an image for those who run it and those who audit it. Each ends the command where
 * the image is nothing for that use. */
#ifndef CLI_PACKAGE_H
#define CLI_PACKAGE_H
#include "cli/project.h"

/* An image with what it is to be given: names as config.c has them. */
struct package {
    const struct project *project;
    const char *name, *image, *target;
    const struct words *nets, *blocks, *boot_args;
    const char *mem;                        /* MB */
};

/* An SPDX 2.3 document: every archive that gave a member to the image, with version, licence and digest, and the members. */
void emit_sbom(const struct project *p, const struct map *m, const char *path);
/* An OCI image layout (folder and tar of it) whose single layer has the image and urunc.json; urunc's annotations. */
void emit_oci(const struct package *p, const char *folder);
/* urunc.json: urunc's words for the image, each value in base64 as urunc wants it. */
void emit_urunc(const struct package *p, const char *path);
/* A domain of libvirt's, for virsh define. */
void emit_libvirt(const struct package *p, const char *path);
/* For firecracker --config-file. */
void emit_firecracker(const struct package *p, const char *path);
/* The command that creates it under albatross. */
void emit_albatross(const struct package *p, const char *path);
/* A raw disk that a PC's firmware boots by GRUB, and a qcow2 of it where qemu-img is. multiboot: the image in that form. */
void emit_disk(const struct package *p, const char *multiboot, const char *path);

/* The formats that follow from the graph alone, as words; and one of them on standard output, without an image. */
extern const char *const package_queries;
void package_query(const struct project *p, const struct plan *plan, const char *format);

/* The notes of a Solo5 image name the devices of config.c and an ABI that tenders know: what albatross looks at before it
 * starts one. */
void notes_check(const struct package *p);

#endif
