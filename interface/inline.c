// SPDX-License-Identifier: ISC
/* inline.c - the copies of address.h's small functions that all files share. */
#include "base/cursor.h"
#include "base/writer.h"
#undef INLINE
#define INLINE extern inline
#include "interface/address.h"
