// SPDX-License-Identifier: ISC
/* datagrams.h - streams of UDP. A client introduces each of its ports, and the server answers; then every datagram says when it was sent
 * and which one it is, from 1 on, from which the receiver knows what was lost, what came late, and by how much delays vary. */
#ifndef DATAGRAMS_H
#define DATAGRAMS_H
#include "test.h"

/* The client's: a port for the stream, which the server has answered. */
MUST_CHECK err datagrams_introduce(struct test *t, struct stream *s, const struct endpoint *server);
/* The server's: its port, and then the client's streams, each as it introduces itself there. */
MUST_CHECK err datagrams_open(struct test *t, uint16_t port);
MUST_CHECK err datagrams_join(struct test *t, const struct ip *client, nanos deadline);
/* Fibers, for as long as the test runs: one sends on all streams, at their rate. */
err datagrams_send(void *test);
err datagrams_receive(void *test);              /* at the server's port, for all streams */
err datagrams_receive_one(void *stream);        /* at the stream's own */
void datagrams_close(struct test *t);

#endif
