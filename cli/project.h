// SPDX-License-Identifier: ISC
/* project.h - the folder of a config.c: the graph in it, and the context that configure remembers. */
#ifndef CLI_PROJECT_H
#define CLI_PROJECT_H
#include "cli/graph.h"
#include "cli/map.h"
#include "cli/options.h"
#include "cli/sdk.h"

struct project {
    const char *config;         /* "config.c"; the command has moved to its folder */
    const char *output;         /* the base name of the image; NULL: the unikernel's */
    struct choices choices;
    const char *arch;           /* the CPU of the image; NULL: the host's */
    struct graph *graph;
    bool is_configured;         /* a context was found; it says what follows */
    const char *name, *image;
    struct words nets, blocks, args;    /* names of devices and of boot arguments */
};
/* What the command line may say about a project; each NULL or empty where it does not. */
struct project_options {
    const char *config, *target, *arch, *output;
    const char *context;        /* a file, to begin with instead of the one here */
    struct words keys;          /* "--NAME=VALUE" */
};
/* Moves to the folder of the config file, reads the context there, then what the options change. */
void project_open(struct project *p, const struct project_options *o);
/* Compiles config.c and reads its graph; a key that it does not declare, or a wrong value, ends the command. */
void project_load(struct project *p);
/* All that the image is linked with. */
struct components plan_components(const struct plan *plan, const char *target);
void project_remember(const struct project *p, const struct plan *plan);
/* What the image was linked with; ends the command where it was not built yet. */
struct map project_map(const struct project *p, const char *variant);
/* "dist/hello" or "dist/hello.spt". */
const char *project_image(const struct project *p);

#endif
