// SPDX-License-Identifier: ISC
/* fast_open_option.c - see fast_open_option.h. */
#include "lib/tcp/fast_open_option.h"
#include "base/checked.h"
#include "lib/tcp/segment.h"

enum { OPTION_NOP = 1, OPTION_FAST_OPEN = 34, OPTION_EXPERIMENT = 254 };
enum { MAGIC = 0xf989, MAGIC_BYTES = 2, KIND_AND_LENGTH_BYTES = 2 };

static bool is_length_of_cookie(size_t n)
{
    return n == 0 || (n >= TCP_COOKIE_BYTES_MIN && n <= TCP_COOKIE_BYTES_MAX && n % 2 == 0);
}
static void take(enum tcp_cookie_form form, struct span value, struct tcp_cookie *out)
{
    if (!is_length_of_cookie(value.n))
        return;
    *out = (struct tcp_cookie){ .form = (uint8_t)form, .num_bytes = (uint8_t)value.n };
    (void)span_copy(MSPAN(out->bytes), value);
}

void tcp_cookie_decode(struct span header, struct tcp_cookie *out)
{
    size_t header_bytes = header.n < TCP_HEADER_BYTES_MIN ? 0 : (size_t)(span_at(header, 12) >> 4) * 4;
    struct cur c = cur_of(span_skip(span_first(header, header_bytes), TCP_HEADER_BYTES_MIN));
    *out = (struct tcp_cookie){ 0 };
    struct span value;
    for (uint8_t kind; tcp_option_next(&c, &kind, &value);) {
        if (kind == OPTION_FAST_OPEN)
            take(TCP_COOKIE_KIND_34, value, out);
        else if (kind == OPTION_EXPERIMENT && value.n >= MAGIC_BYTES && span_u16(value, 0) == MAGIC)
            take(TCP_COOKIE_EXPERIMENTAL, span_skip(value, MAGIC_BYTES), out);
    }
}

size_t tcp_cookie_append(const struct tcp_cookie *cookie, struct mspan room, size_t header_bytes)
{
    size_t magic_bytes = cookie->form == TCP_COOKIE_EXPERIMENTAL ? MAGIC_BYTES : 0;
    size_t option_bytes = KIND_AND_LENGTH_BYTES + magic_bytes + cookie->num_bytes;
    struct wr w = wr_of(mspan_skip(room, header_bytes));
    wr_u8(&w, magic_bytes ? OPTION_EXPERIMENT : OPTION_FAST_OPEN);
    wr_u8(&w, (uint8_t)option_bytes);
    if (magic_bytes)
        wr_u16(&w, MAGIC);
    wr_bytes(&w, span_first(SPAN(cookie->bytes), cookie->num_bytes));
    for (size_t at = option_bytes; at % 4 != 0; at++)
        wr_u8(&w, OPTION_NOP);
    size_t all = header_bytes + wr_len(&w);
    if (wr_len(&w) > 0)
        mspan_put(room, 12, (uint8_t)(all / 4 << 4));
    return all;
}
