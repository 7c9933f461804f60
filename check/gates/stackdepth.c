// SPDX-License-Identifier: ISC
/* stackdepth.c - how deep the stack of each fiber can get, from the call graphs that gcc writes beside its
 * objects (-fcallgraph-info=su).
 *
 *   stackdepth [-l LIST]... [-m BYTES] [-v] [-r FOLDER] [-p PREFIX] [-s SOURCE]... [-e FUNCTION]... FILE.ci...
 *
 * Sources and graphs that are not here are looked for in FOLDER (-r); where a graph names a file PREFIX/FILE (-p), that is FILE.
 *
 * Prints "BYTES FUNCTION" for each function that starts a fiber (found in the sources, or -e), deepest
 * first, with -v the calls on the way (without what ends everything), and last "worst BYTES". A call through a pointer is taken to reach
 * every function that a source (-s) stores in the member called; LIST says the rest:
 *
 *   leaf FUNCTION BYTES REASON             bound of a function that has no call graph
 *   call WHERE NAME FUNCTION,... REASON    what a pointer named NAME reaches in a file, or in a function, which
 *                                          stands as FILE:FUNCTION where it is static; "entries": all fibers'
 *                                          functions; "stored": what the sources store; "others": of that, what
 *                                          is not of the caller's own folder; "none"
 *   last FUNCTION TIMES REASON             never returns; its depth is added so often to every fiber's instead
 *
 * Status 1, with a line on standard error for each reason: a cycle, a frame without a bound, a call that
 * cannot be resolved, a function without a graph, more than BYTES (-m). */
#include "check/gates/sources.h"
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum state { UNSEEN, ON_THE_WAY, KNOWN };

struct call {
    struct function *to;    /* NULL: through a pointer */
    const char *site;
    struct call *next;
};
struct function {
    const char *name, *file;
    long frame_bytes;       /* -1: no graph has it */
    bool has_no_bound, is_last;
    struct call *calls;
    enum state state;
    long depth_bytes;
    struct function *deepest;
};
struct rule {
    char kind[8], where[256], what[256], reach[1024];
};

static void *functions;     /* a tree (tsearch) by name */
static struct function **all;
static size_t num_all;
static struct rule *rules;
static size_t num_rules;
static struct sources sources;
static struct function **entries;
static size_t num_entries;
static bool failed;
static const char *prefix = "";         /* that names of files lose */

#define FAIL(...) (fprintf(stderr, __VA_ARGS__), fputc('\n', stderr), failed = true)

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct function *)a)->name, ((const struct function *)b)->name);
}
static struct function *find(const char *name)
{
    struct function key = { .name = name };
    struct function **at = tfind(&key, &functions, by_name);
    return at ? *at : NULL;
}
static struct function *function(const char *name)
{
    struct function *f = find(name);
    if (f)
        return f;
    f = must(calloc(1, sizeof *f));
    all = must(realloc(all, (num_all + 1) * sizeof *all));
    all[num_all++] = f;
    f->name = must(strdup(name));
    f->frame_bytes = -1;
    must(tsearch(f, &functions, by_name));
    return f;
}
/* A static function of a header carries the name of the source that was compiled. */
static struct function *find_of_header(const char *name, const char *file)
{
    for (size_t i = 0; i < num_all; i++) {
        const char *own = strrchr(all[i]->name, ':');
        if (own && strcmp(own + 1, name) == 0 && all[i]->file && strcmp(all[i]->file, file) == 0)
            return all[i];
    }
    return NULL;
}
/* A name as a source writes it: static functions carry their file in the graphs. */
static struct function *find_in(const char *name, const char *file)
{
    char qualified[4096];
    size_t n = strlen(file);
    snprintf(qualified, sizeof qualified, "%s:%s", file, name);
    struct function *f = find(qualified);
    if (!f && n > 2 && strcmp(file + n - 2, ".h") == 0)
        f = find_of_header(name, file);
    return f ? f : find(name);
}

/* ---- Reading */

