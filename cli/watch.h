// SPDX-License-Identifier: ISC
/* watch.h - whether the files of a folder have changed. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H
#include "base/span.h"

struct watched {
    uint64_t seen;          /* a sum over names, sizes and times; 0: not looked yet */
};
/* Since the last look at this folder and those in it, without dist/ and what begins with a dot. The first look says true. */
bool watched_has_changed(struct watched *w);

#endif
