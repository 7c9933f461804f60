// SPDX-License-Identifier: ISC
/* sdk.c - finds the SDK and reads the manifests of its components. */
#include "cli/sdk.h"
#include "cli/file.h"
#include <dirent.h>
#include <stdlib.h>

static const char *folder_of(const char *path)
{
    struct span s = span_of_str(path);
    while (s.n > 0 && span_at(s, s.n - 1) != '/')
        s = span_first(s, s.n - 1);
    return s.n > 1 ? text_of_span(span_first(s, s.n - 1)) : ".";
}

const char *sdk_folder(void)
{
    const char *folder = getenv("MORGANA_SDK");
    if (!folder && own_program())
        folder = folder_of(folder_of(own_program()));
    if (!folder || !folder_exists(text("%s/share/morgana", folder)))
        fail("there is no SDK at %s: set MORGANA_SDK to the folder that `make` or `make install` filled",
             folder ? folder : "(unknown)");
    return folder;
}

/* "arch" is libarch-x86_64.a, "platform" is that of the target */
static const char *archive_of(const char *name, const char *target)
{
    if (same(name, "arch"))
        return "arch-" ARCH;
    return same(name, "platform") ? text("platform-%s", target) : name;
}

void component_parse(struct component *c, struct span lines)
{
    while (lines.n > 0) {
        size_t n = span_find(lines, '\n');
        struct span line = span_first(lines, n);
        size_t colon = span_find(line, ':');
        const char *word = text_of_span(span_first(line, colon));
        const char *value = text_of_span(span_skip(line, colon + 2));
        if (same(word, "kind"))
            c->kind = value;
        else if (same(word, "about"))
            c->about = value;
        else if (same(word, "version"))
            c->version = value;
        else if (same(word, "license"))
            c->license = value;
        else if (same(word, "uses"))
            c->uses = words_split(value);
        else if (same(word, "libraries"))
            c->libraries = words_split(value);
        lines = span_skip(lines, n + 1);
    }
}

static struct words names_in_share(const char *before, const char *after)
{
    struct words names = { 0 };
    DIR *d = opendir(text("%s/share/morgana", sdk_folder()));
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        struct span s = span_of_str(e->d_name);
        size_t around = strlen(before) + strlen(after);
        if (s.n > around && begins(e->d_name, before) && span_eq(span_skip(s, s.n - strlen(after)), span_of_str(after)))
            ADD(&names, text_of_span(span_sub(s, strlen(before), s.n - around)));
    }
    if (d)
        closedir(d);
    return names;
}

struct words sdk_targets(void)
{
    struct words all = names_in_share("platform-", ".component"), targets = { 0 };
    for (size_t i = 0; i < all.n; i++)
        if (!same(AT(all, i), "common"))
            ADD(&targets, AT(all, i));
    return targets;
}

static bool is_in(const struct components *list, const char *archive)
{
    for (size_t i = 0; i < list->n; i++)
        if (same(AT(*list, i).archive, archive))
            return true;
    return false;
}

bool components_have(const struct components *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (same(AT(*list, i).name, name))
            return true;
    return false;
}

bool components_have_libraries(const struct components *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (AT(*list, i).libraries.n > 0)
            return true;
    return false;
}

static void component_add(struct components *list, const char *name, const char *target, const char *user)
{
    struct component c = { .name = name, .archive = archive_of(name, target) };
    struct span lines;
    if (is_in(list, c.archive))
        return;
    if (!file_try_read(text("%s/share/morgana/%s.component", sdk_folder(), c.archive), &lines)) {
        struct words known = names_in_share("", ".component");
        fail("there is no component %s, which %s uses: %s", name, user, words_hint(&known, name));
    }
    component_parse(&c, lines);
    ADD(list, c);
    for (size_t i = 0; i < c.uses.n; i++)
        component_add(list, AT(c.uses, i), target, name);
}

struct component component_read(const char *archive, const char *target)
{
    struct component c = { .name = archive, .archive = archive_of(archive, target) };
    struct span lines;
    if (file_try_read(text("%s/share/morgana/%s.component", sdk_folder(), c.archive), &lines))
        component_parse(&c, lines);
    return c;
}

const char *component_archive_path(const struct component *c)
{
    return text("%s/lib/" ARCH "/product/lib%s.a", sdk_folder(), c->archive);
}

struct components components_closure(const struct words *names, const char *target)
{
    struct components list = { 0 };
    for (size_t i = 0; i < names->n; i++)
        component_add(&list, AT(*names, i), target, "config.c");
    return list;
}
