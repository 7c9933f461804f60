// SPDX-License-Identifier: ISC
/* vlan.h - networks that share a device by tags in their frames (IEEE 802.1Q): each is a `struct net`. A frame is copied once
 * on its way in; those that wait for a network that nobody looks at are bounded, and then dropped and counted. */
#ifndef LIB_VLAN_VLAN_H
#define LIB_VLAN_VLAN_H
#include "interface/net.h"
#include "lib/frames/frames.h"
#include "runtime/fiber.h"

#define VLAN_TAG_BYTES 4
#define VLAN_PORTS 16
#define VLAN_ID_MAX 4094
#define VLAN_UNTAGGED 0                 /* stands for frames without a tag, or with one that is a priority alone */
#define VLAN_QUEUE_BYTES (256u << 10)   /* of each network */

struct vlan;
struct vlan_counters {
    uint64_t malformed, unknown_id, queue_full, scattered;
};
struct vlan_trunk {
    struct net *below;
    struct vlan *port[VLAN_PORTS];
    struct vlan_counters counters;
    struct mspan frame;                 /* the one that just came */
    struct scope scope;
};
struct vlan {
    struct net net;
    struct vlan_trunk *trunk;
    uint16_t id;
    uint8_t priority;
    struct mspan memory;
    struct frame_queue queue;
    struct waitq receivers;
};
/* The device below is the trunk's from now on; a fiber of the calling one receives. E_NOMEM. E_INVALID: it is itself a
 * network of tags. *out must stay where it is. */
MUST_CHECK err vlan_trunk_open(struct net *below, struct vlan_trunk *out);
void vlan_trunk_close(struct vlan_trunk *t);    /* after its networks; idempotent */
/* A network of the trunk: id 1..VLAN_ID_MAX, or VLAN_UNTAGGED. priority: 0..7, of what is sent. Its mtu is VLAN_TAG_BYTES less than
 * the device's, so that the tag fits in. E_INVALID, E_IN_USE, E_NOMEM. *out must stay where it is. */
MUST_CHECK err vlan_open(struct vlan_trunk *t, uint16_t id, uint8_t priority, struct vlan *out);
void vlan_close(struct vlan *v);                /* idempotent */

#endif
