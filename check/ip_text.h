// SPDX-License-Identifier: ISC
/* ip_text.h - for tests: addresses as they are written. */
#ifndef CHECK_IP_TEXT_H
#define CHECK_IP_TEXT_H
#include "interface/address.h"
#include <stdlib.h>

static inline struct ip ip(const char *text)
{
    struct ip a;
    if (ip_parse(span_of_str(text), &a) != WIRE_OK)
        abort();
    return a;
}
static inline struct ip_prefix prefix(const char *text)
{
    struct ip_prefix p;
    if (ip_prefix_parse(span_of_str(text), &p) != WIRE_OK)
        abort();
    return p;
}
#define IP(text) (&(struct ip[]){ ip(text) }[0])

#endif
