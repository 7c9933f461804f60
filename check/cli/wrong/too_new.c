// SPDX-License-Identifier: ISC
// morgana >= 99.0
#include <morgana/from_the_future.h>
