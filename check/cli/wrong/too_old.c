// SPDX-License-Identifier: ISC
// morgana >= 0.0 & < 0.0.1
#include <morgana/config.h>
