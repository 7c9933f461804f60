// SPDX-License-Identifier: ISC
/* write.c - values one behind the other, without blanks. */
#include "lib/json/json.h"

static void before_value(struct json_writer *j, struct span name)
{
    if (j->is_behind_value)
        wr_u8(&j->w, ',');
    j->is_behind_value = true;
    if (name.n == 0)
        return;
    wr_u8(&j->w, '"');
    wr_bytes(&j->w, name);
    wr_bytes(&j->w, TEXT("\":"));
}

void json_begin(struct json_writer *j, struct span name, uint8_t bracket)
{
    before_value(j, name);
    wr_u8(&j->w, bracket);
    j->is_behind_value = false;
}

void json_end(struct json_writer *j, uint8_t bracket)
{
    wr_u8(&j->w, bracket);
    j->is_behind_value = true;
}

void json_put_int(struct json_writer *j, struct span name, int64_t v)
{
    before_value(j, name);
    if (v < 0)
        wr_u8(&j->w, '-');
    wr_dec(&j->w, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void json_put_micro(struct json_writer *j, struct span name, uint64_t millionths)
{
    before_value(j, name);
    wr_dec(&j->w, millionths / 1000000);
    wr_u8(&j->w, '.');
    for (unsigned unit = 100000; unit > 0; unit /= 10)
        wr_u8(&j->w, (uint8_t)('0' + millionths / unit % 10));
}

void json_put_true(struct json_writer *j, struct span name)
{
    before_value(j, name);
    wr_bytes(&j->w, TEXT("true"));
}
