// SPDX-License-Identifier: ISC
/* sdk.c - finds the SDK and reads the manifests of its components. */
#include "cli/sdk.h"
#include "cli/file.h"
#include "cli/host.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>

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

/* ---- The CPU */

static const char *chosen_arch;

/* The BSDs and macOS have names of their own for it. */
static const char *host_arch(void)
{
    static struct utsname host;
    if (uname(&host) != 0)
        fail("the system does not say what its CPU is: %s", strerror(errno));
    return same(host.machine, "amd64") ? "x86_64" : same(host.machine, "arm64") ? "aarch64" : host.machine;
}

const char *sdk_arch(void)
{
    return chosen_arch ? chosen_arch : host_arch();
}

bool sdk_arch_is_host(void)
{
    return same(sdk_arch(), host_arch());
}

void sdk_choose_arch(const char *arch)
{
    static const char *const known[] = { "x86_64", "aarch64", "riscv64" };
    struct words built = { 0 };
    for (size_t i = 0; i < NUM_OF(known); i++)
        if (folder_exists(text("%s/lib/%s/product", sdk_folder(), known[i])))
            ADD(&built, known[i]);
    if (!words_have(&built, arch))
        fail("this SDK is not built for the CPU %s: make ARCH=%s there, or %s", arch, arch, words_hint(&built, arch));
    chosen_arch = arch;
}

/* "arch" is libarch-x86_64.a, "platform" is that of the target */
static const char *archive_of(const char *name, const char *target)
{
    if (same(name, "arch"))
        return text("arch-%s", sdk_arch());
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
        else if (same(word, "headers"))
            c->headers = words_split(value);
        else if (same(word, "packages"))
            c->packages = words_split(value);
        else if (same(word, "version"))
            c->version = value;
        else if (same(word, "license"))
            c->license = value;
        else if (same(word, "uses"))
            c->uses = words_split(value);
        else if (same(word, "libraries"))
            c->libraries = words_split(value);
        else if (same(word, "targets"))
            c->targets = words_split(value);
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

/* The folders in a folder, where it is one. */
static void folder_names(struct words *names, const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (file_exists(text("%s/%s/component", folder, e->d_name)))
            ADD(names, text("%s", e->d_name));
    if (d)
        closedir(d);
}

struct words sdk_targets(void)
{
    struct words all = names_in_share("platform-", ".component"), targets = { 0 };
    for (size_t i = 0; i < all.n; i++)
        if (!same(AT(all, i), "common") && !same(AT(all, i), "solo5"))
            ADD(&targets, AT(all, i));
    return targets;
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

/* ---- Finding */

static struct words search_path(void)
{
    struct words folders = { 0 };
    const char *path = getenv("MORGANA_PATH");
    struct span left = span_of_str(path ? path : "");
    ADD(&folders, "components");
    while (left.n > 0) {
        size_t n = span_find(left, ':');
        if (n > 0)
            ADD(&folders, text_of_span(span_first(left, n)));
        left = span_skip(left, n + 1);
    }
    return folders;
}

static bool find(struct component *c, const char *name, const char *target)
{
    struct words folders = search_path();
    struct span lines;
    *c = (struct component){ .name = name };
    for (size_t i = 0; i < folders.n; i++) {
        c->folder = text("%s/%s", AT(folders, i), name);
        if (file_try_read(text("%s/component", c->folder), &lines)) {
            component_parse(c, lines);
            return true;
        }
    }
    c->folder = NULL;
    c->archive = archive_of(name, target);
    if (!file_try_read(text("%s/share/morgana/%s.component", sdk_folder(), c->archive), &lines))
        return false;
    component_parse(c, lines);
    return true;
}

const char *component_complaint(const char *name, const char *target)
{
    struct component c;
    struct words known = names_in_share("", ".component"), folders = search_path();
    if (find(&c, name, target))
        return "";
    for (size_t i = 0; i < folders.n; i++)
        folder_names(&known, AT(folders, i));
    return text("there is no component %s: %s", name, words_hint(&known, name));
}

/* users: those on the way to this one. A component of somebody that is on its own way would never be ready. */
static void component_add(struct components *list, const char *name, const char *target, struct words users)
{
    struct component c;
    if (!find(&c, name, target))
        fail("%s, which %s uses", component_complaint(name, target), users.n > 0 ? AT(users, users.n - 1) : "config.c");
    if (c.folder && words_have(&users, name))
        fail("component %s uses itself, by way of %s", name, words_join(&users, ", "));
    if (components_have(list, c.archive ? c.archive : name) || components_have(list, name))
        return;
    struct words inner = { 0 };
    for (size_t i = 0; i < users.n; i++)
        ADD(&inner, AT(users, i));
    ADD(&inner, name);
    for (size_t i = 0; c.folder && i < c.uses.n; i++)
        if (words_have(&inner, AT(c.uses, i)))
            fail("component %s uses itself, by way of %s", AT(c.uses, i), words_join(&inner, ", "));
    if (c.archive)
        c.name = same(name, "arch") || same(name, "platform") ? name : c.archive;
    ADD(list, c);
    for (size_t i = 0; i < c.uses.n; i++)
        component_add(list, AT(c.uses, i), target, inner);
}

struct component component_read(const char *archive, const char *target)
{
    struct component c;
    (void)find(&c, archive, target);
    return c;
}

const char *component_license(const struct component *c)
{
    return c->license ? c->license : c->archive ? "ISC" : "NOASSERTION";
}

const char *component_archive_path(const struct component *c)
{
    return c->archive ? text("%s/lib/%s/product/lib%s.a", sdk_folder(), sdk_arch(), c->archive) : NULL;
}

struct components components_closure(const struct words *names, const char *target)
{
    struct components list = { 0 };
    for (size_t i = 0; i < names->n; i++)
        component_add(&list, AT(*names, i), target, (struct words){ 0 });
    return list;
}
