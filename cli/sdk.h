// SPDX-License-Identifier: ISC
/* sdk.h - where the SDK lies, and the components in it.
 *
 * bin/morgana, include/, lib/ARCH/VARIANT/lib*.a, share/morgana/NAME.component and unikernel.mk. MORGANA_SDK names
 * another one than that which this command belongs to. */
#ifndef CLI_SDK_H
#define CLI_SDK_H
#include "cli/say.h"

/* The CPU that the image is for: that of the host until sdk_choose_arch. */
const char *sdk_arch(void);
bool sdk_arch_is_host(void);
/* One that the SDK has no archives for ends the command. */
void sdk_choose_arch(const char *arch);

const char *sdk_folder(void);

struct component {
    const char *name, *kind, *about, *version, *license;
    const char *archive;                            /* of the SDK: NAME of libNAME.a; NULL: it is of somebody else */
    const char *folder;                             /* then: where its manifest lies, with its sources or none */
    struct words headers, packages;                 /* of the system: below /usr/include; what brings them */
    struct words uses, libraries;                   /* libraries: static archives of the system, by name */
    struct words targets;                           /* that it is for; none: for all */
};
struct components {
    struct component *p;
    size_t n;
};
/* A component is looked for in the folder components/ of the project, in the folders of MORGANA_PATH (as in PATH), and in the
 * SDK: a folder NAME with a file `component`, whose *.c are compiled with the program.
 *
 * What the named components use, and those use, each once and behind its users. `arch` and `platform` become
 * those of the target. An unknown name ends the command. */
struct components components_closure(const struct words *names, const char *target);
/* One of them by the name of its archive, as components_closure finds it. */
struct component component_read(const char *archive, const char *target);
const char *component_archive_path(const struct component *c);  /* NULL: it has none */
/* In the words of SPDX. Those of the SDK are under its own unless their manifest says otherwise. */
const char *component_license(const struct component *c);
/* "" or "no component X: ..." for a message */
const char *component_complaint(const char *name, const char *target);
bool components_have(const struct components *list, const char *name);
bool components_have_libraries(const struct components *list);
/* Reads the lines of a component file. */
void component_parse(struct component *c, struct span lines);
struct words sdk_targets(void);

#endif
