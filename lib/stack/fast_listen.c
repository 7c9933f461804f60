// SPDX-License-Identifier: ISC
/* fast_listen.c - fast open of ports. */
#include "lib/stack/host.h"
#include "lib/random/random.h"

static bool is_zero(const struct tcp_fast_open_keys *k)
{
    static const uint8_t none[sizeof k->key];
    return span_eq(SPAN(k->key), SPAN(none));
}
/* One for all ports of the stack. */
static struct tcp_fast_open_keys own_keys(struct stack_host *h)
{
    if (is_zero(&h->fast_open_keys))
        random_fill(MSPAN(h->fast_open_keys.key));
    return h->fast_open_keys;
}

err stack_listen_fast(struct stack *s, uint16_t port, const struct stack_fast_open *o)
{
    struct tcp_fast_open_listening as = { .keys = o->keys, .needs_no_cookie = o->cookies == STACK_NO_COOKIES };
    if (!host_is_ours_to_open(s))
        return E_UNSUPPORTED;
    struct stack_host *h = host_of(s)->whole;
    if (!host_listening(h, port))
        return E_INVALID;
    TRY(host_use_fast_open(h));
    if (is_zero(&o->keys))
        as.keys = own_keys(h);
    as.num_pending_max = o->num_pending_max ? o->num_pending_max : STACK_FAST_OPEN_PENDING;
    tcp_fast_open_listen(h->tcp, port, &as);
    return OK;
}
