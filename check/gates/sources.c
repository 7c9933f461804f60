// SPDX-License-Identifier: ISC
/* sources.c - a scan of C sources, token by token, for stores of functions (see sources.h). */
#include "check/gates/sources.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS_MAX = 64, NAME_MAX_BYTES = 128 };
enum level_kind { BLOCK, BODY, INITIALISER };

struct tokens {
    char **t;
    size_t n;
};
struct scan {
    struct sources *out;
    const char *file;
    struct tokens tokens;
    size_t i;
    int parens;
    const char *last_struct;
    struct level {
        enum level_kind kind;
        const char *type;
        unsigned position;      /* of the member, or of the initialiser */
    } level[LEVELS_MAX];
    size_t depth;
};

#define GROW(array, n)                                                        \
    do {                                                                      \
        if (((n) & ((n) + 1)) == 0)                                           \
            (array) = must(realloc((array), 2 * ((n) + 1) * sizeof *(array))); \
    } while (0)

void *must(void *p)
{
    if (!p) {
        perror("stackdepth");
        exit(2);
    }
    return p;
}

/* ---- Tokens: names and single characters; "->" is ".", numbers and literals are "0" */

static void skip_comment(FILE *f, int kind)
{
    int c, last = 0;
    while ((c = getc(f)) != EOF && !(kind == '/' && c == '\n') && !(kind == '*' && last == '*' && c == '/'))
        last = c;
}
static void skip_literal(FILE *f, int quote)
{
    int c;
    while ((c = getc(f)) != EOF && c != quote && c != '\n')
        if (c == '\\')
            (void)getc(f);
}
static void take_word(FILE *f, int c, char word[NAME_MAX_BYTES])
{
    size_t n = 0;
    for (; isalnum(c) || c == '_'; c = getc(f))
        if (n < NAME_MAX_BYTES - 1)
            word[n++] = (char)c;
    word[n] = 0;
    ungetc(c, f);
}
static bool next_token(FILE *f, char word[NAME_MAX_BYTES])
{
    int c = getc(f);
    while (c != EOF) {
        int next = getc(f);
        ungetc(next, f);
        if (c == '/' && (next == '/' || next == '*')) {
            getc(f);
            skip_comment(f, next);
        } else if (!isspace(c) && c != '\\') {
            break;
        }
        c = getc(f);
    }
    if (c == EOF)
        return false;
    word[0] = (char)c, word[1] = 0;
    if (isalnum(c) || c == '_') {
        take_word(f, c, word);
    } else if (c == '"' || c == '\'') {
        skip_literal(f, c);
        word[0] = '0';
    } else if (c == '-') {
        int next = getc(f);
        if (next == '>')
            word[0] = '.';
        else
            ungetc(next, f);
    }
    return true;
}
const char *sources_root;

FILE *sources_open(const char *name)
{
    FILE *f = fopen(name, "r");
    char path[8192];
    if (f || !sources_root)
        return f;
    snprintf(path, sizeof path, "%s/%s", sources_root, name);
    return fopen(path, "r");
}
static bool read_tokens(struct tokens *out, const char *name)
{
    char word[NAME_MAX_BYTES];
    FILE *f = sources_open(name);
    *out = (struct tokens){ 0 };
    if (!f)
        return false;
    while (next_token(f, word)) {
        GROW(out->t, out->n);
        out->t[out->n++] = must(strdup(word));
    }
    fclose(f);
    return true;
}

/* ---- The scan */

