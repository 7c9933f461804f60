// SPDX-License-Identifier: ISC
/* protocol.h - what goes over iperf3's control connection: the test's cookie, then states of one byte, and behind two of them JSON with its
 * length before it. Each connection of the test begins with the same cookie. */
#ifndef PROTOCOL_H
#define PROTOCOL_H
#include "interface/flow.h"
#include "lib/json/json.h"

#define COOKIE_BYTES 37u                /* 36 letters and digits, and a zero */
#define MESSAGE_BYTES_MAX 8192u
#define ANSWER_WITHIN (10 * NS_PER_S)   /* for what the other side has to say at once */

enum state {
    TEST_START = 1, TEST_RUNNING = 2, TEST_END = 4, PARAM_EXCHANGE = 9, CREATE_STREAMS = 10, SERVER_TERMINATE = 11, CLIENT_TERMINATE = 12,
    EXCHANGE_RESULTS = 13, DISPLAY_RESULTS = 14, IPERF_DONE = 16, SERVER_ERROR = 0xfe, ACCESS_DENIED = 0xff,
};
enum refusal {                          /* that the client shows in its own words */
    REFUSED_NOT = 0, REFUSED_NUM_STREAMS = 6, REFUSED_OMIT = 12, REFUSED_UNIMPLEMENTED = 13, REFUSED_PARAMETERS = 114,
};

MUST_CHECK err control_tell(struct flow *control, enum state s);
/* Waits for that state. E_REFUSED: another one came, which is logged. */
MUST_CHECK err control_expect(struct flow *control, enum state s, nanos deadline);
const char *refusal_name(enum refusal why);
/* The server's last word: it ends the test. */
MUST_CHECK err control_refuse(struct flow *control, enum refusal why);
/* JSON that was written; E_RANGE: it had no room. */
MUST_CHECK err control_send(struct flow *control, const struct json_writer *message);
/* room: for a message of MESSAGE_BYTES_MAX, which *out lies in. E_INVALID: it is longer, or no JSON. */
MUST_CHECK err control_receive(struct flow *control, struct mspan room, struct json *out);

#endif
