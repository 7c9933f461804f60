// SPDX-License-Identifier: ISC
/* kv-ro.c - reads a value from a read-only store and compares it with what it should be. */
#include "kv-ro.h"
#include "runtime/log.h"

err kv_ro_main(struct kv *secrets)
{
    uint8_t bytes[16];
    size_t n;

    TRY(kv_read(secrets, TEXT("secret"), 0, MSPAN(bytes), &n));
    bool is_same = span_eq(span_first(SPAN(bytes), n), TEXT("foo\n"));
    print("the secret is %s\n", is_same ? "as expected" : "another one");
    return is_same ? OK : E_INVALID;
}
