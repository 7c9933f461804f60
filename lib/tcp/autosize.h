// SPDX-License-Identifier: ISC
/* autosize.h - sizes of buffers that follow what a connection does (struct tcp_choices, auto_buffers). */
#ifndef LIB_TCP_AUTOSIZE_H
#define LIB_TCP_AUTOSIZE_H
#include "lib/tcp/engine.h"

/* The window grows from what was announced by now. */
void tcp_autosize_begin(const struct tcp *t, struct tcp_conn *c, nanos now);
/* The application has read so much. */
void tcp_autosize_consumed(const struct tcp *t, struct tcp_conn *c, size_t num_bytes, nanos now);
/* The budget of copied bytes. */
uint32_t tcp_autosize_send(const struct tcp *t, const struct tcp_conn *c);

#endif
