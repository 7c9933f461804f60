// SPDX-License-Identifier: ISC
/* turn.h - what the files of the server share. A turn is one call of `ready`; an exchange is one request in it.
 * Private to lib/http_server. */
#ifndef LIB_HTTP_SERVER_TURN_H
#define LIB_HTTP_SERVER_TURN_H
#include "base/writer.h"
#include "lib/http/chunked.h"
#include "lib/http_server/server.h"

/* A connection between turns; all zero: fresh. Lives in the bytes of the stack's. */
struct http_conn {
    bool is_started, is_sending, is_lingering;
    uint32_t buffer;            /* number + 1 of the buffer that holds the head so far; 0: none */
    uint32_t num_gathered;      /* bytes in it */
    uint32_t num_drained;       /* while lingering */
    uint64_t num_unsent;        /* written since everything was known to be acknowledged */
    nanos until;                /* what it waits for must have come */
};

struct turn {
    struct http_server *server;
    struct flow *flow;
    const struct endpoint *peer;
    struct http_conn conn;
    nanos now;                  /* of its beginning */
    bool has_answered;          /* and no further request has begun */
    struct wr out;              /* answers not yet written to the flow */
};
/* Writes what has gathered in t->out. */
MUST_CHECK err turn_flush(struct turn *t);
/* Bytes behind those of t->out; through it where they fit. */
MUST_CHECK err turn_write(struct turn *t, struct span bytes);
MUST_CHECK err turn_write_static(struct turn *t, struct span bytes);

/* The body of a request as a flow. */
struct request_body {
    struct flow flow;
    struct turn *turn;
    bool is_chunked, expects_continue, is_at_end;
    struct http_chunked chunked;
    uint64_t pending;           /* bytes at the front of the connection that are body; with a length, all there are */
    uint64_t num_read;
    nanos began;
    err failure;                /* sticks */
    unsigned status;            /* that answers the failure; 0: none */
};
void request_body_init(struct request_body *b, struct turn *t, const struct http_request *r);
/* Drops what has come of it, up to a limit and without waiting. */
void request_body_drain(struct request_body *b);

/* The body of an answer as a flow. */
struct reply_body {
    struct flow flow;
    struct turn *turn;
    bool is_discarded, is_chunked, is_bounded;
    uint64_t left;              /* where it is bounded */
};
void reply_body_init(struct reply_body *b, struct turn *t, bool is_discarded, enum http_framing framing, uint64_t num_bytes);
/* E_INVALID: bytes are missing. */
MUST_CHECK err reply_body_end(struct reply_body *b);

struct exchange {
    struct http_exchange public;
    struct turn *turn;
    struct request_body request_body;
    struct reply_body reply_body;       /* once it is_streaming */
    bool has_replied, is_streaming, persists;
};

/* A head's buffer from the pool. False: none is free. */
MUST_CHECK bool buffer_borrow(struct http_server *s, struct http_conn *c);
void buffer_give_back(struct http_server *s, struct http_conn *c);      /* idempotent */
struct mspan buffer_of(struct http_server *s, const struct http_conn *c);

/* The text of the Date field for a turn that began at `now`. */
struct span server_date(struct http_server *s, nanos now);

#endif
