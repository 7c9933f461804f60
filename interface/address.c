// SPDX-License-Identifier: ISC
/* address.c - the text forms of addresses: IPv4 dotted decimal, IPv6 as in RFC 4291 section 2.2 when read and
 * RFC 5952 section 4 when written. No zone identifiers (RFC 4007). */
#include "interface/address.h"

enum { V6_GROUPS = 8, NO_GAP = -1 };

static bool next_is(struct cur *c, uint8_t byte)
{
    if (!cur_more(c) || span_at(c->left, 0) != byte)
        return false;
    (void)cur_u8(c);
    return true;
}
/* Consumes a digit of the base, if one is next. */
static bool next_digit(struct cur *c, uint32_t base, uint32_t *digit)
{
    if (!cur_more(c))
        return false;
    uint8_t byte = span_at(c->left, 0);
    if (byte >= '0' && byte <= '9')
        *digit = byte - (uint32_t)'0';
    else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')
        *digit = (byte | 0x20u) - 'a' + 10;
    else
        return false;
    if (*digit >= base)
        return false;
    (void)cur_u8(c);
    return true;
}
/* A decimal number without leading zeros. */
static uint32_t number(struct cur *c, uint32_t max)
{
    uint32_t v = 0, digit = 0, num_digits = 0;
    cur_want(c, cur_more(c), WIRE_SHORT);
    while (v <= max && next_digit(c, 10, &digit)) {
        cur_want(c, num_digits == 0 || v > 0, WIRE_BAD_VALUE);
        v = v * 10 + digit;
        num_digits++;
    }
    cur_want(c, num_digits > 0 && v <= max, WIRE_BAD_VALUE);
    return v;
}
static uint32_t v4_number(struct cur *c)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        if (i > 0) {
            cur_want(c, cur_more(c), WIRE_SHORT);
            cur_want(c, next_is(c, '.'), WIRE_BAD_VALUE);
        }
        v = v << 8 | number(c, 255);
    }
    return v;
}
static uint16_t v6_group(struct cur *c)
{
    uint32_t v = 0, digit = 0, num_digits = 0;
    cur_want(c, cur_more(c), WIRE_SHORT);
    while (num_digits < 4 && next_digit(c, 16, &digit)) {
        v = v << 4 | digit;
        num_digits++;
    }
    cur_want(c, num_digits > 0, WIRE_BAD_VALUE);
    return (uint16_t)v;
}

struct v6 {
    uint16_t group[V6_GROUPS];
    int num, gap;           /* "::" stands before this group */
};
static void v6_add(struct v6 *v6, uint32_t group)
{
    if (v6->num < V6_GROUPS)
        v6->group[v6->num++] = (uint16_t)group;
}
/* RFC 4291 section 2.2, form 3: the last two groups as an IPv4 address. */
static bool v6_ends_in_v4(const struct v6 *v6, struct span left)
{
    return v6->num <= V6_GROUPS - 2 && span_find(left, '.') < left.n && span_find(left, ':') == left.n;
}
static struct v6 v6_groups(struct cur *c)
{
    struct v6 v6 = { .gap = NO_GAP };
    if (span_starts(c->left, TEXT("::"))) {
        (void)cur_bytes(c, 2);
        v6.gap = 0;
        if (!cur_more(c))
            return v6;
    }
    while (v6.num < V6_GROUPS) {
        if (v6_ends_in_v4(&v6, c->left)) {
            uint32_t v4 = v4_number(c);
            v6_add(&v6, v4 >> 16);
            v6_add(&v6, v4 & 0xffff);
            break;
        }
        v6_add(&v6, v6_group(c));
        if (!cur_more(c))
            break;
        cur_want(c, v6.num < V6_GROUPS && next_is(c, ':'), WIRE_BAD_VALUE);
        if (v6.gap == NO_GAP && next_is(c, ':')) {
            v6.gap = v6.num;
            if (!cur_more(c))
                break;
        }
    }
    return v6;
}
static struct ip v6_parse(struct cur *c)
{
    struct v6 v6 = v6_groups(c);
    struct ip ip = { 0 };
    cur_want(c, v6.num == V6_GROUPS || v6.gap != NO_GAP, WIRE_SHORT);
    cur_want(c, v6.num < V6_GROUPS || v6.gap == NO_GAP, WIRE_BAD_VALUE);
    if (c->err != WIRE_OK)
        return ip;
    int head = v6.gap == NO_GAP ? V6_GROUPS : v6.gap, skipped = V6_GROUPS - v6.num;
    for (int i = 0; i < v6.num; i++)
        mspan_u16(MSPAN(ip.byte), 2 * (size_t)(i < head ? i : i + skipped), v6.group[i]);
    return ip;
}
static struct ip address(struct cur *c)
{
    return span_find(c->left, ':') < c->left.n ? v6_parse(c) : ip_from_v4(v4_number(c));
}
/* What follows is wrong, rather than too much: the text has one form. */
static enum wire_err end(struct cur *c)
{
    cur_want(c, !cur_more(c), WIRE_BAD_VALUE);
    return cur_end(c);
}