static const char *token(const struct scan *s, size_t ahead)
{
    return s->i + ahead < s->tokens.n ? s->tokens.t[s->i + ahead] : "";
}
static const char *before(const struct scan *s, size_t back)
{
    return back <= s->i ? s->tokens.t[s->i - back] : "";
}
static bool is(const char *token, const char *what)
{
    return strcmp(token, what) == 0;
}
static bool is_name(const char *token)
{
    return isalpha((unsigned char)token[0]) || token[0] == '_';
}
static void add_start(struct scan *s, const char *function, bool is_plain)
{
    struct sources *o = s->out;
    GROW(o->starts, o->num_starts);
    o->starts[o->num_starts++] = (struct start){ function, s->file, is_plain };
}
static void add_store(struct scan *s, const char *type, const char *member, const char *function)
{
    struct sources *o = s->out;
    GROW(o->stores, o->num_stores);
    o->stores[o->num_stores++] = (struct store){ type, member, s->level[s->depth].position, function, s->file };
    if (member && type && ((is(member, "start") && is(type, "unikernel")) || (is(member, "ready") && is(type, "service")))) {
        add_start(s, function, true);
    }
}
static void open_level(struct scan *s)
{
    struct level up = s->level[s->depth], new = { BLOCK, NULL, 0 };
    if (s->depth + 1 == LEVELS_MAX) {
        fprintf(stderr, "stackdepth: %s: braces too deep\n", s->file);
        exit(2);
    }
    if (is(before(s, 2), "struct") && is_name(before(s, 1)))
        new = (struct level){ BODY, before(s, 1), 0 };
    else if (is(before(s, 1), "=") && up.kind == INITIALISER && !is(before(s, 2), "]"))
        new = (struct level){ INITIALISER, NULL, 0 };      /* a member's own struct */
    else if (up.kind == INITIALISER && !is(before(s, 1), ")"))
        new = (struct level){ INITIALISER, up.type, 0 };        /* an element of an array */
    else if (is(before(s, 1), "=") || (is(before(s, 1), ")") && is(before(s, 3), "struct")))
        new = (struct level){ INITIALISER, s->last_struct, 0 };
    s->level[++s->depth] = new;
}
/* Every name up to the end of the expression that is not called there. */
static void store_names(struct scan *s, size_t ahead, const char *type, const char *member, const char *ends)
{
    int parens = 0;
    for (; s->i + ahead < s->tokens.n; ahead++) {
        const char *t = token(s, ahead);
        if (parens == 0 && (strchr(ends, t[0]) || t[0] == '{' || t[0] == '}'))
            return;
        parens += is(t, "(") - is(t, ")");
        if (is_name(t) && !is(token(s, ahead + 1), "("))
            add_store(s, type, member, t);
    }
}
/* The function that starts fibers, and which of its arguments is what the fiber runs. */
static const struct starter {
    const char *name;
    int argument;
} starters[] = { { "fiber_go", 2 }, { "scheduler_run", 1 } };

/* At file scope, behind a type, the starter itself is declared; a macro that starts a fiber stands there as well. */
static bool is_declaration(const struct scan *s)
{
    return s->depth == 0 && (is_name(before(s, 1)) || is(before(s, 1), "*")) && !is(before(s, 2), "define");
}
static void scan_start(struct scan *s, int argument)
{
    size_t ahead = 2;
    if (is_declaration(s))
        return;
    for (int parens = 1, at = 1; s->i + ahead < s->tokens.n && parens > 0; ahead++) {
        const char *t = token(s, ahead), *next = token(s, ahead + 1);
        if (at == argument) {
            add_start(s, t, is_name(t) && (is(next, ",") || is(next, ")")));
            return;
        }
        parens += is(t, "(") - is(t, ")");
        at += parens == 1 && is(t, ",");
    }
}
/* struct type *const name, as a variable, a member or a parameter */
static void scan_struct(struct scan *s)
{
    size_t ahead = 2;
    s->last_struct = token(s, 1);
    while (is(token(s, ahead), "*") || is(token(s, ahead), "const"))
        ahead++;
    if (!is_name(token(s, ahead)))
        return;
    GROW(s->out->objects, s->out->num_objects);
    s->out->objects[s->out->num_objects++] = (struct object){ token(s, 1), token(s, ahead), s->file };
}
static void scan_token(struct scan *s)
{
    const char *t = token(s, 0);
    struct level *in = &s->level[s->depth];
    s->parens += is(t, "(") - is(t, ")");
    if ((is(t, ",") && s->parens == 0) || (is(t, ";") && in->kind == BODY))
        in->position++;
    if (s->depth == 0 && s->parens == 0 && is_name(t) && is(token(s, 1), "(")) {
        GROW(s->out->functions, s->out->num_functions);
        s->out->functions[s->out->num_functions++] = t;
    }
    if (is(t, "struct") && is_name(token(s, 1)))
        scan_struct(s);
    else if (is(t, "{"))
        open_level(s);
    else if (is(t, "}") && s->depth > 0)
        s->depth--;
    else if (is(t, ";") && in->kind == BLOCK)
        s->last_struct = NULL;
    else if (in->kind == BODY && is(t, "*") && is_name(token(s, 1)) && is(token(s, 2), ")") && is(token(s, 3), "(")) {
        GROW(s->out->members, s->out->num_members);
        s->out->members[s->out->num_members++] = (struct member){ in->type, token(s, 1), s->file, in->position };
    } else if (is(t, ".") && is_name(token(s, 1)) && is(token(s, 2), "=") && !is(token(s, 3), "=")) {
        bool designates = in->kind == INITIALISER && strchr("{,", before(s, 1)[0]);
        store_names(s, 3, designates ? in->type : NULL, token(s, 1), designates ? "," : ";,");
    }
    for (size_t i = 0; i < sizeof starters / sizeof starters[0]; i++)
        if (is(t, starters[i].name) && is(token(s, 1), "("))
            scan_start(s, starters[i].argument);
    in = &s->level[s->depth];
    if (in->kind == INITIALISER && (is(t, "{") || is(t, ",")) && !strchr(".[{", token(s, 1)[0]))
        store_names(s, 1, in->type, NULL, ",");
}
bool sources_read(struct sources *out, const char *name)
{
    struct scan s = { .out = out, .file = name };
    if (!read_tokens(&s.tokens, name))
        return false;
    for (; s.i < s.tokens.n; s.i++)
        scan_token(&s);
    return true;        /* the tokens live as long as the program: stores point to them */
}

