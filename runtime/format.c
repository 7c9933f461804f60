// SPDX-License-Identifier: ISC
/* format.c - printf's little sister with a small bounded stack. Text that comes from arguments is escaped:
 * a byte that is no printable ASCII character is written \xNN, so that nobody forges a line of the log or
 * speaks to the operator's terminal. No floating point, no precision but for %.*s. */
#include "base/checked.h"
#include "interface/address.h"
#include "runtime/log.h"

enum { WIDTH_MAX = 64 };

struct spec {                       /* what stands between % and the conversion */
    bool left, zeros, has_precision;
    unsigned width, longs;
    size_t precision;
};
struct formatter {
    struct cur format;
    struct wr *w;
    va_list args;
};

/* Writes what fits; only then the writer is full. So a line can be cut off instead of lost. */
static void put(struct wr *w, struct span s)
{
    size_t n = size_min(s.n, w->room.n);
    wr_bytes(w, span_first(s, n));
    if (n < s.n)
        w->full = true;
}
static void put_byte(struct wr *w, uint8_t byte)
{
    put(w, SPAN_OF(byte));
}
static bool is_plain(uint8_t byte)
{
    return byte >= ' ' && byte <= '~';
}
static uint8_t hex_digit(uint64_t v)
{
    return (uint8_t)"0123456789abcdef"[v & 15];
}
static void put_escaped(struct wr *w, struct span text)
{
    for (size_t i = 0; i < text.n && !w->full; i++) {
        uint8_t byte = span_at(text, i);
        if (is_plain(byte)) {
            put_byte(w, byte);
        } else {
            uint8_t escape[4] = { '\\', 'x', hex_digit(byte >> 4), hex_digit(byte) };
            put(w, SPAN(escape));
        }
    }
}
static size_t escaped_bytes(struct span text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += is_plain(span_at(text, i)) ? 1 : 4;
    return n;
}
static void pad(struct wr *w, uint8_t with, size_t have, size_t width)
{
    for (; have < width; have++)
        put_byte(w, with);
}
static void put_text(struct wr *w, const struct spec *spec, struct span text)
{
    size_t have = spec->width > 0 ? escaped_bytes(text) : 0;
    if (!spec->left)
        pad(w, ' ', have, spec->width);
    put_escaped(w, text);
    if (spec->left)
        pad(w, ' ', have, spec->width);
}
static void put_number(struct wr *w, const struct spec *spec, bool negative, uint64_t v, unsigned base)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = hex_digit(v % base);
        v /= base;
    } while (v > 0);
    size_t have = sizeof digits - at + negative;
    if (!spec->left && !spec->zeros)
        pad(w, ' ', have, spec->width);
    if (negative)
        put_byte(w, '-');
    if (spec->zeros)
        pad(w, '0', have, spec->width);
    put(w, span_skip(SPAN(digits), at));
    if (spec->left)
        pad(w, ' ', have, spec->width);
}

/* ---- Arguments of each length */

static uint64_t next_unsigned(struct formatter *f, const struct spec *spec)
{
    return spec->longs == 0 ? va_arg(f->args, unsigned) :
           spec->longs == 1 ? va_arg(f->args, unsigned long) : va_arg(f->args, unsigned long long);
}
static void put_signed(struct formatter *f, const struct spec *spec)
{
    int64_t v = spec->longs == 0 ? va_arg(f->args, int) :
                spec->longs == 1 ? va_arg(f->args, long) : va_arg(f->args, long long);
    put_number(f->w, spec, v < 0, v < 0 ? -(uint64_t)v : (uint64_t)v, 10);
}
static struct span next_string(struct formatter *f, const struct spec *spec)
{
    const char *s = va_arg(f->args, const char *);
    if (!s)
        return TEXT("(null)");
    if (!spec->has_precision)
        return span_of_str(s);
    struct span bounded = { (const uint8_t *)s, spec->precision };     /* the NUL may be missing */
    return span_first(bounded, span_find(bounded, 0));
}
static void put_ip(struct formatter *f, const struct spec *spec)
{
    uint8_t text[40];
    struct wr w = wr_of(MSPAN(text));
    ip_write(&w, va_arg(f->args, const struct ip *));
    put_text(f->w, spec, wr_done(&w));
}
static void put_pointer(struct formatter *f, const struct spec *spec)
{
    put(f->w, TEXT("0x"));
    put_number(f->w, spec, false, (uintptr_t)va_arg(f->args, void *), 16);
}

/* ---- The format */

static bool next_is(struct cur *c, uint8_t byte)
{
    if (!cur_more(c) || span_at(c->left, 0) != byte)
        return false;
    (void)cur_u8(c);
    return true;
}
static struct spec read_spec(struct formatter *f)
{
    struct cur *c = &f->format;
    struct spec spec = { 0 };
    spec.left = next_is(c, '-');
    spec.zeros = next_is(c, '0') && !spec.left;
    while (cur_more(c) && span_at(c->left, 0) >= '0' && span_at(c->left, 0) <= '9')
        spec.width = u32_min(spec.width * 10 + (unsigned)(cur_u8(c) - '0'), WIDTH_MAX);
    if (next_is(c, '.')) {
        REQUIRE(next_is(c, '*'));
        int precision = va_arg(f->args, int);
        spec.has_precision = true;
        spec.precision = precision > 0 ? (size_t)precision : 0;
    }
    while (next_is(c, 'l'))
        spec.longs++;
    if (next_is(c, 'z'))
        spec.longs = sizeof(size_t) == sizeof(long) ? 1 : 0;
    return spec;
}
static void convert(struct formatter *f)
{
    struct spec spec = read_spec(f);
    uint8_t byte;
    switch (cur_u8(&f->format)) {
    case 's': put_text(f->w, &spec, next_string(f, &spec)); break;
    case 'b': put_text(f->w, &spec, *va_arg(f->args, const struct span *)); break;
    case 'c': byte = (uint8_t)va_arg(f->args, int); put_text(f->w, &spec, SPAN_OF(byte)); break;
    case 'd': put_signed(f, &spec); break;
    case 'u': put_number(f->w, &spec, false, next_unsigned(f, &spec), 10); break;
    case 'x': put_number(f->w, &spec, false, next_unsigned(f, &spec), 16); break;
    case 'p': put_pointer(f, &spec); break;
    case 'I': put_ip(f, &spec); break;
    case '%': put_byte(f->w, '%'); break;
    default: UNREACHABLE("unknown conversion in a format");
    }
}
void format_va(struct wr *w, const char *format, va_list args)
{
    struct formatter f = { .format = cur_of(span_of_str(format)), .w = w };
    va_copy(f.args, args);
    while (cur_more(&f.format)) {
        put(w, cur_bytes(&f.format, span_find(f.format.left, '%')));
        if (next_is(&f.format, '%'))
            convert(&f);
    }
    va_end(f.args);
}
void format(struct wr *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format_va(w, format, args);
    va_end(args);
}
