// SPDX-License-Identifier: ISC
/* clockdev.h - the system's clock as a device. */
#ifndef RUNTIME_CLOCKDEV_H
#define RUNTIME_CLOCKDEV_H
#include "interface/clock.h"

struct clock *clockdev_system(void);

#endif