/* ---- Questions */

/* By the convention: TRY(f->ops->peek(...)) */
static bool is_macro(const char *name)
{
    size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    return n > 1 && name[n] == 0 && !isdigit((unsigned char)name[0]);
}
/* Behind "(": to its ")". */
static void skip_arguments(FILE *f)
{
    char word[NAME_MAX_BYTES];
    for (int parens = 1; parens > 0 && next_token(f, word);)
        parens += is(word, "(") - is(word, ")");
}
/* Whether the call just read gives what the real call is made through: net_ops(handle)->send( */
static bool goes_on(FILE *f)
{
    char word[NAME_MAX_BYTES];
    long here = ftell(f);
    skip_arguments(f);
    if (next_token(f, word) && is(word, "."))
        return true;
    fseek(f, here, SEEK_SET);
    return false;
}
static void read_called(FILE *f, unsigned inside, struct called *out)
{
    char word[NAME_MAX_BYTES];
    bool has_stepped = inside > 0;
    while (next_token(f, word) && !is(word, ";")) {
        if (is(word, "(") && out->name[0]) {
            if (goes_on(f))
                memcpy(out->object, out->name, sizeof out->object);
            else if (inside-- == 0)
                return;
            else
                *out = (struct called){ 0 };
        } else if (is_macro(word)) {
            (void)next_token(f, word);      /* the call is in its argument */
        } else if (is(word, ".")) {
            memcpy(out->object, out->name, sizeof out->object);
        } else if (is_name(word)) {
            memcpy(out->name, word, sizeof out->name);
        } else if (!strchr("(*)[]0", word[0]) && !isdigit((unsigned char)word[0])) {
            *out = (struct called){ 0 };
            if (!has_stepped)
                return;
        }
    }
    *out = (struct called){ 0 };
}
bool sources_called(const char *site, unsigned inside, struct called *out)
{
    char file[4096], *text = NULL;
    unsigned long line, column;
    size_t room = 0;
    *out = (struct called){ 0 };
    if (sscanf(site, "%4095[^:]:%lu:%lu", file, &line, &column) != 3)
        return false;
    FILE *f = sources_open(file);
    if (!f)
        return false;
    while (--line > 0 && getline(&text, &room, f) >= 0)
        continue;
    free(text);
    fseek(f, (long)column - 1, SEEK_CUR);
    read_called(f, inside, out);
    fclose(f);
    return out->name[0] != 0;
}
bool sources_declare(const struct sources *s, const char *function)
{
    for (size_t i = 0; i < s->num_functions; i++)
        if (is(s->functions[i], function))
            return true;
    return false;
}
static bool is_named_in(const struct sources *s, const char *object, const char *file)
{
    for (size_t i = 0; i < s->num_objects; i++)
        if (is(s->objects[i].name, object) && (!file || is(s->objects[i].file, file)))
            return true;
    return false;
}
/* Whether an object of that name is of the type: as the call's own file declares it, or else any file. */
static bool may_be_of_type(const struct sources *s, const char *object, const char *type, const char *file)
{
    const char *where = is_named_in(s, object, file) ? file : NULL;
    if (!is_named_in(s, object, where))
        return true;
    for (size_t i = 0; i < s->num_objects; i++) {
        const struct object *o = &s->objects[i];
        if (is(o->name, object) && is(o->type, type) && (!where || is(o->file, where)))
            return true;
    }
    return false;
}
static bool is_at(const struct sources *s, const char *type, const char *member, unsigned position)
{
    for (size_t i = 0; i < s->num_members; i++) {
        const struct member *m = &s->members[i];
        if (is(m->type, type) && is(m->member, member) && m->position == position)
            return true;
    }
    return false;
}
bool sources_may_be(const struct sources *s, const struct store *store, const struct called *call, const char *file)
{
    if (store->member ? !is(store->member, call->name) : !store->type || !is_at(s, store->type, call->name, store->position))
        return false;
    return !store->type || may_be_of_type(s, call->object, store->type, file);
}