static char *quoted(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    const char *end = at ? strchr(at + strlen(key), '"') : NULL;
    return end ? must(strndup(at + strlen(key), (size_t)(end - at) - strlen(key))) : NULL;
}
static const char *plain_name(const char *file)
{
    size_t n = strlen(prefix);
    if (n > 0 && strncmp(file, prefix, n) == 0 && file[n] == '/')
        file += n + 1;
    return strncmp(file, "./", 2) == 0 ? file + 2 : file;
}
/* "name\nfile:line:column\n48 bytes (dynamic,bounded)" */
static void read_frame(struct function *f, const char *label)
{
    const char *at = strstr(label, " bytes (");
    if (!at)
        return;
    const char *place = strstr(label, "\\n");
    if (place && !f->file) {
        place = plain_name(place + 2);
        f->file = must(strndup(place, strcspn(place, ":")));
    }
    const char *digits = at;
    while (digits > label && digits[-1] >= '0' && digits[-1] <= '9')
        digits--;
    long bytes = atol(digits);
    if (bytes > f->frame_bytes)
        f->frame_bytes = bytes;
    f->has_no_bound |= strncmp(at, " bytes (dynamic)", 16) == 0;
}
static void read_graph(const char *name)
{
    char *line = NULL;
    size_t room = 0;
    FILE *file = must(sources_open(name));
    while (getline(&line, &room, file) >= 0) {
        char *title = quoted(line, "title: \""), *label = quoted(line, "label: \"");
        char *from = quoted(line, "sourcename: \""), *to = quoted(line, "targetname: \"");
        if (strncmp(line, "node:", 5) == 0 && title && label) {
            read_frame(function(title), label);
        } else if (strncmp(line, "edge:", 5) == 0 && from && to) {
            struct function *f = function(from);
            struct call *call = must(calloc(1, sizeof *call));
            const char *site = label ? plain_name(label) : "?";
            *call = (struct call){ strcmp(to, "__indirect_call") ? function(to) : NULL, must(strdup(site)), f->calls };
            f->calls = call;
        }
        free(title), free(label), free(from), free(to);
    }
    free(line);
    fclose(file);
}
static void read_list(const char *name)
{
    char *line = NULL;
    size_t room = 0;
    FILE *file = must(fopen(name, "r"));
    while (getline(&line, &room, file) >= 0) {
        struct rule r = { 0 };
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%7s %255s %255s %1023s", r.kind, r.where, r.what, r.reach) != 4)
            FAIL("%s: what is this, and why: %s", name, line);
        rules = must(realloc(rules, (num_rules + 1) * sizeof *rules));
        rules[num_rules++] = r;
        if (strcmp(r.kind, "leaf") == 0 && function(r.where)->frame_bytes < 0)
            function(r.where)->frame_bytes = atol(r.what);
        if (strcmp(r.kind, "last") == 0)
            function(r.where)->is_last = true;
    }
    free(line);
    fclose(file);
}
static const struct rule *rule(const char *kind, const char *where, const char *what)
{
    for (size_t i = 0; i < num_rules; i++)
        if (strcmp(rules[i].kind, kind) == 0 && strcmp(rules[i].where, where) == 0 && strcmp(rules[i].what, what) == 0)
            return &rules[i];
    return NULL;
}
static void add_entry(struct function *f)
{
    for (size_t i = 0; i < num_entries; i++)
        if (entries[i] == f)
            return;
    entries = must(realloc(entries, (num_entries + 1) * sizeof *entries));
    entries[num_entries++] = f;
}
/* What a source says that a fiber runs: a function of this image, or of another one; a name that the list explains. */
static void add_start(const struct start *s)
{
    struct function *f = find_in(s->function, s->file);
    if (f && f->frame_bytes >= 0)
        add_entry(f);
    if (s->is_plain && (f || sources_declare(&sources, s->function) || rule("call", s->file, s->function)))
        return;
    FAIL("%s: a fiber runs %s that nothing resolves", s->file, s->is_plain ? s->function : "an expression");
}

/* ---- Depth */

