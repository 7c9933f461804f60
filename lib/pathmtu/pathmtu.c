// SPDX-License-Identifier: ISC
#include "lib/pathmtu/pathmtu.h"
#include "base/checked.h"

uint32_t pathmtu_to(const struct pathmtu *p, const struct ip *destination, uint32_t mtu, nanos now)
{
    for (size_t i = 0; i < p->num; i++)
        if (ip_eq(&p->place[i].destination, destination))
            return now < p->place[i].until ? u32_min(mtu, p->place[i].mtu) : mtu;
    return mtu;
}

static struct pathmtu_place *place_for(struct pathmtu *p, const struct ip *destination)
{
    for (size_t i = 0; i < p->num; i++)
        if (ip_eq(&p->place[i].destination, destination))
            return &p->place[i];
    struct pathmtu_place *place = &p->place[p->next];
    p->next = (p->next + 1) % PATHMTU_PLACES;
    p->num = size_min(p->num + 1, PATHMTU_PLACES);
    *place = (struct pathmtu_place){ .destination = *destination };
    return place;
}

void pathmtu_lower(struct pathmtu *p, const struct ip *destination, uint32_t mtu, nanos now)
{
    struct pathmtu_place *place = place_for(p, destination);
    mtu = u32_max(mtu, ip_is_v4(destination) ? PATHMTU_MIN_V4 : PATHMTU_MIN_V6);
    if (now < place->until && place->mtu <= mtu)
        return;
    place->mtu = mtu;
    place->until = nanos_add(now, PATHMTU_NS);
}
