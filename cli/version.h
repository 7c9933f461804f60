// SPDX-License-Identifier: ISC
/* version.h - whether a config.c is for this morgana. It may say so in a comment among its first lines:
 *
 *     // morgana >= 0.1 & < 2.0
 *
 * Either half may stand alone. That is read before config.c is compiled, since what it uses may not exist here. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

/* Another version ends the command. */
void version_check(const char *config);

#endif
