// SPDX-License-Identifier: ISC
/* bytes.c - what `make prove` proves for all lengths: the three headers that reach bytes, and AT. */
#include "base/cursor.h"
#include "base/writer.h"

typedef SLICE(int) numbers;

/*@ requires slice.n == 0 || \valid_read(slice.p + (0 .. slice.n - 1));
    assigns \nothing;
    ensures i < slice.n && \result == slice.p[i]; */
static inline int element(numbers slice, size_t i)
{
    return AT(slice, i);
}
