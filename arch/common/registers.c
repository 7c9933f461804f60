// SPDX-License-Identifier: ISC
/* registers.c - registers as text. */
#include "arch/common/registers.h"

void arch_write_register(struct wr *w, const char *name, uint64_t v)
{
    static const uint8_t digits[] = "0123456789abcdef";
    wr_bytes(w, span_of_str(name));
    for (unsigned shift = 64; shift > 0; shift -= 4)
        wr_u8(w, digits[v >> (shift - 4) & 15]);
}

void arch_write_numbered(struct wr *w, const char *name, const uint64_t *values, size_t num)
{
    SLICE(const uint64_t) list = { values, num };
    for (size_t i = 0; i < num; i++) {
        wr_bytes(w, i % 4 == 0 ? TEXT("\n  ") : TEXT(" "));
        wr_bytes(w, span_of_str(name));
        wr_dec(w, i);
        arch_write_register(w, i < 10 ? "  " : " ", AT(list, i));
    }
}
