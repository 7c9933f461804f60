// SPDX-License-Identifier: ISC
/* events.h - an epoll set, and in it the operator's wish for an end. */
#ifndef TENDER_EVENTS_H
#define TENDER_EVENTS_H
#include "tender/message.h"

/* From now on a lost peer, and a file that may not grow, become errors of a write. */
MUST_CHECK err events_open(int *epoll, struct message *why);
/* events: EPOLLIN and so on; data: what epoll_wait gives back. */
MUST_CHECK err events_add(int epoll, int fd, uint32_t events, uint64_t data, struct message *why);
/* SIGTERM and SIGINT are seen once, as this data; *fd is to be kept open. */
MUST_CHECK err events_add_stop(int epoll, uint64_t data, int *fd, struct message *why);

#endif
