// SPDX-License-Identifier: ISC
/* branches.h - for Eva, a constraint of a format is a branch: what it says of a value is forgotten where it goes through a bool. */
#ifndef CHECK_PROVE_BRANCHES_H
#define CHECK_PROVE_BRANCHES_H
#include "base/cursor.h"
#define cur_want(c, ok, e) ((ok) ? (cur_want)((c), 1, (e)) : (cur_want)((c), 0, (e)))
#endif
