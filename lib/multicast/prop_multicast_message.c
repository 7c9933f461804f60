// SPDX-License-Identifier: ISC
/* Queries of both families: what is refused leaves nothing behind. */
#include "lib/multicast/inside.h"
#include "check/any.h"

static bool is_nothing(const struct multicast_query *q)
{
    return q->version == 0 && q->max_response_ms == 0 && span_u32(SPAN(q->group.byte), 0) == 0 && span_u32(SPAN(q->group.byte), 12) == 0;
}
PROPERTY(prop_multicast_message, 32)
{
    struct multicast_query q;
    bool is_query = multicast_decode_igmp(in, &q);
    CHECK(is_query || is_nothing(&q));
    CHECK(!is_query || in.n == 8 || (in.n >= 12 && q.version == MULTICAST_V3));
    CHECK(q.version <= MULTICAST_V3 && q.max_response_ms <= 31744 * 100);
    is_query = multicast_decode_mld(in, &q);
    CHECK(is_query || is_nothing(&q));
    CHECK(!is_query || in.n == 24 || in.n >= 28);
    CHECK((!is_query || q.version != MULTICAST_V1) && q.max_response_ms <= 8387584);
}
