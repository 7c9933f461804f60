// SPDX-License-Identifier: ISC
/* map.c - reads ld's map. Behind "Linker script and memory map" stand the output sections (at the start of a line, with
 * address and size) and in each its input sections (after one blank, with address, size and file; a long name has a line
 * of its own). */
#include "cli/map.h"
#include "cli/file.h"
#include "cli/sdk.h"
#include <stdlib.h>

struct reader {
    struct map map;
    const char *section;            /* the output section; NULL: it is not loaded */
    bool is_section_line_open, is_input_line_open;
};

static size_t *use_of(struct bytes_by_use *b, const char *section)
{
    static const struct { const char *begins; size_t offset; } uses[] = {
        { ".text", 0 }, { ".init_array", 2 }, { ".fini_array", 2 }, { ".init", 0 }, { ".fini", 0 }, { ".plt", 0 }, { ".iplt", 0 },
        { ".data", 2 }, { ".got", 2 }, { ".igot", 2 }, { ".tdata", 2 }, { ".dynamic", 2 },
        { ".bss", 3 }, { ".stacks", 3 }, { ".tbss", 3 }, { "COMMON", 3 },
    };
    size_t *const fields[] = { &b->code, &b->constants, &b->data, &b->zeroed };
    for (size_t i = 0; i < NUM_OF(uses); i++)
        if (begins(section, uses[i].begins))
            return fields[uses[i].offset];
    return fields[1];
}

static const char *last_of(const char *path)
{
    struct span s = span_of_str(path);
    size_t from = s.n;
    while (from > 0 && span_at(s, from - 1) != '/')
        from--;
    return text_of_span(span_skip(s, from));
}

static bool ends(const char *s, const char *with)
{
    size_t n = strlen(s), m = strlen(with);
    return n >= m && span_eq(span_skip(span_of_str(s), n - m), span_of_str(with));
}

/* Where an object file of the project comes from. */
static struct part part_of_object(const char *file)
{
    static const char *const generated[] = { "main.o", "stacks.o", "manifest.o", "components.o" };
    const char *name = last_of(file);
    if (!begins(file, ".morgana/"))
        return (struct part){ .name = "crt", .path = file, .kind = PART_OTHER };
    for (size_t i = 0; i < NUM_OF(generated); i++)
        if (same(name, generated[i]))
            return (struct part){ .name = "generated", .kind = PART_GENERATED };
    if (ends(name, "_files.o"))
        return (struct part){ .name = "files", .kind = PART_FILES };
    return (struct part){ .name = "program", .kind = PART_PROGRAM };
}

/* "/usr/lib/libz.a" is libz; /usr/lib/x86_64-linux-musl/libc.a is musl */
static struct part part_of_archive(const char *archive)
{
    const char *name = last_of(archive);
    bool is_ours = begins(archive, text("%s/lib/", sdk_folder()));
    struct span bare = span_of_str(name);
    bare = span_first(bare, bare.n - 2);
    if (is_ours)
        bare = span_skip(bare, 3);
    const char *shown = !is_ours && same(name, "libc.a") ? "musl" : text_of_span(bare);
    return (struct part){ .name = shown, .path = archive, .kind = is_ours ? PART_COMPONENT : PART_OTHER };
}

static struct part *part_for(struct map *m, const struct part *wanted)
{
    for (size_t i = 0; i < m->parts.n; i++)
        if (same(AT(m->parts, i).name, wanted->name))
            return &AT(m->parts, i);
    ADD(&m->parts, *wanted);
    return &AT(m->parts, m->parts.n - 1);
}

static struct member *member_for(struct part *p, const char *name)
{
    for (size_t i = 0; i < p->members.n; i++)
        if (same(AT(p->members, i).name, name))
            return &AT(p->members, i);
    ADD(&p->members, (struct member){ .name = name });
    return &AT(p->members, p->members.n - 1);
}

static void add(struct reader *r, size_t num_bytes, const char *file)
{
    struct span s = span_of_str(file);
    size_t parenthesis = span_find(s, '(');
    const char *archive = text_of_span(span_first(s, parenthesis));
    bool is_member = parenthesis < s.n && ends(archive, ".a");
    struct part wanted = is_member ? part_of_archive(archive) : part_of_object(file);
    const char *name = is_member ? text_of_span(span_sub(s, parenthesis + 1, s.n - parenthesis - 2)) : last_of(file);
    struct part *part = part_for(&r->map, &wanted);
    struct member *member = member_for(part, name);
    *use_of(&member->bytes, r->section) += num_bytes;
    *use_of(&part->bytes, r->section) += num_bytes;
    *use_of(&r->map.bytes, r->section) += num_bytes;
}

static void map_line(struct reader *r, const char *line)
{
    struct words w = words_split(line);
    bool is_output = begins(line, "."), is_input = begins(line, " .") || begins(line, " COMMON");
    if (is_output) {
        r->section = AT(w, 0);
        r->is_section_line_open = w.n == 1;
    }
    size_t at = is_output || is_input;              /* of the address */
    bool has_numbers = w.n >= at + 2 && begins(AT(w, at), "0x") && begins(AT(w, at + 1), "0x");
    if (has_numbers && (is_output || r->is_section_line_open)) {
        if (strtoull(AT(w, at), NULL, 16) == 0)
            r->section = NULL;
        r->is_section_line_open = false;
    } else if (has_numbers && (is_input || r->is_input_line_open) && r->section && w.n >= at + 3) {
        size_t num_bytes = strtoull(AT(w, at + 1), NULL, 16);
        if (num_bytes > 0 && !begins(AT(w, at + 2), "("))
            add(r, num_bytes, AT(w, at + 2));
    }
    r->is_input_line_open = is_input && w.n == 1;
}

static int by_size(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    size_t left = in_image(&x->bytes), right = in_image(&y->bytes);
    return left != right ? (left < right) - (left > right) : strcmp(x->name, y->name);
}

static int by_member_size(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    size_t left = in_image(&x->bytes), right = in_image(&y->bytes);
    return left != right ? (left < right) - (left > right) : strcmp(x->name, y->name);
}

struct map map_read(const char *path)
{
    struct reader r = { 0 };
    struct span left = file_read(path);
    bool has_begun = false;
    while (left.n > 0) {
        struct span line = span_first(left, span_find(left, '\n'));
        left = span_skip(left, line.n + 1);
        if (has_begun && line.n > 0)
            map_line(&r, text_of_span(line));
        has_begun = has_begun || span_eq(line, TEXT("Linker script and memory map"));
    }
    if (r.map.parts.n == 0)
        fail("%s is no map of ld", path);
    qsort(r.map.parts.p, r.map.parts.n, sizeof *r.map.parts.p, by_size);
    for (size_t i = 0; i < r.map.parts.n; i++) {
        struct part *p = &AT(r.map.parts, i);
        qsort(p->members.p, p->members.n, sizeof *p->members.p, by_member_size);
    }
    return r.map;
}
