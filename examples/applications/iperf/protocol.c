// SPDX-License-Identifier: ISC
/* protocol.c - states and messages, in a straight line. */
#include "protocol.h"
#include "runtime/clock.h"
#include "runtime/log.h"

LOG_SOURCE(iperf);

static const char *state_name(uint8_t s)
{
    switch (s) {
    case TEST_START:
        return "TEST_START";
    case TEST_RUNNING:
        return "TEST_RUNNING";
    case TEST_END:
        return "TEST_END";
    case PARAM_EXCHANGE:
        return "PARAM_EXCHANGE";
    case CREATE_STREAMS:
        return "CREATE_STREAMS";
    case SERVER_TERMINATE:
        return "SERVER_TERMINATE";
    case CLIENT_TERMINATE:
        return "CLIENT_TERMINATE";
    case EXCHANGE_RESULTS:
        return "EXCHANGE_RESULTS";
    case DISPLAY_RESULTS:
        return "DISPLAY_RESULTS";
    case IPERF_DONE:
        return "IPERF_DONE";
    case SERVER_ERROR:
        return "SERVER_ERROR";
    case ACCESS_DENIED:
        return "ACCESS_DENIED, as it measures already";
    default:
        return "a state that is none";
    }
}

const char *refusal_name(enum refusal why)
{
    switch (why) {
    case REFUSED_NOT:
        break;
    case REFUSED_NUM_STREAMS:
        return "more streams than there can be";
    case REFUSED_OMIT:
        return "more seconds to be omitted than there can be";
    case REFUSED_UNIMPLEMENTED:
        return "a test of something else than TCP or UDP, or both ways at once";
    case REFUSED_PARAMETERS:
        return "parameters that are none";
    }
    return "nothing";
}

/* Fills all of `out`. */
static err read_all(struct flow *control, struct mspan out, nanos deadline)
{
    for (size_t n; out.n > 0; out = mspan_skip(out, n))
        TRY(flow_read(control, out, &n, deadline));
    return OK;
}

err control_tell(struct flow *control, enum state s)
{
    uint8_t byte[] = { (uint8_t)s };
    return flow_write(control, SPAN(byte), nanos_add(clock_now(), ANSWER_WITHIN));
}

err control_expect(struct flow *control, enum state s, nanos deadline)
{
    uint8_t byte[1];
    TRY(read_all(control, MSPAN(byte), deadline));
    if (byte[0] == s)
        return OK;
    log_warning(iperf, "the other side says %s, where %s is due", state_name(byte[0]), state_name((uint8_t)s));
    return E_REFUSED;
}

err control_refuse(struct flow *control, enum refusal why)
{
    uint8_t message[1 + 4 + 4];
    struct wr w = wr_of(MSPAN(message));
    wr_u8(&w, SERVER_ERROR);
    wr_u32(&w, why);
    wr_u32(&w, 0);              /* no error of a system's */
    return flow_write(control, wr_done(&w), nanos_add(clock_now(), ANSWER_WITHIN));
}

err control_send(struct flow *control, const struct json_writer *message)
{
    uint8_t length[4];
    struct span text = wr_done(&message->w);
    nanos deadline = nanos_add(clock_now(), ANSWER_WITHIN);
    if (text.n == 0)
        return E_RANGE;
    mspan_u32(MSPAN(length), 0, (uint32_t)text.n);
    TRY(flow_write(control, SPAN(length), deadline));
    return flow_write(control, text, deadline);
}

err control_receive(struct flow *control, struct mspan room, struct json *out)
{
    uint8_t length[4];
    nanos deadline = nanos_add(clock_now(), ANSWER_WITHIN);
    *out = (struct json){ 0 };
    TRY(read_all(control, MSPAN(length), deadline));
    size_t n = span_u32(SPAN(length), 0);
    if (n > room.n)
        return E_INVALID;
    struct mspan text = mspan_first(room, n);
    TRY(read_all(control, text, deadline));
    return json_read(span_of(text), out) == WIRE_OK ? OK : E_INVALID;
}
