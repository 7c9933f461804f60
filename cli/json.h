// SPDX-License-Identifier: ISC
/* json.h - writes JSON (RFC 8259), indented by two blanks. The writer knows where commas go:
 *
 *     json_open(j, NULL, '{');  json_string(j, "name", "hello");  json_close(j, '}');
 *
 * A key of NULL is an element of an array, or the whole. */
#ifndef CLI_JSON_H
#define CLI_JSON_H
#include "cli/say.h"
#include <stdio.h>

struct json {
    FILE *to;
    unsigned depth;
    bool has_element;               /* the object or array that is open has one */
};
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);
void json_string(struct json *j, const char *key, const char *value);       /* NULL: null */
void json_number(struct json *j, const char *key, unsigned long long value);
void json_bool(struct json *j, const char *key, bool value);
void json_words(struct json *j, const char *key, const struct words *words);

#endif
