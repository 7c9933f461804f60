// SPDX-License-Identifier: ISC
#include "tender/devices.h"

err devices_attach(struct devices *d, const struct device_option options[SOLO5_RECORDS_MAX], struct message *why)
{
    SLICE(const struct device_option) list = { options, SOLO5_RECORDS_MAX };
    for (size_t i = 1; i < d->manifest.entries; i++) {
        struct solo5_record *r = &d->manifest.record[i];
        if (r->type == SOLO5_DEVICE_NET)
            TRY(net_attach(&AT(list, i), d->has_extension, r, &d->extension[i], why));
        else if (r->type == SOLO5_DEVICE_BLOCK)
            TRY(block_attach(&AT(list, i), r, &d->extension[i], why));
        else if (r->type < SOLO5_DEVICE_RESERVED)
            return refuse(why, E_UNSUPPORTED, "%s: a device of unknown type %u: use a newer tender", r->name, r->type);
    }
    return OK;
}

bool devices_need_reset(const struct devices *d)
{
    for (size_t i = 1; i < d->manifest.entries; i++)
        if (d->extension[i].net_kind == EXTENSION_NET_TAP_VIRTIO)
            return true;
    return false;
}

void devices_reset(const struct devices *d)
{
    for (size_t i = 1; i < d->manifest.entries; i++)
        if (d->extension[i].net_kind == EXTENSION_NET_TAP_VIRTIO)
            net_reset(d->manifest.record[i].host_fd);
}

void devices_forgo_offloads(struct devices *d)
{
    devices_reset(d);
    for (size_t i = 1; i < d->manifest.entries; i++)
        d->extension[i].net_offloads = 0;
}
