// SPDX-License-Identifier: ISC
/* change.c - addresses that go, and those that were probed for. */
#include "lib/arp/arp.h"

void arp_remove_address(struct arp *a, uint32_t ip)
{
    for (size_t i = 0; i < ARP_ADDRESSES; i++)
        if (a->address[i].ip == ip)
            a->address[i] = (struct arp_address){ 0 };
}

bool arp_poll_address(struct arp *a, uint32_t *ip, bool *is_ours)
{
    for (size_t i = 0; i < ARP_ADDRESSES; i++) {
        struct arp_address *own = &a->address[i];
        if (!own->is_news)
            continue;
        own->is_news = false;
        *ip = own->ip;
        *is_ours = own->state == ARP_ADDRESS_OURS;
        return true;
    }
    return false;
}
