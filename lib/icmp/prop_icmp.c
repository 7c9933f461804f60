// SPDX-License-Identifier: ISC
#include "lib/icmp/icmp.h"
#include "lib/checksum/checksum.h"
#include "lib/ipv4/ipv4.h"
#include "check/any.h"

/* The reply to a request whose checksum is right has a right one, an error about anything too, and errors have a limit. */
static void outgoing(struct span in, const struct icmp_header *request)
{
    struct icmp_limit limit = { 0 };
    uint8_t head[ICMP_HEADER_BYTES];
    struct icmp_header answer = icmp_echo_reply(request), error = icmp_error(ICMP_UNREACHABLE, ICMP_UNREACHABLE_PORT, in);
    struct checksum c = { 0 };
    CHECK(answer.type == ICMP_ECHO_REPLY && answer.code == 0 && answer.rest == request->rest && answer.checksum != 0);
    icmp_encode(MSPAN(head), &error);
    checksum_add(&c, SPAN(head));
    checksum_add(&c, in);
    CHECK_FUZZED(checksum_is_right(&c));
    unsigned num = 0;
    while (num <= ICMP_ERRORS_BURST && icmp_limit_take(&limit, NS_PER_S))
        num++;
    CHECK(num == ICMP_ERRORS_BURST);
}

PROPERTY(prop_icmp_decode, 80)
{
    struct icmp_header h;
    struct icmp_quote q;
    uint8_t out[ICMP_HEADER_BYTES];
    enum wire_err e = icmp_decode(in, &h);
    CHECK((e == WIRE_OK) == (in.n >= ICMP_HEADER_BYTES));
    outgoing(in, &h);
    icmp_encode(MSPAN(out), &h);
    CHECK_FUZZED(e != WIRE_OK || span_starts(in, SPAN(out)));
    e = icmp_error_decode(in, &q);
    CHECK((e == WIRE_OK) == (q.protocol == IPV4_TCP || q.protocol == IPV4_UDP || q.protocol == IPV4_ICMP));
}
