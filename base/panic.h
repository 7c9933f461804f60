// SPDX-License-Identifier: ISC
/* panic.h - our own bugs end here, always compiled in. Never for what a peer or a user did.
 * The runtime provides panic(); tests and fuzz targets provide their own. */
#ifndef BASE_PANIC_H
#define BASE_PANIC_H
#include "base/attr.h"

/*@ assigns \nothing;
    ensures \false; */
NORETURN void panic(const char *file, int line, const char *what);

#define REQUIRE(c)                               \
    do {                                         \
        if (UNLIKELY(!(c)))                      \
            panic(__FILE__, __LINE__, #c);       \
    } while (0)
#define UNREACHABLE(why) panic(__FILE__, __LINE__, why)

#endif
