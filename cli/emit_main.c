// SPDX-License-Identifier: ISC
/* emit_main.c - main.c: the boot arguments, the devices in the order in which they are connected, the job. */
#include "cli/emit.h"
#include "cli/file.h"
#include "cli/keys.h"
#include <ctype.h>

/* ---- The text of a `connect` or a `value`, with what its $words stand for */

static const char *word_value(const struct plan *p, const struct node *d, const char *word)
{
    if (same(word, "out"))
        return d->variable;
    if (same(word, "state") && d->state)
        return text("%s_state", d->variable);
    if (same(word, "name") && d->name)
        return c_literal(d->name);
    if (same(word, "files") && d->files)
        return text("%s_files", identifier(d->files));
    for (size_t i = 0; i < d->needs.n; i++)
        if (same(word, text("%zu", i + 1)))
            return AT(d->needed, i)->variable;
    for (size_t i = 0; i < d->args.n; i++)
        if (same(word, text("arg%zu", i + 1)))
            word = identifier(AT(d->args, i));
    for (size_t i = 0; i < p->args.n; i++)
        if (words_have(&d->args, AT(p->args, i)->name) && same(word, identifier(AT(p->args, i)->name)))
            return boot_arg_value(AT(p->args, i));
    for (size_t i = 0; i < p->graph->keys.n; i++) {
        const struct key *k = &AT(p->graph->keys, i);
        if (words_have(&d->keys, k->name) && same(word, identifier(k->name)))
            return key_literal(k, choices_key(p->choices, p->graph, k->name));
    }
    fail("%sdevice %s: $%s in its .connect or .value is neither out, state, name, files, the number of a device that it needs, "
         "nor one of its boot arguments or keys", place(d->line), d->what, word);
}

static const char *expanded(const struct plan *p, const struct node *d, const char *template)
{
    const char *out = "";
    struct span left = span_of_str(template);
    for (;;) {
        size_t n = span_find(left, '$');
        out = text("%s%.*s", out, (int)n, (const char *)left.p);
        if (n == left.n)
            return out;
        left = span_skip(left, n + 1);
        for (n = 0; n < left.n && (isalnum(span_at(left, n)) || span_at(left, n) == '_'); n++)
            continue;
        out = text("%s%s", out, word_value(p, d, text_of_span(span_first(left, n))));
        left = span_skip(left, n);
        if (left.n == 0)
            return out;
    }
}

/* ---- Start */

static void variable(FILE *to, const struct plan *p, const struct node *d)
{
    const char *first = d->value ? expanded(p, d, d->value) : d->close ? "NULL" : NULL;
    fprintf(to, "    %s%s%s;\n", declared(d->c_type, d->variable), first ? " = " : "", first ? first : "");
}

static struct words steps(const struct plan *p, bool needs_random)
{
    struct words list = { 0 };
    if (needs_random)
        ADD(&list, "random_init()");
    for (size_t i = 0; i < p->devices.n; i++)
        if (AT(p->devices, i)->connect)
            ADD(&list, expanded(p, AT(p->devices, i), AT(p->devices, i)->connect));
    return list;
}

static const char *job_call(const struct plan *p)
{
    struct words devices = { 0 };
    for (size_t i = 0; i < p->job_devices.n; i++)
        ADD(&devices, AT(p->job_devices, i)->variable);
    return text("%s(%s)", p->graph->job.what, words_join(&devices, ", "));
}

/* A device that is its pointer is only there once it was connected. */
static void closing(FILE *to, const struct plan *p, const struct node *d)
{
    if (!d->state)
        fprintf(to, "    if (%s)\n    ", d->variable);
    fprintf(to, "    %s;\n", expanded(p, d, d->close));
}

static void tables_of_files(FILE *to, const struct plan *p)
{
    bool is_any = false;
    for (size_t i = 0; i < p->devices.n; i++) {
        const struct node *d = AT(p->devices, i);
        if (d->files)
            fprintf(to, "extern struct kv_files %s_files;%*s/* %s_files.c: the folder %s */\n", identifier(d->files), 8, "",
                    identifier(d->files), d->files);
        is_any = is_any || d->files;
    }
    if (is_any)
        fputc('\n', to);
}

