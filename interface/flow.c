// SPDX-License-Identifier: ISC
#include "interface/flow.h"

err flow_read(struct flow *f, struct mspan out, size_t *num_read, nanos deadline)
{
    struct span got;
    *num_read = 0;
    TRY(flow_peek(f, &got, deadline));
    *num_read = span_copy(out, got);
    flow_consume(f, *num_read);
    return OK;
}
