// SPDX-License-Identifier: ISC
/* net.h - private to platform/spt: what network devices of either kind share. */
#ifndef PLATFORM_SPT_NET_H
#define PLATFORM_SPT_NET_H
#include "platform/common/lent.h"
#include "platform/spt/spt.h"

struct spt_net_ops {
    bool (*receive)(unsigned handle, struct lent *l);   /* at most one frame; false: there is no more */
    bool (*send)(unsigned handle, const struct tx_frame *frame);    /* false: full, not taken */
    void (*flush)(unsigned handle);     /* what was taken goes out, as far as the device lets it */
};
extern const struct spt_net_ops spt_stream_ops;
void spt_stream_init(unsigned handle);

#endif
