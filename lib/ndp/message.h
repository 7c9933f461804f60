// SPDX-License-Identifier: ISC
/* message.h - the messages of neighbour discovery (RFC 4861 section 4) with the options of RFC 8106 and RFC 4191, and of
 * group management (RFC 3810) what a host needs. */
#ifndef LIB_NDP_MESSAGE_H
#define LIB_NDP_MESSAGE_H
#include "base/cursor.h"
#include "interface/address.h"

#define NDP_MESSAGE_MAX_BYTES 64    /* of those that we send */
#define NDP_PREFIX_OPTIONS_MAX 6    /* more of one message are ignored, */
#define NDP_ROUTE_OPTIONS_MAX 4     /* here too, */
#define NDP_NONCE_BYTES 6
#define NDP_DNS_SERVERS_MAX 4       /* here too, */
#define NDP_DNS_SEARCH_BYTES 128    /* and names that do not fit */

struct ndp_prefix_option {
    struct ip prefix;
    uint8_t length;
    bool on_link, autonomous;
    uint32_t valid_s, preferred_s;
};
struct ndp_route_option {           /* RFC 4191 section 2.3 */
    struct ip prefix;
    uint8_t length;
    int8_t preference;
    uint32_t lifetime_s;
};
struct ndp_dns {                    /* RFC 8106 */
    size_t num_servers;
    struct ip server[NDP_DNS_SERVERS_MAX];
    size_t search_bytes;            /* names, as in the message: labels with their lengths, ended and padded by zeros */
    uint8_t search[NDP_DNS_SEARCH_BYTES];
    uint32_t lifetime_s;
};
struct ndp_message {
    uint8_t type;                   /* enum icmpv6_type; 0: none */
    struct ip target, destination;  /* solicitation, advertisement, redirect; destination: of a redirect */
    bool is_router, is_solicited, is_override;      /* of a neighbour's advertisement */
    bool has_source_mac, has_target_mac;
    struct mac source_mac, target_mac;
    /* of a router's advertisement */
    uint8_t hop_limit;              /* 0: not said, like the others */
    int8_t preference;
    uint16_t lifetime_s;
    uint32_t reachable_ms, retrans_ms, mtu;
    size_t num_prefixes;
    struct ndp_prefix_option prefix[NDP_PREFIX_OPTIONS_MAX];
    size_t num_routes;
    struct ndp_route_option route[NDP_ROUTE_OPTIONS_MAX];
    struct ndp_dns dns;
    /* of a solicitation that asks whether somebody has the address (RFC 7527) */
    bool has_nonce;
    uint8_t nonce[NDP_NONCE_BYTES];
    /* of a query */
    uint32_t max_response_ms;
    struct ip group;                /* unspecified: all groups */
};
/* Reads a message of neighbour discovery or a query for groups. WIRE_BAD_VALUE: another type, or what RFC 4861 section
 * 6.1, 7.1 and 8.1 forbid in the message itself. */
MUST_CHECK enum wire_err ndp_decode(struct span message, struct ndp_message *out);

/* These write a message without its checksum. mac: NULL leaves the option out. */
void ndp_write_router_solicitation(struct wr *w, const struct mac *mac);
void ndp_write_solicitation(struct wr *w, const struct ip *target, const struct mac *mac);
/* Asks whether somebody has the address; by the nonce we know our own question, should it come back. */
void ndp_write_probe(struct wr *w, const struct ip *target, const uint8_t (*nonce)[NDP_NONCE_BYTES]);
void ndp_write_advertisement(struct wr *w, const struct ip *target, bool is_solicited, bool is_override, const struct mac *mac);
enum mld_record { MLD_MODE_IS_EXCLUDE = 2, MLD_CHANGE_TO_EXCLUDE = 4 };
void ndp_write_group_report(struct wr *w, const struct ip *group, enum mld_record record);

#endif
