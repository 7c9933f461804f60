// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "lib/json/json.h"

/* Each value in a value is a text of its own, lies in it, and behind the last one nothing is left but what closes. */
static size_t look_into(const struct json *v)
{
    struct span name;
    struct json value, alone;
    size_t num = 0, num_bytes = 0;
    for (struct json_items i = json_items(v); json_next(&i, &name, &value); num++) {
        num_bytes += value.text.n + name.n + 1;
        CHECK(value.kind != JSON_NONE && num_bytes < v->text.n);
        CHECK(json_read(value.text, &alone) == WIRE_OK && alone.kind == value.kind && span_eq(alone.text, value.text));
        CHECK(name.n == 0 || json_member(v, name).kind != JSON_NONE);
    }
    return num;
}

/* What is refused is nothing; what is read begins and ends where its value does, and its numbers are read again as they are written. */
PROPERTY(prop_json_read, 96)
{
    struct json v, again;
    uint64_t number;
    uint8_t out[32];
    enum wire_err e = json_read(in, &v);
    CHECK((e == WIRE_OK) == (v.kind != JSON_NONE) && v.text.n <= in.n);
    if (e != WIRE_OK) {
        CHECK(v.text.n == 0);
        return;
    }
    CHECK(json_read(v.text, &again) == WIRE_OK && again.kind == v.kind && span_eq(again.text, v.text));
    CHECK(look_into(&v) == 0 || v.kind == JSON_ARRAY || v.kind == JSON_OBJECT);
    CHECK(json_read(span_first(v.text, v.text.n - 1), &again) != WIRE_OK || v.kind == JSON_NUMBER);
    if (json_u64(&v, &number) && number <= INT64_MAX) {
        struct json_writer w = json_writer(MSPAN(out));
        json_put_int(&w, (struct span){ 0 }, (int64_t)number);
        CHECK(span_eq(wr_done(&w.w), v.text));
    }
}
