// SPDX-License-Identifier: ISC
/* components.h - what the running image is made of: the table that `morgana configure` generates. */
#ifndef RUNTIME_COMPONENTS_H
#define RUNTIME_COMPONENTS_H
#include "base/span.h"

struct linked_component {
    const char *name, *kind, *version, *about;
};
struct linked_components {
    SLICE(const struct linked_component) list;
};
extern const struct linked_components linked_components;

#endif
