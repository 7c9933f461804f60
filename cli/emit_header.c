// SPDX-License-Identifier: ISC
/* emit_header.c - NAME.h: the prototype of the job, the accessors of its boot arguments, the values of keys. */
#include "cli/emit.h"
#include "cli/file.h"
#include "cli/keys.h"

static void prototype(FILE *to, const struct plan *p)
{
    const struct node *job = &p->graph->job;
    fprintf(to, "/* The job: what runs once the devices are connected. */\nerr %s(", job->what);
    for (size_t i = 0; i < job->needs.n; i++) {
        const struct node *d = AT(p->job_devices, i);
        fprintf(to, "%s%s", i > 0 ? ", " : "", declared(d->c_type, d->variable));
    }
    fprintf(to, "%s);\n", job->needs.n == 0 ? "void" : "");
}

static void accessors(FILE *to, const struct plan *p)
{
    if (p->job_args.n > 0)
        fputs("\n/* Boot arguments, read before the job starts. */\n", to);
    for (size_t i = 0; i < p->job_args.n; i++) {
        const struct boot_arg *a = AT(p->job_args, i);
        const char *fallback = a->fallback ? text("; %s unless given", a->fallback) : same(a->kind, "flag") ? "" : "; must be given";
        fprintf(to, "%-40s /* --%s: %s%s */\n", text("%s;", boot_arg_accessor(a)), a->name, a->doc, fallback);
    }
}

static void keys(FILE *to, const struct plan *p)
{
    if (p->graph->keys.n > 0)
        fputs("\n/* Keys, as they were configured. */\n", to);
    for (size_t i = 0; i < p->graph->keys.n; i++) {
        const struct key *k = &AT(p->graph->keys, i);
        const char *value = key_literal(k, choices_key(p->choices, p->graph, k->name));
        fprintf(to, "%-39s /* --%s: %s (%s) */\n", text("#define KEY_%s %s", upper(identifier(k->name)), value), k->name, k->doc,
                key_values(k));
    }
}

void emit_header(const struct plan *p)
{
    struct file f;
    const char *name = p->graph->name, *guard = upper(identifier(name));
    struct words headers = { 0 };
    words_add_once(&headers, "base/err.h");
    for (size_t i = 0; i < p->job_devices.n; i++)
        words_add_once(&headers, AT(p->job_devices, i)->header);
    if (p->job_args.n > 0)
        words_add_once(&headers, "runtime/bootarg.h");
    file_begin(&f, text(GENERATED_FOLDER "/%s.h", name));
    fprintf(f.to, "%s#ifndef UNIKERNEL_%s_H\n#define UNIKERNEL_%s_H\n",
            emit_notice(text("%s.h - what the unikernel %s is given: its devices and its boot arguments.", name, name)), guard, guard);
    for (size_t i = 0; i < headers.n; i++)
        fprintf(f.to, "#include \"%s\"\n", AT(headers, i));
    fputc('\n', f.to);
    prototype(f.to, p);
    accessors(f.to, p);
    keys(f.to, p);
    fputs("\n#endif\n", f.to);
    file_end(&f);
}
