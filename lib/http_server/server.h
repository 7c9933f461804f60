// SPDX-License-Identifier: ISC
/* server.h - an HTTP/1.1 server: a TCP service (interface/stack.h) that parses requests and has a handler answer
 * them, in order. A connection at rest holds no fiber and a few bytes; a request whose head came in one
 * piece is parsed where it lies.
 *
 *     TRY(http_server_init(&server, &http_server_defaults, &my_handler));
 *     TRY(tcp_listen(stack, 80, &server.service));
 *
 * What is bounded: heads (lib/http/http.h; 414, 431), heads under way (num_buffers; 503 and close), bodies (413),
 * the time of each (408, or a silent close where nothing came), and the copied bytes that wait for a slow reader:
 * beyond HTTP_UNSENT_BYTES_MAX, or what its flow has room for, a connection's next request waits until everything is
 * acknowledged, without a fiber. */
#ifndef LIB_HTTP_SERVER_SERVER_H
#define LIB_HTTP_SERVER_SERVER_H
#include "interface/stack.h"
#include "lib/http/http.h"
#include "lib/http/response.h"

#define HTTP_REQUESTS_PER_TURN 32u          /* then other connections have their turn */
#define HTTP_UNSENT_BYTES_MAX 32768u
#define HTTP_OUT_BYTES 4096u                /* answers put together before they are written; the longest head */
#define HTTP_COPY_BYTES_MAX 1024u           /* static bodies up to this are copied behind their head */
#define HTTP_DRAIN_BYTES_MAX 65536u         /* of a body that the handler left unread */
#define HTTP_LINGER_BYTES_MAX 262144u
#define HTTP_BODY_RATE_MIN 1024u            /* bytes/s of a request's body, after a grace of head_within */
#define HTTP_SEND_RATE_MIN 4096u            /* bytes/s of answers, after a grace of write_within */

struct http_server_config {
    size_t num_buffers;         /* requests with a body or a split head at a time; HTTP_HEAD_BYTES_MAX each, and
                                 * fewer where that is more than an eighth of the heap that is left */
    uint64_t max_body_bytes;
    nanos head_within;          /* from the first byte of a request to the end of its head */
    nanos idle_within;          /* between requests */
    nanos write_within;         /* without room for more */
    nanos linger_within;        /* for the client's end, after ours */
};
extern const struct http_server_config http_server_defaults;    /* 64, 1 MiB, 10 s, 60 s, 30 s, 5 s */

/* One request and its answer; lives until `answer` returns. */
struct http_exchange {
    const struct http_request *request;
    struct flow *body;          /* of the request: E_EOF at its end; cannot be written. Reading may block. A client that waits for
                                 * 100 gets it when the body is read before the answer begins, and may send none otherwise */
    const struct endpoint *peer;
};
struct http_handler {           /* first member of every implementation */
    /* Replies once, by one of the functions below, and returns what they returned. An error, or no reply, is
     * answered with the fault of the body (400, 408, 413) or 500; the connection is cut where the reply had begun. */
    err (*answer)(struct http_handler *h, struct http_exchange *x);
};

/* The whole answer. Of the head the handler fills what the resource says; the rest is filled in here. For HEAD, and
 * a status without a body, the body is not sent but its length is said. E_INVALID: the head is too long. */
MUST_CHECK err http_reply(struct http_exchange *x, struct http_head *head, struct span body);
/* The same with a body that lives and stays unchanged as long as the image runs: of any length, never waits. */
MUST_CHECK err http_reply_static(struct http_exchange *x, struct http_head *head, struct span body);
/* The answer's body is what is written to *body before `answer` returns: exactly num_bytes (the connection is cut
 * otherwise), or HTTP_LENGTH_UNKNOWN for a chunked body. For HEAD nothing needs to be written and nothing is sent. */
#define HTTP_LENGTH_UNKNOWN UINT64_MAX
MUST_CHECK err http_reply_stream(struct http_exchange *x, struct http_head *head, uint64_t num_bytes, struct flow **body);
/* A status with a line of text for people. */
MUST_CHECK err http_reply_status(struct http_exchange *x, unsigned status);
/* 204 for OPTIONS, 405 otherwise, both with Allow. */
MUST_CHECK err http_reply_allow(struct http_exchange *x, struct span methods);

struct http_server_stats {
    uint64_t requests, responses[6];        /* by the first digit of the status */
    uint64_t refused[HTTP_ERR_NUM];
    uint64_t no_buffer, timeouts_idle, timeouts_head, timeouts_body, timeouts_send, lost;
};

struct http_server {
    struct service service;                 /* for tcp_listen */
    struct http_handler *handler;
    struct http_server_config config;
    struct http_server_stats stats;
    /* private */
    struct mspan buffers;                   /* heads under way */
    SLICE(uint32_t) free;                   /* a stack of the numbers of free ones */
    size_t num_free;
    nanos date_until;
    uint8_t date[HTTP_DATE_BYTES];
};
/* Keeps the handler; the server lives as long as it is listened with. E_NOMEM. */
MUST_CHECK err http_server_init(struct http_server *s, const struct http_server_config *config, struct http_handler *handler);

#endif
