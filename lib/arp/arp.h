// SPDX-License-Identifier: ISC
/* arp.h - address resolution for IPv4 over Ethernet (RFC 826, RFC 1122 section 2.3.2), an engine: messages and
 * time in, messages and news out. An address is probed for before it is ours, where that is asked for (RFC 5227 section
 * 2.1); it announces itself (2.3), is defended, and if it was probed for given up in the end (2.4).
 *
 * There are at most ARP_ADDRESSES of ours. The cache holds ARP_ENTRIES neighbours. When full, one that we never sent
 * to gives way, the oldest first, else the one that we did not send to for longest; so strangers who talk to us
 * displace each other, not our peers. Entries are looked at when they are used: an idle engine has no deadline. */
#ifndef LIB_ARP_ARP_H
#define LIB_ARP_ARP_H
#include "base/cursor.h"
#include "base/list.h"
#include "base/nanos.h"
#include "base/ring.h"
#include "interface/address.h"
#include "lib/ethernet/ethernet.h"
#include "lib/packet/packet.h"

#define ARP_MESSAGE_BYTES 28
#define ARP_ENTRIES 256
#define ARP_BUCKETS 256
#define ARP_ASKING_MAX 32               /* entries without an address; more cannot be asked for */
#define ARP_WAITING_MAX 2               /* packets that wait for an address, per entry: the newest are refused */
#define ARP_OUTBOX 16                   /* messages to be sent; a power of two; when full, new ones are dropped */
#define ARP_TRIES 3
#define ARP_RETRY_NS ((nanos)NS_PER_S)
#define ARP_FRESH_NS (60 * (nanos)NS_PER_S)             /* used without asking again */
#define ARP_ADDRESSES 8
#define ARP_PROBE_WAIT_NS ((nanos)NS_PER_S)             /* RFC 5227 section 1.1: at most, at random, */
#define ARP_PROBE_NUM 3
#define ARP_PROBE_MIN_NS ((nanos)NS_PER_S)              /* and from here to twice as much between probes */
#define ARP_ANNOUNCE_WAIT_NS (2 * (nanos)NS_PER_S)
#define ARP_ANNOUNCE_NUM 2
#define ARP_ANNOUNCE_INTERVAL_NS (2 * (nanos)NS_PER_S)
#define ARP_DEFEND_INTERVAL_NS (10 * (nanos)NS_PER_S)

enum arp_operation { ARP_REQUEST = 1, ARP_REPLY = 2 };
struct arp_message {
    uint16_t operation;
    struct mac sender_mac, target_mac;
    uint32_t sender_ip, target_ip;      /* host order */
};
/* What follows the 28 bytes is padding of the frame. WIRE_BAD_VALUE: not IPv4 over Ethernet, or a sender that is
 * no single station. */
MUST_CHECK enum wire_err arp_decode(struct span payload, struct arp_message *out);
void arp_encode(struct wr *w, const struct arp_message *m);

enum arp_state {
    ARP_FREE,
    ARP_ASKING,         /* address not known; requests go out */
    ARP_KNOWN,
    ARP_CHECKING,       /* known and old: still used, while its owner is asked whether it is right */
};
struct arp_entry {
    struct link in_bucket, in_age, in_asking;
    enum arp_state state;
    uint32_t ip;
    struct mac mac;
    uint8_t tries_left, num_waiting;
    bool is_used;                       /* we sent to it */
    nanos fresh_until, retry_at;
    struct packet *waiting[ARP_WAITING_MAX];
};
struct arp_config {
    struct mac mac;
    uint32_t seed;                      /* of the delays of probes */
};
enum arp_address_state {
    ARP_ADDRESS_NONE,
    ARP_ADDRESS_PROBING,                /* not ours yet: nobody is answered */
    ARP_ADDRESS_OURS,
};
struct arp_address {
    enum arp_address_state state;
    uint32_t ip, mask;
    uint8_t left;                       /* probes, then announcements; the next at: */
    nanos at, defended_at;
    bool has_defended;
    bool yields;                        /* it was probed for, so it is given up in the end */
    bool is_news;                       /* arp_poll_address has to say so */
};
struct arp_counters {
    uint64_t malformed, not_for_us, conflicts, defended, learned, evicted, failed, outbox_full, waiting_full, asking_full;
};
struct arp_outgoing {
    struct mac destination;
    struct arp_message message;
};
struct arp {
    struct arp_config cfg;
    struct arp_counters counters;
    struct arp_entry entry[ARP_ENTRIES];
    struct list bucket[ARP_BUCKETS];
    struct list free, strangers, peers; /* by in_age, oldest use first; strangers: never sent to */
    struct list asking;                 /* by in_asking, next retry first */
    size_t num_asking;                  /* in state ARP_ASKING */
    struct list settled;                /* by in_asking: ended well or badly, packets still to be taken */
    struct ring outbox;
    struct arp_outgoing out[ARP_OUTBOX];
    uint32_t random;
    struct arp_address address[ARP_ADDRESSES];
    nanos address_at;                   /* no later than when one of them has something to do */
};

void arp_init(struct arp *a, const struct arp_config *cfg);
/* An address of ours, and the mask of its network: neighbours of others are not learned. With `probe` it is ours when arp_poll_address
 * says so. false: there is no place, or it is there. */
MUST_CHECK bool arp_add_address(struct arp *a, uint32_t ip, uint32_t mask, bool probe, nanos now);
void arp_remove_address(struct arp *a, uint32_t ip);
/* How a probe ended, or that an address that was probed for had to be given up: where it is another station's, it was removed. false: no
 * news. */
MUST_CHECK bool arp_poll_address(struct arp *a, uint32_t *ip, bool *is_ours);
/* The payload of a frame of type ARP. */
void arp_input(struct arp *a, struct span payload, nanos now);
void arp_tick(struct arp *a, nanos now);
/* The next message to be sent; false: none. */
MUST_CHECK bool arp_output(struct arp *a, struct arp_outgoing *out);
/* A neighbour was found (is_found, mac) or is not there, and here are the packets that waited for it: the caller
 * owns them. false: no news. */
struct arp_news {
    bool is_found;
    uint32_t ip;
    struct mac mac;
    struct packet *waiting[ARP_WAITING_MAX];
    size_t num_waiting;
};
MUST_CHECK bool arp_poll(struct arp *a, struct arp_news *out);
nanos arp_deadline(const struct arp *a);

/* The station of a neighbour. false: not known; it is asked for, if there is room for that. */
MUST_CHECK bool arp_find(struct arp *a, uint32_t ip, struct mac *out, nanos now);
/* Keeps the packet until the neighbour is found or not. false: refused, the caller still owns it. Only after arp_find
 * was false. */
MUST_CHECK bool arp_hold(struct arp *a, uint32_t ip, struct packet *p);
/* What we sent there was answered, so the entry is right (RFC 1122 section 2.3.2.1 (4)). */
void arp_confirm(struct arp *a, uint32_t ip, nanos now);
/* Gives back what waits. */
void arp_close(struct arp *a);

#endif
