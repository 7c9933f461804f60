// SPDX-License-Identifier: ISC
/* server.h - measures with one client at a time; others are told so. */
#ifndef SERVER_H
#define SERVER_H
#include "runtime/fiber.h"
#include "test.h"

enum phase { FREE, BUSY, JOINING, ENDING };     /* no test; one; one that waits for its streams; one that the next can wait for */

struct server {
    struct service service;
    uint16_t port;
    enum phase phase;
    struct test test;
    uint32_t test_number;               /* streams of an earlier one no longer count */
    unsigned num_joined, num_sending;   /* streams; those of them that a fiber sends on */
    struct waitq news;                  /* of any of these */
    uint8_t message[MESSAGE_BYTES_MAX];
};

/* port: it will listen there, and receives datagrams there. */
void server_init(struct server *s, struct stack *net, uint16_t port);

#endif
