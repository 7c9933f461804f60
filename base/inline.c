// SPDX-License-Identifier: ISC
/* inline.c - the copies of base's small functions that all files share. Those of lists, spans and writers call no other copy: each has in
 * it what it uses of them. */
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
