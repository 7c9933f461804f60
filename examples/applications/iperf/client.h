// SPDX-License-Identifier: ISC
/* client.h - measures once, prints what came of it, and is done. */
#ifndef CLIENT_H
#define CLIENT_H
#include "test.h"

MUST_CHECK err client_run(struct stack *net, const struct endpoint *server, const struct params *params);

#endif
