// SPDX-License-Identifier: ISC
/* vdso.h - the kernel's clock_gettime in user space. */
#ifndef TENDER_VDSO_H
#define TENDER_VDSO_H
#include <stdint.h>

/* Its address, or 0 where there is none. */
uint64_t vdso_clock_gettime(void);

#endif
