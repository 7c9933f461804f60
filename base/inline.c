// SPDX-License-Identifier: ISC
/* inline.c - the copies of base's small functions that all files share. Among them those of the first headers call no other. */
#define INLINE extern inline __attribute__((always_inline))
#include "base/list.h"
#include "base/span.h"
#include "base/writer.h"
#undef INLINE
#define INLINE extern inline
#include "base/checked.h"
#include "base/cursor.h"
#include "base/nanos.h"
#include "base/ring.h"