enum wire_err ip_parse(struct span text, struct ip *out)
{
    struct cur c = cur_of(text);
    struct ip ip = address(&c);
    enum wire_err e = end(&c);
    *out = e == WIRE_OK ? ip : (struct ip){ 0 };
    return e;
}
enum wire_err ip_prefix_parse(struct span text, struct ip_prefix *out)
{
    struct cur c = cur_of(text);
    struct cur of_address = cur_of(cur_bytes(&c, span_find(text, '/')));
    struct ip_prefix prefix = { .ip = address(&of_address) };
    enum wire_err e = end(&of_address);
    cur_want(&c, e == WIRE_OK, e);
    cur_want(&c, cur_more(&c), WIRE_SHORT);
    (void)cur_u8(&c);
    prefix.length = (uint8_t)number(&c, ip_is_v4(&prefix.ip) ? 32 : 128);
    e = end(&c);
    *out = e == WIRE_OK ? prefix : (struct ip_prefix){ 0 };
    return e;
}

static void write_hex(struct wr *w, uint32_t v, unsigned min_digits)
{
    static const char digits[] = "0123456789abcdef";
    unsigned num = min_digits;
    while (num < 8 && v >> (4 * num) != 0)
        num++;
    while (num > 0)
        wr_u8(w, (uint8_t)digits[v >> (4 * --num) & 15]);
}
static void v4_write(struct wr *w, uint32_t v4)
{
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            wr_u8(w, '.');
        wr_dec(w, v4 >> (24 - 8 * i) & 255);
    }
}
struct run {
    size_t from, num;
};
/* RFC 5952 section 4.2: the longest run of zero groups, the first of several, none of a single group. */
static struct run longest_zeros(struct span groups)
{
    struct run best = { .num = 1 }, here = { 0 };
    for (size_t i = 0; i < V6_GROUPS; i++) {
        here = span_u16(groups, 2 * i) == 0 ? (struct run){ here.from, here.num + 1 } : (struct run){ .from = i + 1 };
        if (here.num > best.num)
            best = here;
    }
    return best.num > 1 ? best : (struct run){ .from = V6_GROUPS };
}
static void v6_write(struct wr *w, struct span groups)
{
    struct run zeros = longest_zeros(groups);
    for (size_t i = 0; i < V6_GROUPS; i++) {
        if (i == zeros.from) {
            wr_bytes(w, TEXT("::"));
            i += zeros.num - 1;
            continue;
        }
        if (i > 0 && i != zeros.from + zeros.num)
            wr_u8(w, ':');
        write_hex(w, span_u16(groups, 2 * i), 1);
    }
}
void ip_write(struct wr *w, const struct ip *ip)
{
    if (ip_is_v4(ip))
        v4_write(w, ip_v4(ip));
    else
        v6_write(w, SPAN(ip->byte));
}
void endpoint_write(struct wr *w, const struct endpoint *e)
{
    bool bare = ip_is_v4(&e->ip);
    if (!bare)
        wr_u8(w, '[');
    ip_write(w, &e->ip);
    if (!bare)
        wr_u8(w, ']');
    wr_u8(w, ':');
    wr_dec(w, e->port);
}
void mac_write(struct wr *w, const struct mac *mac)
{
    for (size_t i = 0; i < sizeof mac->byte; i++) {
        if (i > 0)
            wr_u8(w, ':');
        write_hex(w, mac->byte[i], 2);
    }
}
