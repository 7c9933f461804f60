// SPDX-License-Identifier: ISC
/* treemap.h - draws a map as nested rectangles, whose areas are bytes of the image. */
#ifndef CLI_TREEMAP_H
#define CLI_TREEMAP_H
#include "cli/map.h"

/* SVG on standard output. */
void treemap_print(const struct map *m, const char *title);
/* & < > and quotes as entities. */
const char *xml_text(const char *s);

#endif
