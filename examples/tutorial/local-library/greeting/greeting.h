// SPDX-License-Identifier: ISC
/* greeting.h - a library of one function. */
#ifndef GREETING_H
#define GREETING_H
#include "base/writer.h"

void greeting_write(struct wr *w, struct span whom);

#endif
