// SPDX-License-Identifier: ISC
#include "cli/json.h"

static void quoted(FILE *to, const char *s)
{
    struct span all = span_of_str(s);
    fputc('"', to);
    for (size_t i = 0; i < all.n; i++) {
        uint8_t c = span_at(all, i);
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < ' ')
            fprintf(to, "\\u%04x", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
}

static void begin(struct json *j, const char *key)
{
    if (j->depth > 0)
        fprintf(j->to, "%s\n%*s", j->has_element ? "," : "", (int)(2 * j->depth), "");
    j->has_element = true;
    if (!key)
        return;
    quoted(j->to, key);
    fputs(": ", j->to);
}

void json_open(struct json *j, const char *key, char bracket)
{
    begin(j, key);
    fputc(bracket, j->to);
    j->depth++;
    j->has_element = false;
}

void json_close(struct json *j, char bracket)
{
    j->depth--;
    if (j->has_element)
        fprintf(j->to, "\n%*s", (int)(2 * j->depth), "");
    fputc(bracket, j->to);
    j->has_element = true;
    if (j->depth == 0)
        fputc('\n', j->to);
}

void json_string(struct json *j, const char *key, const char *value)
{
    begin(j, key);
    if (value)
        quoted(j->to, value);
    else
        fputs("null", j->to);
}

void json_number(struct json *j, const char *key, unsigned long long value)
{
    begin(j, key);
    fprintf(j->to, "%llu", value);
}

void json_bool(struct json *j, const char *key, bool value)
{
    begin(j, key);
    fputs(value ? "true" : "false", j->to);
}

void json_words(struct json *j, const char *key, const struct words *words)
{
    json_open(j, key, '[');
    for (size_t i = 0; i < words->n; i++)
        json_string(j, NULL, AT(*words, i));
    json_close(j, ']');
}
