// SPDX-License-Identifier: ISC
/* inline.c - the copies of octet.h's small functions that all files share. */
#include "base/span.h"
#undef INLINE
#define INLINE extern inline
#include "lib/http/octet.h"