static void reach(struct function *from, struct function *to)
{
    struct call *call = must(calloc(1, sizeof *call));
    *call = (struct call){ to, "?", from->calls };
    from->calls = call;
}
static bool is_of_same_folder(const struct function *a, const struct function *b)
{
    const char *end = a->file ? strrchr(a->file, '/') : NULL;
    size_t n = end ? (size_t)(end - a->file) + 1 : 0;
    return n > 0 && b->file && strncmp(a->file, b->file, n) == 0 && !strchr(b->file + n, '/');
}
static bool reach_by_stores(struct function *from, const struct called *call, const char *file, bool only_others)
{
    bool any = false;
    for (size_t i = 0; i < sources.num_stores; i++) {
        const struct store *s = &sources.stores[i];
        if (!sources_may_be(&sources, s, call, file))
            continue;
        struct function *to = find_in(s->function, s->file);
        any = true;
        if (to && to->frame_bytes >= 0 && !(only_others && is_of_same_folder(from, to)))
            reach(from, to);
    }
    return any;
}
static bool reach_by_list(struct function *from, const struct rule *r, const struct called *call, const char *file)
{
    char *names = must(strdup(r->reach)), *rest = names;
    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        for (size_t i = 0; strcmp(name, "entries") == 0 && i < num_entries; i++)
            reach(from, entries[i]);
        if (strcmp(name, "stored") == 0 || strcmp(name, "others") == 0)
            (void)reach_by_stores(from, call, file, name[0] == 'o');
        struct function *to = find_in(name, file);
        if (to)
            reach(from, to);
    }
    free(names);
    return true;
}
/* A rule for the calling function, for its file, or for the file that has the call (a header, say). */
static const struct rule *rule_for(const struct function *from, const char *name, const char *file)
{
    const struct rule *r = rule("call", from->name, name);
    r = r ? r : rule("call", from->file ? from->file : "", name);
    return r ? r : rule("call", file, name);
}
static void resolve(struct function *from, const char *site)
{
    struct called call;
    const char *plain = strncmp(site, "./", 2) == 0 ? site + 2 : site;
    char *file = must(strdup(plain));
    file[strcspn(file, ":")] = 0;
    bool has_name = sources_called(site, 0, &call);
    const struct rule *r = has_name ? rule_for(from, call.name, file) : NULL;
    /* gcc places a call in the arguments of an inlined one there */
    for (unsigned inside = 1; has_name && !r && !call.object[0] && sources_declare(&sources, call.name); inside++) {
        has_name = sources_called(site, inside, &call);
        r = has_name ? rule_for(from, call.name, file) : NULL;
    }
    if (!(r && reach_by_list(from, r, &call, file)) && !(call.object[0] && reach_by_stores(from, &call, file, false)))
        FAIL("%s: in %s: a call through %s that nothing resolves", plain, from->name, has_name ? call.name : "a pointer");
    free(file);
}
static void report_cycle(struct function *f, struct function *to)
{
    FAIL("%s calls %s, which is still active: a cycle", f->name, to->name);
}
static long depth_of(struct function *f)
{
    if (f->state == KNOWN)
        return f->depth_bytes;
    f->state = ON_THE_WAY;
    if (f->frame_bytes < 0)
        FAIL("%s: no call graph has it, and the list gives no bound", f->name);
    if (f->has_no_bound)
        FAIL("%s: its frame has no bound", f->name);
    for (struct call *c = f->calls; c; c = c->next)
        if (!c->to)
            resolve(f, c->site);
    long deepest = 0;
    for (struct call *c = f->calls; c; c = c->next) {
        if (!c->to || c->to->is_last)
            continue;
        if (c->to->state == ON_THE_WAY) {
            report_cycle(f, c->to);
            continue;
        }
        long depth = depth_of(c->to);
        if (depth > deepest)
            deepest = depth, f->deepest = c->to;
    }
    f->state = KNOWN;
    return f->depth_bytes = deepest + (f->frame_bytes > 0 ? f->frame_bytes : 0);
}
/* What the functions that end everything may need on top of any depth. */
static long depth_of_last(void)
{
    long depth = 0;
    for (size_t i = 0; i < num_rules; i++)
        if (strcmp(rules[i].kind, "last") == 0)
            depth += atol(rules[i].what) * depth_of(function(rules[i].where));
    return depth;
}
static int deepest_first(const void *a, const void *b)
{
    long x = (*(struct function *const *)a)->depth_bytes, y = (*(struct function *const *)b)->depth_bytes;
    return (x < y) - (x > y);
}
static void print_entries(bool with_calls, long last)
{
    qsort(entries, num_entries, sizeof *entries, deepest_first);
    for (size_t i = 0; i < num_entries; i++) {
        printf("%ld %s\n", entries[i]->depth_bytes + last, entries[i]->name);
        for (struct function *f = entries[i]; with_calls && f; f = f->deepest)
            printf("    %6ld %s\n", f->frame_bytes, f->name);
    }
}

int main(int argc, char **argv)
{
    long limit_bytes = 0;
    bool with_calls = false;
    const char **extra = must(calloc((size_t)argc, sizeof *extra)), **lists = must(calloc((size_t)argc, sizeof *lists));
    size_t num_extra = 0, num_lists = 0;
    for (int c; (c = getopt(argc, argv, "l:m:s:e:r:p:v")) != -1;) {
        if (c == 'l')
            lists[num_lists++] = optarg;
        else if (c == 'r')
            sources_root = optarg;
        else if (c == 'p')
            prefix = optarg;
        else if (c == 'm')
            limit_bytes = atol(optarg);
        else if (c == 'e')
            extra[num_extra++] = optarg;
        else if (c == 'v')
            with_calls = true;
        else if (c != 's' || !sources_read(&sources, optarg))
            return fprintf(stderr, "usage: stackdepth [-l LIST]... [-m BYTES] [-v] [-r FOLDER] [-p PREFIX] [-s SOURCE]... "
                           "[-e FUNCTION]... FILE.ci...\n"), 2;
    }
    for (int i = optind; i < argc; i++)
        read_graph(argv[i]);
    for (size_t i = 0; i < num_lists; i++)
        read_list(lists[i]);
    for (size_t i = 0; i < sources.num_starts; i++)
        add_start(&sources.starts[i]);
    for (size_t i = 0; i < num_extra; i++) {
        struct function *f = find(extra[i]);
        if (f && f->frame_bytes >= 0)
            add_entry(f);
    }
    long worst = 0, last = depth_of_last();
    for (size_t i = 0; i < num_entries; i++) {
        long depth = depth_of(entries[i]) + last;
        worst = depth > worst ? depth : worst;
    }
    print_entries(with_calls, last);
    printf("worst %ld\n", worst);
    if (limit_bytes > 0 && worst > limit_bytes)
        FAIL("%s needs %ld bytes of stack, it has %ld", entries[0]->name, worst, limit_bytes);
    return failed;
}
