// SPDX-License-Identifier: ISC
/* panic.h - our own bugs end here, always compiled in. Never for what a peer or a user did.
 * The runtime provides panic(); tests and fuzz targets provide their own. */
#ifndef BASE_PANIC_H
#define BASE_PANIC_H
#include "base/attr.h"

/*@ assigns \nothing;
    ensures \false; */
NORETURN void panic(const char *file, int line, const char *what);

/* The components of product images say the place alone, which is enough to find the text: 3 KB of conditions are not
 * worth carrying. */
#ifdef PANIC_PLACE_ONLY
#define PANIC_TEXT(text) ""
#else
#define PANIC_TEXT(text) text
#endif

#define REQUIRE(c)                               \
    do {                                         \
        if (UNLIKELY(!(c)))                      \
            panic(__FILE__, __LINE__, PANIC_TEXT(#c)); \
    } while (0)
#define UNREACHABLE(why) panic(__FILE__, __LINE__, why)

#endif