static void start(FILE *to, const struct plan *p, bool needs_random)
{
    struct words order = steps(p, needs_random);
    bool must_close = false;
    fputs("\n/* ---- Start: every device once, behind those it needs, then the job */\n\n", to);
    tables_of_files(to, p);
    fputs("static err start(void)\n{\n", to);
    for (size_t i = 0; i < p->devices.n; i++)
        if (AT(p->devices, i)->state)
            fprintf(to, "    static %s;\n", declared(AT(p->devices, i)->state, text("%s_state", AT(p->devices, i)->variable)));
    for (size_t i = 0; i < p->devices.n; i++) {
        variable(to, p, AT(p->devices, i));
        must_close = must_close || AT(p->devices, i)->close;
    }
    if (p->devices.n > 0)
        fputc('\n', to);
    for (size_t i = 0; i < p->devices.n; i++)
        if (AT(p->devices, i)->init)
            fprintf(to, "    %s;\n", expanded(p, AT(p->devices, i), AT(p->devices, i)->init));
    for (size_t i = 0; i < order.n; i++)
        fprintf(to, !must_close ? "    TRY(%s);\n" : i == 0 ? "    err e = %s;\n" : "    if (e == OK)\n        e = %s;\n", AT(order, i));
    fprintf(to, must_close ? "    if (e == OK)\n        e = %s;\n" : "    return %s;\n", job_call(p));
    for (size_t i = p->devices.n; must_close && i > 0; i--)
        if (AT(p->devices, i - 1)->close)
            closing(to, p, AT(p->devices, i - 1));
    fputs(must_close ? "    return e;\n}\n" : "}\n", to);
}

/* ---- Parts of the file */

static void includes(FILE *to, const struct plan *p, bool needs_random)
{
    struct words headers = { 0 };
    for (size_t i = 0; i < p->devices.n; i++) {
        const struct node *d = AT(p->devices, i);
        words_add_once(&headers, d->connect_header ? d->connect_header : d->header);
    }
    if (needs_random)
        words_add_once(&headers, "lib/random/random.h");
    words_add_once(&headers, "runtime/bootarg_standard.h");
    words_add_once(&headers, "runtime/main.h");
    fprintf(to, "#include \"%s.h\"\n", p->graph->name);
    for (size_t i = 0; i < headers.n; i++)
        fprintf(to, "#include \"%s\"\n", AT(headers, i));
}

static void boot_arg(FILE *to, const struct boot_arg *a)
{
    const char *kind = same(a->kind, "port") ? "uint" : a->kind;
    fprintf(to, "    { .name = %s, ", c_literal(a->name));
    if (a->value_name)
        fprintf(to, ".value_name = %s, ", c_literal(a->value_name));
    if (a->fallback)
        fprintf(to, ".fallback = %s, ", c_literal(a->fallback));
    fputs(".kind = BOOTARG_", to);
    struct span s = span_of_str(kind);
    for (size_t i = 0; i < s.n; i++)
        fputc(toupper(span_at(s, i)), to);
    if (same(kind, "uint") && !same(a->min, "0"))
        fprintf(to, ", .min = %su", a->min);
    if (same(kind, "uint"))
        fprintf(to, ", .max = %s", same(a->max, "18446744073709551615") ? "UINT64_MAX" : text("%su", a->max));
    fprintf(to, ",\n      .doc = %s },\n", c_literal(a->doc));
}

static void boot_args(FILE *to, const struct plan *p)
{
    fputs("\n/* ---- Boot arguments */\n\n", to);
    if (p->args.n > 0) {
        fputs("enum {", to);
        for (size_t i = 0; i < p->args.n; i++)
            fprintf(to, "%s %s", i > 0 ? "," : "", boot_arg_index(AT(p->args, i)));
        fputs(" };\n", to);
    }
    fputs("static struct bootarg args[] = {\n", to);
    for (size_t i = 0; i < p->args.n; i++)
        boot_arg(to, AT(p->args, i));
    fputs("    BOOTARG_STANDARD,\n};\n", to);
    fprintf(to, "static struct bootarg_table arg_table = {\n    .program = %s,\n    .about = %s,\n", c_literal(p->graph->name),
            c_literal(p->graph->about ? p->graph->about : "a unikernel"));
    fputs("    .args = { args, NUM_OF(args) },\n};\n", to);
    for (size_t i = 0; i < p->job_args.n; i++) {
        const struct boot_arg *a = AT(p->job_args, i);
        fprintf(to, "\n%s\n{\n    return %s%s;\n}\n", boot_arg_accessor(a), same(a->kind, "port") ? "(uint16_t)" : "", boot_arg_value(a));
    }
}

void emit_main(const struct plan *p, const char *target, const struct components *linked)
{
    struct file f;
    const char *name = p->graph->name;
    bool needs_random = components_have(linked, "random");
    file_begin(&f, GENERATED_FOLDER "/main.c");
    fputs(emit_notice(text("main.c - starts the unikernel %s on %s.", name, target)), f.to);
    includes(f.to, p, needs_random);
    boot_args(f.to, p);
    start(f.to, p, needs_random);
    fprintf(f.to, "\nconst struct unikernel unikernel = { .name = %s, .args = &arg_table, .start = start };\n", c_literal(name));
    file_end(&f);
}
