// SPDX-License-Identifier: ISC
/* command_new.c - morgana new: a project from a template of the SDK. In names and texts of its files NAME, @NAME@ and @IDENTIFIER@
 * become those of the project. */
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/file.h"
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *template = "hello";

static const struct option options[] = {
    { 0, "template", "TEMPLATE", "hello, website or network; hello unless given", .value = &template },
};
static const struct options table = { options, NUM_OF(options) };

static const char *folder_of_templates(void)
{
    return text("%s/share/morgana/templates", sdk_folder());
}

static struct words names_in(const char *folder)
{
    struct words names = { 0 };
    DIR *d = opendir(folder);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (!begins(e->d_name, "."))
            ADD(&names, text("%s", e->d_name));
    if (d)
        closedir(d);
    return names;
}

static void write_replaced(FILE *to, struct span left, const char *word, const char *by, const char *next_word, const char *next_by)
{
    struct span wanted = span_of_str(word);
    while (left.n > 0) {
        size_t n = 0;
        while (n < left.n && !span_starts(span_skip(left, n), wanted))
            n++;
        struct span before = span_first(left, n);
        if (next_word)
            write_replaced(to, before, next_word, next_by, NULL, NULL);
        else
            (void)fwrite(before.p, 1, before.n, to);
        if (n < left.n)
            fputs(by, to);
        left = span_skip(left, n < left.n ? n + wanted.n : n);
    }
}

static void copy_file(const char *from, const char *to, const char *name)
{
    struct file f;
    struct stat st;
    file_begin(&f, to);
    write_replaced(f.to, file_read(from), "@NAME@", name, "@IDENTIFIER@", identifier(name));
    file_end(&f);
    if (!manner.is_dry && stat(from, &st) == 0 && (st.st_mode & 0100) && chmod(to, 0755) != 0)
        fail("cannot make %s a program: %s", to, strerror(errno));
}

static void copy_folder(const char *from, const char *to, const char *name)
{
    struct words names = names_in(from);
    folder_make(to);
    for (size_t i = 0; i < names.n; i++) {
        const char *inner = text("%s/%s", from, AT(names, i)), *file = AT(names, i);
        if (same(file, "NAME.c"))
            file = text("%s.c", name);
        if (folder_exists(inner))
            copy_folder(inner, text("%s/%s", to, file), name);
        else
            copy_file(inner, text("%s/%s", to, file), name);
    }
}

static void name_check(const char *name)
{
    static const struct span letters = TEXT_INIT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    static const struct span others = TEXT_INIT("0123456789-_");
    struct span s = span_of_str(name);
    bool good = s.n > 0;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = span_at(s, i);
        good = good && (span_find(letters, c) < letters.n || (i > 0 && span_find(others, c) < others.n));
    }
    if (!good)
        fail("new %s: choose a name of letters, digits, '-' and '_' that begins with a letter", name);
}

static int new(struct words args)
{
    struct words operands = { 0 }, rest = { 0 }, known = names_in(folder_of_templates());
    options_parse(&table, args, &operands, &rest, NULL);
    if (operands.n != 1)
        fail_usage("new takes one name, that of the project and of its folder");
    const char *name = AT(operands, 0);
    name_check(name);
    if (!words_have(&known, template))
        fail("there is no template %s: %s", template, words_hint(&known, template));
    if (file_exists(name))
        fail("%s is already here: choose another name", name);
    copy_folder(text("%s/%s", folder_of_templates(), template), name, name);
    tell("cd %s && morgana configure -t spt && make && morgana test", name);
    return 0;
}

const struct command command_new = {
    .name = "new", .synopsis = "new NAME [--template TEMPLATE]",
    .about = "makes a folder with a project to begin with", .run = new, .options = &table,
};
