// SPDX-License-Identifier: ISC
/* keys.h - the keys of a config.c, and what the command line says about them. */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H
#include "cli/graph.h"

/* An unknown key, a value that its key cannot have, and a key that could be taken for an option end the command. */
void keys_check(const struct graph *g, const struct words *given);
/* "small, large; small unless given" */
const char *key_values(const struct key *k);
/* As a constant of C. */
const char *key_literal(const struct key *k, const char *value);
/* "pages" of "pages=small" */
const char *key_name(const char *given);

#endif
