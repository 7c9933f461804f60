// SPDX-License-Identifier: ISC
/* prop_states.h - for properties of TCP: which states of RFC 9293 the inputs have led to, printed when all of them have run. A
 * property that never gets beyond the handshake holds easily. */
#ifndef LIB_TCP_PROP_STATES_H
#define LIB_TCP_PROP_STATES_H
#include "lib/tcp/engine.h"
#include <stdio.h>

enum { STATES_LISTEN = TCP_LAST_ACK + 1, STATES_TIME_WAIT, STATES_NUM };
static unsigned long states_visits[STATES_NUM];

static void states_note(const struct tcp *t)
{
    for (size_t i = 0; i < t->num_conns_used; i++)
        states_visits[AT(t->conns, i).state]++;
    for (size_t i = 0; i < TCP_LISTENERS_MAX; i++)
        states_visits[STATES_LISTEN] += t->listener[i].port != 0;
    states_visits[TCP_SYN_RECEIVED] += !list_is_empty(&t->half_opens_by_age);
    states_visits[STATES_TIME_WAIT] += !list_is_empty(&t->time_waits_by_age);
}
__attribute__((destructor)) static void states_print(void)
{
    static const char *const names[STATES_NUM] = { "CLOSED", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2",
                                                   "CLOSE-WAIT", "CLOSING", "LAST-ACK", "LISTEN", "TIME-WAIT" };
    for (size_t i = 0; i < STATES_NUM; i++)
        fprintf(stderr, "state %s: %lu visits\n", names[i], states_visits[i]);
}

#endif
