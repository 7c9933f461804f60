// SPDX-License-Identifier: ISC
/* json.h - JSON (RFC 8259) in place. A text is checked as a whole, once; its values are then spans of it, and nothing is copied. Looking
 * for a member or an element goes through those before it: this is for messages of some kilobytes. */
#ifndef LIB_JSON_JSON_H
#define LIB_JSON_JSON_H
#include "base/cursor.h"
#include "base/writer.h"

#define JSON_DEPTH_MAX 32       /* brackets within brackets; a text with more is refused */

enum json_kind { JSON_NONE, JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {                   /* all zero: no value, in which there is nothing */
    enum json_kind kind;
    struct span text;           /* as it stands in what was read, with its quotation marks or brackets */
};

/* The value of a whole text, blanks around it or not. WIRE_SHORT, WIRE_TRAILING, WIRE_BAD_VALUE: *out is all zero. */
MUST_CHECK enum wire_err json_read(struct span text, struct json *out);
/* The first member of that name, JSON_NONE where there is none or `object` is something else. */
struct json json_member(const struct json *object, struct span name);
/* A whole number in digits alone. False: it is something else, or above UINT64_MAX; *out is 0. */
MUST_CHECK bool json_u64(const struct json *number, uint64_t *out);

/* The members of an object or the elements of an array, one after the other; of anything else there are none.
 *
 *     for (struct json_items i = json_items(&list); json_next(&i, &name, &value);) ... */
struct json_items {
    struct span left;
    bool have_names;
};
struct json_items json_items(const struct json *v);
/* name: what stands between its quotation marks; of an element nothing. */
MUST_CHECK bool json_next(struct json_items *i, struct span *name, struct json *value);

/* ---- Writing. What does not fit makes the writer full; commas come by themselves. Elements, and the whole, have no name (no bytes);
 * names have nothing that needs an escape. */

struct json_writer {
    struct wr w;
    bool is_behind_value;
};
static inline struct json_writer json_writer(struct mspan out)
{
    return (struct json_writer){ .w = wr_of(out) };
}
void json_begin(struct json_writer *j, struct span name, uint8_t bracket);      /* '{' or '[' */
void json_end(struct json_writer *j, uint8_t bracket);                          /* '}' or ']' */
void json_put_int(struct json_writer *j, struct span name, int64_t v);
void json_put_micro(struct json_writer *j, struct span name, uint64_t millionths);      /* 1500 is written 0.001500 */
void json_put_true(struct json_writer *j, struct span name);

#endif
