// SPDX-License-Identifier: ISC
#include "cli/lock.h"
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/origin.h"
#include "cli/target.h"
#include <dirent.h>
#include <stdlib.h>

static void add(struct words *lines, const char *target, const char *kind, const char *path)
{
    struct span s = span_of_str(path);
    size_t from = s.n;
    while (from > 0 && span_at(s, from - 1) != '/')
        from--;
    const char *line = text("%s %s %s %s", target, kind, text_of_span(span_skip(s, from)), digest_of_file(path));
    struct origin o = begins(path, "/usr/") ? origin_of(path) : (struct origin){ 0 };
    ADD(lines, o.package ? text("%s %s %s", line, o.package, o.version) : line);
}

/* For another CPU than the host's the SDK has the C library itself. */
static bool is_cross(void)
{
    return folder_exists(text("%s/lib/%s/sysroot", sdk_folder(), sdk_arch()));
}
static const char *sysroot(void)
{
    return is_cross() ? text("%s/lib/%s/sysroot", sdk_folder(), sdk_arch()) : "";
}

/* Where the compiler has a file of its own or of the system. */
static const char *compiler_file(const char *name)
{
    struct words argv = words_split(is_cross() ? text("%s-linux-gnu-gcc", sdk_arch()) : "gcc");
    struct span said;
    ADD(&argv, text("-print-file-name=%s", name));
    if (run_quietly(&argv, &said) != 0 || said.n < 2)
        fail("gcc does not say where %s is: install it", name);
    const char *path = text_of_span(span_first(said, said.n - 1)), *real = realpath(path, NULL);
    return real ? real : path;
}

static int by_bytes(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    return strcmp(*left, *right);
}

static void sort(struct words *w)
{
    if (w->n > 0)
        qsort(w->p, w->n, sizeof *w->p, by_bytes);
}

/* One digest for all headers under a folder. */
static void header_digests(struct words *digests, const char *folder, const char *before)
{
    DIR *d = opendir(folder);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        const char *path = text("%s/%s", folder, e->d_name), *name = text("%s/%s", before, e->d_name);
        if (begins(e->d_name, "."))
            continue;
        if (folder_exists(path))
            header_digests(digests, path, name);
        else
            ADD(digests, text("%s %s", name, digest_of_file(path)));
    }
    if (d)
        closedir(d);
}

static const char *headers(void)
{
    struct words digests = { 0 };
    header_digests(&digests, text("%s/include/morgana", sdk_folder()), "");
    sort(&digests);
    return digest_of_bytes(span_of_str(words_join(&digests, "\n")));
}

static struct words inputs(const struct project *p)
{
    const char *target = p->choices.target, *sdk = sdk_folder();
    struct words lines = { 0 };
    struct plan *plan = graph_plan(p->graph, &p->choices);
    struct components linked = plan_components(plan, target);
    for (size_t i = 0; i < linked.n; i++) {
        const char *archive = component_archive_path(&AT(linked, i));
        if (archive && file_exists(archive))
            add(&lines, target, "component", archive);
        const struct words *libraries = &AT(linked, i).libraries;
        for (size_t j = 0; j < libraries->n; j++)
            add(&lines, target, "library", compiler_file(text("lib%s.a", AT(*libraries, j))));
    }
    for (size_t i = 0; i < plan->libraries.n; i++)
        if (!folder_exists(AT(plan->libraries, i)))
            add(&lines, target, "library", AT(plan->libraries, i));
    const char *script = text("%s/lib/%s/%s.lds", sdk, sdk_arch(), target);
    if (file_exists(script))
        add(&lines, target, "layout", script);
    if (!target_of(target).is_hosted) {
        add(&lines, target, "library", text("%s/usr/lib/%s-linux-musl/libc.a", sysroot(), sdk_arch()));
        add(&lines, target, "library", compiler_file("libgcc.a"));
    }
    add(&lines, target, "compiler", compiler_file("cc1"));
    ADD(&lines, text("%s headers morgana %s", target, headers()));
    ADD(&lines, text("%s version morgana %s", target, morgana_version()));
    sort(&lines);
    struct words once = { 0 };
    for (size_t i = 0; i < lines.n; i++)
        words_add_once(&once, AT(lines, i));
    return once;
}

/* The lines of the file that are of this target, or those that are not. */
static struct words locked(const char *target, bool is_of_target)
{
    struct words lines = { 0 };
    struct span left;
    if (!file_try_read(LOCK_FILE, &left))
        return lines;
    while (left.n > 0) {
        struct span line = span_first(left, span_find(left, '\n'));
        const char *word = text_of_span(line);
        left = span_skip(left, line.n + 1);
        if (line.n > 0 && !begins(word, "#") && begins(word, text("%s ", target)) == is_of_target)
            ADD(&lines, word);
    }
    return lines;
}

void lock_write(const struct project *p)
{
    struct file f;
    struct words lines = locked(p->choices.target, false), fresh = inputs(p);
    for (size_t i = 0; i < fresh.n; i++)
        ADD(&lines, AT(fresh, i));
    sort(&lines);
    file_begin(&f, LOCK_FILE);
    fprintf(f.to, "# morgana.lock - what the image of %s is built from. Written by `morgana lock`; builds refuse anything else.\n",
            p->graph->name);
    for (size_t i = 0; i < lines.n; i++)
        fprintf(f.to, "%s\n", AT(lines, i));
    file_end(&f);
}

/* Kind and name of a line */
static const char *what(const char *line)
{
    struct words w = words_split(line);
    return text("%s %s", AT(w, 1), AT(w, 2));
}

void lock_check(const struct project *p)
{
    struct words old = locked(p->choices.target, true), fresh = inputs(p);
    if (old.n == 0)
        fail(LOCK_FILE " says nothing of the target %s: morgana lock adds it", p->choices.target);
    for (size_t i = 0; i < fresh.n; i++)
        if (!words_have(&old, AT(fresh, i)))
            fail("%s is not the one that " LOCK_FILE " names: get that one back, or accept this one with morgana lock", what(AT(fresh, i)));
    for (size_t i = 0; i < old.n; i++)
        if (!words_have(&fresh, AT(old, i)))
            fail("%s of " LOCK_FILE " is no longer linked: accept that with morgana lock", what(AT(old, i)));
}
