// SPDX-License-Identifier: ISC
#include "lib/tcp/sacklist.h"
#include "lib/tcp/seq.h"

static void remove_at(struct tcp_sack_list *l, uint8_t i)
{
    l->num--;
    for (; i < l->num; i++)
        l->block[i] = l->block[i + 1];
}

void tcp_sack_list_add(struct tcp_sack_list *l, uint32_t left, uint32_t right)
{
    for (uint8_t i = l->num; i > 0; i--) {
        struct tcp_sack_block b = l->block[i - 1];
        if (seq_lt(right, b.left) || seq_lt(b.right, left))
            continue;
        left = seq_min(left, b.left);
        right = seq_max(right, b.right);
        remove_at(l, (uint8_t)(i - 1));
    }
    if (l->num < TCP_SACKS_KEPT)
        l->num++;
    for (uint8_t i = l->num; i > 1; i--)
        l->block[i - 1] = l->block[i - 2];
    l->block[0] = (struct tcp_sack_block){ left, right };
}
void tcp_sack_list_advance(struct tcp_sack_list *l, uint32_t rcv_nxt)
{
    for (uint8_t i = l->num; i > 0; i--)
        if (seq_leq(l->block[i - 1].left, rcv_nxt))
            remove_at(l, (uint8_t)(i - 1));
}
void tcp_sack_list_duplicate(struct tcp_sack_list *l, uint32_t left, uint32_t right)
{
    l->duplicate = (struct tcp_sack_block){ left, right };
    l->has_duplicate = true;
}
void tcp_sack_list_clear(struct tcp_sack_list *l)
{
    l->num = 0;
    l->has_duplicate = false;
}

void tcp_sack_list_report(struct tcp_sack_list *l, struct tcp_options *o)
{
    uint8_t most = o->has_timestamps ? TCP_SACK_BLOCKS_MAX - 1 : TCP_SACK_BLOCKS_MAX;
    o->num_sack_blocks = 0;
    if (l->has_duplicate)
        o->sack_block[o->num_sack_blocks++] = l->duplicate;
    for (uint8_t i = 0; i < l->num && o->num_sack_blocks < most; i++)
        o->sack_block[o->num_sack_blocks++] = l->block[i];
    l->has_duplicate = false;
}
