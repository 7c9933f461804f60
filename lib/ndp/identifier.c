// SPDX-License-Identifier: ISC
/* identifier.c - the second half of addresses that we make: of the station's number (RFC 4291 appendix A), stable and opaque
 * (RFC 7217), or temporary (RFC 8981). The keyed hash is SipHash-2-4. */
#include "base/siphash.h"
#include "lib/ndp/inside.h"

enum { HASH_STABLE = 1, HASH_TEMPORARY = 2, ROUNDS = 2, LAST_ROUNDS = 4, HALF_BYTES = 8 };

static uint64_t half(struct span s)
{
    return (uint64_t)span_u32(s, 0) << 32 | span_u32(s, 4);
}

static uint64_t mac_word(const struct mac *m)
{
    return (uint64_t)span_u16(SPAN(m->byte), 0) << 32 | span_u32(SPAN(m->byte), 2);
}

/* RFC 7217 section 5; the station's number stands for the interface. */
static uint64_t hash(const struct ndp *n, const struct ip *prefix, uint64_t purpose, uint64_t counter)
{
    struct siphash h = siphash_of(purpose == HASH_STABLE ? SPAN(n->cfg.secret) : SPAN(n->cfg.temporary_key), purpose);
    siphash_word(&h, half(SPAN(prefix->byte)), ROUNDS);
    siphash_word(&h, mac_word(&n->cfg.mac), ROUNDS);
    siphash_word(&h, counter, ROUNDS);
    return siphash_end(&h, LAST_ROUNDS);
}

/* RFC 5453: identifiers that are reserved for all prefixes. */
static bool is_reserved(uint64_t id)
{
    return id == 0 || id >> 24 == 0x02005efffe || (id >= 0xfdffffffffffff80 && id <= 0xfdffffffffffffff);
}

static struct ip with_identifier(const struct ip *prefix, uint64_t id)
{
    struct ip a = *prefix;
    mspan_u32(MSPAN(a.byte), HALF_BYTES, (uint32_t)(id >> 32));
    mspan_u32(MSPAN(a.byte), HALF_BYTES + 4, (uint32_t)id);
    return a;
}

struct ip ndp_make_ip(struct ndp *n, const struct ip *prefix, bool is_temporary, uint8_t num_conflicts)
{
    if (!is_temporary && !n->cfg.is_opaque)
        return ipv6_from_mac(prefix, &n->cfg.mac);
    uint64_t id, counter = is_temporary ? ++n->num_temporary : num_conflicts;
    for (;; counter = is_temporary ? ++n->num_temporary : counter + NDP_CONFLICTS_MAX + 1) {
        id = hash(n, prefix, is_temporary ? HASH_TEMPORARY : HASH_STABLE, counter);
        if (!is_reserved(id))
            return with_identifier(prefix, id);
    }
}

void ndp_make_another(struct ndp *n, const struct ndp_address *old, nanos now)
{
    bool can_differ = old->is_temporary || (n->cfg.is_opaque && old->is_made);
    if (!can_differ || old->num_conflicts >= NDP_CONFLICTS_MAX)
        return;
    struct ndp_address was = *old;
    struct ip_prefix p = { ndp_make_ip(n, &was.ip, was.is_temporary, (uint8_t)(was.num_conflicts + 1)), was.prefix_length };
    struct ndp_address *a = ndp_address_add(n, &p, was.preferred_until, was.valid_until, now);
    if (!a)
        return;
    a->is_made = true;
    a->is_autoconfigured = was.is_autoconfigured;
    a->is_temporary = was.is_temporary;
    a->num_conflicts = (uint8_t)(was.num_conflicts + 1);
}

/* ---- Temporary addresses (RFC 8981 section 3.4) */

static bool is_of_prefix(const struct ndp_address *a, const struct ip *prefix)
{
    return a->is_temporary && a->state != NDP_UNUSED && ipv6_common_bits(&a->ip, prefix) >= a->prefix_length;
}

/* Some time before it is not preferred any more another takes its place. */
nanos ndp_temporary_successor_at(const struct ndp_address *a, nanos now)
{
    nanos at = nanos_sub(a->preferred_until, NDP_REGEN_ADVANCE_NS);
    return a->has_successor || now >= at ? NEVER : at;
}

static void make_temporary(struct ndp *n, const struct ndp_prefix_option *p, nanos now)
{
    nanos desync = ndp_random(n, UINT32_MAX) * (NDP_TEMP_DESYNC_NS / UINT32_MAX);
    nanos preferred = nanos_add(now, nanos_min(from_s(p->preferred_s), NDP_TEMP_PREFERRED_NS - desync));
    nanos valid = nanos_add(now, nanos_min(from_s(p->valid_s), NDP_TEMP_VALID_NS));
    if (preferred <= nanos_add(now, NDP_REGEN_ADVANCE_NS))
        return;
    struct ip_prefix address = { ndp_make_ip(n, &p->prefix, true, 0), p->length };
    struct ndp_address *a = ndp_address_add(n, &address, preferred, valid, now);
    if (a)
        a->is_temporary = a->is_made = true;
}

/* Never longer than the prefix, never longer than a temporary address may. */
static void renew(struct ndp *n, struct ndp_address *a, const struct ndp_prefix_option *p, nanos now)
{
    a->valid_until = nanos_min(nanos_add(now, from_s(p->valid_s)), nanos_add(a->made_at, NDP_TEMP_VALID_NS));
    a->preferred_until = nanos_min(a->preferred_until, nanos_add(now, from_s(p->preferred_s)));
    ndp_address_renew(n, a, now);
}

void ndp_temporary_told(struct ndp *n, const struct ndp_prefix_option *p, nanos now)
{
    bool has_one = false;
    for (size_t i = 0; i < NDP_ADDRESSES; i++) {
        struct ndp_address *a = &n->address[i];
        if (!is_of_prefix(a, &p->prefix))
            continue;
        renew(n, a, p, now);
        has_one |= a->state != NDP_DEPRECATED && a->state != NDP_DUPLICATE && !a->has_successor;
    }
    if (!has_one)
        make_temporary(n, p, now);
}

static uint32_t seconds_until(nanos t, nanos now)
{
    return u32_saturate(nanos_sub(t, now) / NS_PER_S);
}

/* The stable address of the prefix knows for how long the prefix lives. */
void ndp_temporary_timer(struct ndp *n, struct ndp_address *a, nanos now)
{
    if (a->has_successor || now < nanos_sub(a->preferred_until, NDP_REGEN_ADVANCE_NS))
        return;
    a->has_successor = true;
    for (size_t i = 0; i < NDP_ADDRESSES; i++) {
        const struct ndp_address *stable = &n->address[i];
        if (!stable->is_autoconfigured || stable->is_temporary || stable->state != NDP_PREFERRED ||
            ipv6_common_bits(&stable->ip, &a->ip) < a->prefix_length)
            continue;
        make_temporary(n, &(struct ndp_prefix_option){ .prefix = a->ip, .length = a->prefix_length,
                                                       .valid_s = seconds_until(stable->valid_until, now),
                                                       .preferred_s = seconds_until(stable->preferred_until, now) }, now);
        return;
    }
}
