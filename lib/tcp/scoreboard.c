// SPDX-License-Identifier: ISC
#include "lib/tcp/scoreboard.h"

static struct tcp_range range_of(uint32_t end, enum tcp_range_kind kind, uint32_t at)
{
    return (struct tcp_range){ .end = end, .four_ticks = at >> 2 & 0x3fffffff, .kind = (unsigned)kind & 3 };
}
static uint32_t start_of(const struct tcp_scoreboard *b, uint32_t i)
{
    return i == 0 ? b->una : AT(b->range, i - 1).end;
}
/* The first range that ends behind seq; num: none. */
static uint32_t find(const struct tcp_scoreboard *b, uint32_t seq)
{
    uint32_t i = 0;
    while (i < b->num && seq_leq(AT(b->range, i).end, seq))
        i++;
    return i;
}
static bool is_boundary(const struct tcp_scoreboard *b, uint32_t seq)
{
    return seq == start_of(b, find(b, seq));
}
static void insert(struct tcp_scoreboard *b, uint32_t i, struct tcp_range r)
{
    for (uint32_t k = b->num++; k > i; k--)
        AT(b->range, k) = AT(b->range, k - 1);
    AT(b->range, i) = r;
}
static void remove_some(struct tcp_scoreboard *b, uint32_t i, uint32_t n)
{
    b->num -= n;
    for (uint32_t k = i; n > 0 && k < b->num; k++)
        AT(b->range, k) = AT(b->range, k + n);
}
/* Makes seq a boundary; what is behind the last range becomes part of it. */
static void split(struct tcp_scoreboard *b, uint32_t seq)
{
    uint32_t i = find(b, seq);
    if (seq == start_of(b, i))
        return;
    struct tcp_range r = i < b->num ? AT(b->range, i) : range_of(seq, TCP_RANGE_SENT, 0);
    r.end = seq;
    insert(b, i, r);
}
static void merge_with_next(struct tcp_scoreboard *b, uint32_t i)
{
    if (i + 1 >= b->num)
        return;
    struct tcp_range *r = &AT(b->range, i), *next = &AT(b->range, i + 1);
    if (r->kind == next->kind && r->four_ticks == next->four_ticks)
        remove_some(b, i, 1);
}
static void count(struct tcp_scoreboard *b)
{
    while (b->num > 0 && AT(b->range, b->num - 1).kind == TCP_RANGE_SENT)
        b->num--;
    b->sacked = b->lost = 0;
    for (uint32_t i = 0; i < b->num; i++) {
        uint32_t bytes = AT(b->range, i).end - start_of(b, i);
        b->sacked += AT(b->range, i).kind == TCP_RANGE_SACKED ? bytes : 0;
        b->lost += AT(b->range, i).kind == TCP_RANGE_LOST ? bytes : 0;
    }
}

bool tcp_scoreboard_has_room(const struct tcp_scoreboard *b, uint32_t left, uint32_t right)
{
    uint32_t num_new = b->num == 0 ? 2 : (uint32_t)!is_boundary(b, left) + !is_boundary(b, right);
    return b->num + num_new <= b->range.n;
}
void tcp_scoreboard_mark(struct tcp_scoreboard *b, uint32_t una, uint32_t left, uint32_t right, enum tcp_range_kind kind,
                         uint32_t at)
{
    if (b->num == 0)
        b->una = una;
    if (!tcp_scoreboard_has_room(b, left, right))
        return;
    split(b, left);
    split(b, right);
    uint32_t first = find(b, left), behind = find(b, right);
    remove_some(b, first, behind - first - 1);
    AT(b->range, first) = range_of(right, kind, at);
    merge_with_next(b, first);
    if (first > 0)
        merge_with_next(b, first - 1);
    count(b);
}

void tcp_scoreboard_acked(struct tcp_scoreboard *b, uint32_t una)
{
    if (b->num == 0)
        return;
    remove_some(b, 0, find(b, una));
    b->una = una;
    count(b);
}
/* kinds: a set, by bits. */
static void turn(struct tcp_scoreboard *b, unsigned kinds, enum tcp_range_kind into)
{
    for (uint32_t i = b->num; i > 0; i--) {
        if (kinds >> AT(b->range, i - 1).kind & 1)
            AT(b->range, i - 1) = range_of(AT(b->range, i - 1).end, into, 0);
        merge_with_next(b, i - 1);
    }
    count(b);
}
void tcp_scoreboard_lose(struct tcp_scoreboard *b, uint32_t una, uint32_t max)
{
    if (b->num == 0 || b->num == b->range.n || AT(b->range, 0).kind == TCP_RANGE_SACKED) {
        tcp_scoreboard_clear(b);
        b->una = una;
    }
    if (start_of(b, b->num) != max)
        insert(b, b->num, range_of(max, TCP_RANGE_LOST, 0));
    turn(b, ~(1u << TCP_RANGE_SACKED), TCP_RANGE_LOST);
}
void tcp_scoreboard_unlose(struct tcp_scoreboard *b)
{
    turn(b, 1u << TCP_RANGE_LOST, TCP_RANGE_SENT);
}
void tcp_scoreboard_clear(struct tcp_scoreboard *b)
{
    b->num = b->sacked = b->lost = 0;
}

struct tcp_piece tcp_scoreboard_at(const struct tcp_scoreboard *b, uint32_t seq, uint32_t max)
{
    uint32_t i = find(b, seq);
    if (i == b->num)
        return (struct tcp_piece){ seq, max, 0, TCP_RANGE_SENT };
    const struct tcp_range *r = &AT(b->range, i);
    return (struct tcp_piece){ seq, seq_min(r->end, max), (uint32_t)r->four_ticks << 2 | TCP_RESENT_AT_BITS, r->kind };
}
bool tcp_scoreboard_first_lost(const struct tcp_scoreboard *b, struct tcp_piece *lost)
{
    for (uint32_t i = 0; b->lost > 0 && i < b->num; i++) {
        if (AT(b->range, i).kind != TCP_RANGE_LOST)
            continue;
        *lost = (struct tcp_piece){ start_of(b, i), AT(b->range, i).end, 0, TCP_RANGE_LOST };
        return true;
    }
    return false;
}
uint32_t tcp_scoreboard_highest_sacked(const struct tcp_scoreboard *b, uint32_t una)
{
    for (uint32_t i = b->sacked > 0 ? b->num : 0; i > 0; i--)
        if (AT(b->range, i - 1).kind == TCP_RANGE_SACKED)
            return AT(b->range, i - 1).end;
    return una;
}
