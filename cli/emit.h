// SPDX-License-Identifier: ISC
/* emit.h - the files that configure writes, one function each. They lie in the folder .morgana/ of the project. */
#ifndef CLI_EMIT_H
#define CLI_EMIT_H
#include "cli/graph.h"
#include "cli/sdk.h"

#define GENERATED_FOLDER ".morgana"

struct project;
/* All of the following, for the choices of a project. */
void write_generated(const struct project *p);
void emit_main(const struct plan *p, const char *target, const struct components *linked);     /* main.c */
void emit_stacks(const struct plan *p);                                                         /* stacks.c */
void emit_header(const struct plan *p);                                                         /* NAME.h */
void emit_manifest(const struct plan *p, const char *target);                                   /* manifest.c */
void emit_components(const struct components *linked, const char *version);                     /* components.c */
/* A folder of files as tables and bytes: SYMBOL_files.c. */
void emit_files(const char *folder);
/* build.mk, which says what the image is made of, and the Makefile that includes it. */
void emit_make(const struct plan *p, const char *target, const struct components *linked, const char *config,
               const char *image);

/* How files of generated C say so. */
const char *emit_notice(const char *about);
const char *c_literal(const char *s);           /* with quotes */
const char *upper(const char *s);
/* What the job receives of a device and how boot arguments are reached. */
const char *boot_arg_c_type(const struct boot_arg *a);
const char *boot_arg_index(const struct boot_arg *a);           /* "ARG_PORT" */
const char *boot_arg_value(const struct boot_arg *a);           /* "args[ARG_PORT].value.uint" */
const char *boot_arg_accessor(const struct boot_arg *a);        /* "uint64_t arg_port(void)" */
/* "struct kv *pages" from a C type and a name */
const char *declared(const char *c_type, const char *name);

#endif
