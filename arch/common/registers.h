// SPDX-License-Identifier: ISC
/* registers.h - how the folders of the CPUs print registers. */
#ifndef ARCH_COMMON_REGISTERS_H
#define ARCH_COMMON_REGISTERS_H
#include "base/writer.h"

/* Text, and the 16 digits of a value. */
void arch_write_register(struct wr *w, const char *name, uint64_t v);
/* Registers named by their number, four to a line. */
void arch_write_numbered(struct wr *w, const char *name, const uint64_t *values, size_t num);

#endif
