// SPDX-License-Identifier: ISC
/* guest.c - devices by name, entropy, and waiting. */
#include "platform/solo5/guest.h"
#include "platform/common/lent.h"

struct guest guest;

const struct solo5_record *guest_record(unsigned handle)
{
    REQUIRE(handle < guest.manifest->entries && handle < SOLO5_RECORDS_MAX);
    return &guest.manifest->record[handle];
}

const struct solo5_record *guest_device(unsigned handle, enum solo5_device type)
{
    const struct solo5_record *r = guest_record(handle);
    REQUIRE(r->type == (uint32_t)type && r->is_attached);
    return r;
}

void guest_set_ready(unsigned handle, bool ready)
{
    uint64_t bit = (uint64_t)1 << handle;
    guest.ready = ready ? guest.ready | bit : guest.ready & ~bit;
}

err guest_find(struct span name, enum solo5_device type, unsigned *handle)
{
    for (unsigned h = 1; h < guest.manifest->entries; h++) {
        const struct solo5_record *r = guest_record(h);
        if (r->type == (uint32_t)type && r->is_attached && span_eq(span_of_str(r->name), name)) {
            *handle = h;
            return OK;
        }
    }
    return E_NOT_FOUND;
}

err platform_net_find(struct span name, unsigned *handle, struct platform_net_info *info)
{
    TRY(guest_find(name, SOLO5_DEVICE_NET, handle));
    const struct extension_device *d = guest_extension(*handle);
    *info = (struct platform_net_info){ .mtu = d->net_mtu, .features = extension_features(d) };
    (void)span_copy(MSPAN(info->mac), SPAN(guest_record(*handle)->net.mac));
    return OK;
}

/* The tender's bytes are given out once. */
err platform_entropy(struct mspan out)
{
    if (guest.entropy.n < out.n)
        return E_UNSUPPORTED;
    struct mspan given = mspan_first(guest.entropy, out.n);
    (void)span_copy(out, span_of(given));
    mspan_zero(given);
    guest.entropy = mspan_skip(guest.entropy, given.n);
    return OK;
}

uint64_t platform_wait(nanos deadline)
{
    if (guest.ready == 0 || ++guest.num_answers >= GUEST_ANSWERS_MAX) {
        guest.num_answers = 0;
        guest_poll(guest.ready == 0 ? deadline : 0);
    }
    return guest.ready | (guest.stop ? PLATFORM_READY_STOP : 0);
}
