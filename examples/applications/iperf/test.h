// SPDX-License-Identifier: ISC
/* test.h - one test, on either side of it: what was agreed, its streams, and what became of them. What is sent counts when the other side
 * has acknowledged it, as a queue may hold more than the path takes in a second; what is received counts when it is read. */
#ifndef TEST_H
#define TEST_H
#include "interface/stack.h"
#include "protocol.h"

#define STREAMS_MAX 16u
#define BLOCK_BYTES_MAX (32u << 10)     /* a queue holds some hundred blocks, which are still sent at the end */
#define DATAGRAM_BYTES_MIN 16u          /* what it says first */
#define DATAGRAM_BYTES_MAX 65507u
#define DATAGRAM_BYTES_USUAL 1448u
#define JITTER_BYTES_MAX 24u
#define REPORT_BYTES_MAX 240u
#define OMIT_S_MAX 600u

struct params {
    uint64_t seconds, omit_s;           /* measured from omit_s on */
    uint64_t num_streams, block_bytes;
    uint64_t bits_per_second;           /* of each stream of datagrams; 0: as many as go */
    bool is_reverse;                    /* the server sends */
    bool is_udp, has_long_counters;     /* in datagrams, of eight bytes */
};
struct stream {
    struct flow *flow;                  /* NULL: not yet, or no more */
    uint64_t num_queued, num_bytes;     /* written by us; acknowledged or received */
    uint64_t num_omitted;               /* of num_bytes */
    uint64_t num_sent_again;            /* segments */
    /* of datagrams (datagrams.h) */
    struct test *test;
    struct udp *udp;
    struct endpoint peer;
    struct ip local;                    /* of ours, that the peer sends to */
    nanos send_at;                      /* the next one */
    uint64_t num_datagrams;             /* sent; received: the highest number */
    uint64_t num_lost, num_late;        /* late: behind one that was sent later */
    uint64_t num_datagrams_omitted, num_lost_omitted;
    uint64_t delay_us, jitter_ns;
    bool has_delay;
};
struct test {
    struct stack *net;
    struct params params;
    struct udp *udp;                    /* the server's port, of all streams */
    uint8_t cookie[COOKIE_BYTES];
    bool is_sender, is_running;
    struct stream stream[STREAMS_MAX];
    nanos began, lasted;
};

/* What a client asks for. Names that are not known are nothing to us; what we cannot do is refused. */
MUST_CHECK enum refusal params_read(const struct json *message, struct params *out);
void params_write(struct json_writer *j, const struct params *p);

/* The test begins now, or anew: what was is omitted. */
void test_begin(struct test *t);
void test_end(struct test *t);
/* Of all streams, since the test began. */
uint64_t test_bytes(struct test *t);
/* Sends on a stream for as long as the test runs. E_TIMEDOUT: the other side does not read. */
MUST_CHECK err stream_send(struct test *t, struct stream *s);

void results_write(struct json_writer *j, const struct test *t);
struct results {                        /* of the other side, of all its streams */
    uint64_t num_bytes, num_datagrams, num_lost;
    struct span jitter;                 /* of the first, in seconds, as it stands in the message */
};
/* E_INVALID: it does not say how much it has sent or received. */
MUST_CHECK err results_read(const struct json *message, bool is_udp, struct results *out);
/* "sent 1234 bytes in 1.002 s, 9.9 Mbit/s; the other side received 1200", and of datagrams what the receiver has counted:
 * "; 3 of 100 datagrams lost, jitter 0.000012 s" */
struct span test_describe(const struct test *t, const struct results *others, struct mspan room);

#endif
