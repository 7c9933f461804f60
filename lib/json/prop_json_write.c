// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "lib/json/json.h"

enum { DEPTH = 4, ROOM = 256 };

static struct json_writer writer;
static uint8_t bracket[DEPTH];
static size_t depth, num_items;

/* Members have names, elements have none. */
static struct span name(void)
{
    num_items += depth == 1;
    return depth > 0 && bracket[depth - 1] == '{' ? TEXT("name") : (struct span){ 0 };
}
static void end(void)
{
    depth--;
    json_end(&writer, bracket[depth] == '{' ? '}' : ']');
}
static void step(uint8_t what, uint32_t number)
{
    switch (what & 7) {
    case 0:
    case 1:
        if (depth == DEPTH)
            return;
        json_begin(&writer, name(), what & 1 ? '{' : '[');
        bracket[depth++] = what & 1 ? '{' : '[';
        break;
    case 2:
        if (depth > 1)
            end();
        break;
    case 3:
        json_put_micro(&writer, name(), number);
        break;
    case 4:
        json_put_true(&writer, name());
        break;
    default:
        json_put_int(&writer, name(), what & 8 ? -(int64_t)number : (int64_t)number);
    }
}

/* Whatever is written is JSON, and of as many values as were put there; what did not fit is not there at all. */
PROPERTY(prop_json_write, 64)
{
    static uint8_t out[ROOM];
    struct cur script = cur_of(in);
    struct json v, value;
    struct span its_name;
    size_t num_read = 0;
    depth = num_items = 0;
    writer = json_writer(mspan_first(MSPAN(out), 16u * (cur_u8(&script) & 15u) + 16u));
    step(cur_u8(&script) & 1, 0);
    while (cur_more(&script))
        step(cur_u8(&script), cur_u16(&script) * 65537u);
    while (depth > 0)
        end();
    struct span text = wr_done(&writer.w);
    if (writer.w.full) {
        CHECK(text.n == 0);
        return;
    }
    enum wire_err e = json_read(text, &v);
    CHECK(e == WIRE_OK && span_eq(v.text, text));
    for (struct json_items i = json_items(&v); json_next(&i, &its_name, &value); num_read++)
        CHECK(its_name.n == (v.kind == JSON_OBJECT ? 4u : 0u));
    CHECK(num_read == num_items);
}
