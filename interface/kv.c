// SPDX-License-Identifier: ISC
#include "interface/kv.h"

static bool is_segment(struct span s)
{
    return s.n > 0 && !span_eq(s, TEXT(".")) && !span_eq(s, TEXT(".."));
}
bool kv_key_is_valid(struct span key)
{
    for (;;) {
        size_t slash = span_find(key, '/');
        if (!is_segment(span_first(key, slash)))
            return false;
        if (slash == key.n)
            return true;
        key = span_skip(key, slash + 1);
    }
}
